/**
 * One page of an account's messages, newest first; each filter has an index that ends in the order of the page. The one
 * by status is a table of its own, since an index of sms.messages would be written with each change (migration 0004).
 */
import type { AccountId, MessageQuery } from "@cliqtel/sms-core"
import type { SqlClient, Statement } from "effect/sql"
import type { MessageRow } from "./MessageRow.ts"
import { timestamp } from "./Rows.ts"

export const messagePage = (sql: SqlClient.SqlClient, account: AccountId, query: MessageQuery) => {
  const { after, contact, direction, from, limit, numberId, since, status, to, until } = query
  const filters = []
  if (direction !== undefined) filters.push(sql`direction = ${direction}`)
  if (numberId !== undefined) filters.push(sql`number_id = ${numberId}`)
  if (to !== undefined) filters.push(sql`to_number = ${to}`)
  if (from !== undefined) filters.push(sql`from_number = ${from}`)

  const bounds = [sql`account_id = ${account}`]
  if (since !== undefined) bounds.push(sql`created_at >= ${timestamp(since)}`)
  if (until !== undefined) bounds.push(sql`created_at < ${timestamp(until)}`)
  if (after !== undefined) {
    // The first of the two prunes partitions, which a row comparison alone does not.
    bounds.push(sql`created_at <= ${timestamp(after.createdAt)}`)
    bounds.push(sql`(created_at, message_id) < (${timestamp(after.createdAt)}, ${after.id})`)
  }

  const order = sql`ORDER BY created_at DESC, message_id DESC LIMIT ${limit}`
  const page = (filters: ReadonlyArray<Statement.Fragment>) => {
    if (status === undefined) {
      return sql<MessageRow>`SELECT * FROM sms.messages WHERE ${sql.and([...bounds, ...filters])} ${order}`
    }
    const ofStatus = sql`
      SELECT account_id, created_at, message_id FROM sms.message_statuses
      WHERE status = ${status} AND ${sql.and(bounds)}
    `
    return filters.length === 0
      ? sql<MessageRow>`
          SELECT message.* FROM (${ofStatus} ${order}) AS kept
          JOIN sms.messages message USING (account_id, created_at, message_id)
          ORDER BY created_at DESC, message_id DESC
        `
      : sql<MessageRow>`
          SELECT message.* FROM (${ofStatus}) AS kept
          JOIN sms.messages message USING (account_id, created_at, message_id)
          WHERE ${sql.and(filters)} ${order}
        `
  }
  if (contact === undefined) return page(filters)

  // Each direction has an index of its own; the page is among the newest of both.
  const towards = page([...filters, sql`to_number = ${contact}`])
  // Without what a number wrote to itself: that is among the others already.
  const away = page([...filters, sql`from_number = ${contact}`, sql`to_number <> ${contact}`])
  return sql<MessageRow>`SELECT * FROM ((${towards}) UNION ALL (${away})) AS either ${order}`
}
