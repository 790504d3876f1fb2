/** One page of an account's messages, newest first; each filter has an index that ends in the order of the page. */
import type { AccountId, MessageQuery } from "@cliqtel/sms-core"
import type { SqlClient } from "effect/sql"
import type { MessageRow } from "./MessageRow.ts"
import { timestamp } from "./Rows.ts"

export const messagePage = (sql: SqlClient.SqlClient, account: AccountId, query: MessageQuery) => {
  const { after, direction, from, limit, numberId, since, status, to, until } = query
  const filters = [sql`account_id = ${account}`]
  if (direction !== undefined) filters.push(sql`direction = ${direction}`)
  if (numberId !== undefined) filters.push(sql`number_id = ${numberId}`)
  if (status !== undefined) filters.push(sql`status = ${status}`)
  if (to !== undefined) filters.push(sql`to_number = ${to}`)
  if (from !== undefined) filters.push(sql`from_number = ${from}`)
  if (since !== undefined) filters.push(sql`created_at >= ${timestamp(since)}`)
  if (until !== undefined) filters.push(sql`created_at < ${timestamp(until)}`)
  if (after !== undefined) {
    // The first of the two prunes partitions, which a row comparison alone does not.
    filters.push(sql`created_at <= ${timestamp(after.createdAt)}`)
    filters.push(sql`(created_at, message_id) < (${timestamp(after.createdAt)}, ${after.id})`)
  }
  return sql<MessageRow>`
    SELECT * FROM sms.messages WHERE ${sql.and(filters)} ORDER BY created_at DESC, message_id DESC LIMIT ${limit}
  `
}
