/**
 * The feed of changes: rows of sms.timeline in the order of the transactions that wrote them (migration 0007). A row is
 * told once its transaction is older than every one that is still writing, since those could yet commit a row before it.
 */
import { ChangeFeed, FEED_MILLIS, type MessageChange, messageAt } from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int4s, int8s, texts } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { entryOf, messageOf, type MessageRow, type TimelineRow } from "./MessageRow.ts"
import { timestamp } from "./Rows.ts"

/** Messages are made by hosts whose clocks agree to within far less: later months need not be looked through. */
const AHEAD_MILLIS = 60 * 60 * 1000

export const layerChangeFeed = Layer.effect(
  ChangeFeed,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return ChangeFeed.of({
      now: sql<{ readonly unit: string }>`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS unit`.pipe(
        orDefect,
        Effect.map(([row]) => ({ unit: BigInt(row?.unit ?? 0), messageId: 0, seq: 0 }))
      ),

      since: Effect.fnUntraced(function* (asks, limit) {
        const now = yield* Clock.currentTimeMillis
        const rows = yield* sql<MessageRow & TimelineRow & { readonly unit: string }>`
          SELECT message.*, entry.xact::text AS unit, entry.seq, entry.status AS entry_status, entry.at, entry.source,
            entry.detail, entry.changed
          FROM unnest(
            ${int8s(asks.map(({ accountId }) => accountId))}, ${texts(asks.map(({ after }) => String(after.unit)))},
            ${int8s(asks.map(({ after }) => after.messageId))}, ${int4s(asks.map(({ after }) => after.seq))}
          ) WITH ORDINALITY AS asked (account_id, unit, message_id, seq, place)
          CROSS JOIN LATERAL sms.changes_after(
            asked.account_id, asked.unit::xid8, asked.message_id, asked.seq,
            ${timestamp(now - FEED_MILLIS)}, ${timestamp(now + AHEAD_MILLIS)}, ${limit}
          ) AS entry
          JOIN sms.messages message ON message.account_id = entry.account_id
            AND message.created_at = entry.message_created_at AND message.message_id = entry.message_id
          ORDER BY asked.place, entry.xact, entry.message_id, entry.seq
        `.pipe(orDefect)
        return rows.map(changeOf)
      })
    })
  })
)

const changeOf = (row: MessageRow & TimelineRow & { readonly unit: string }): MessageChange => {
  const message = messageOf(row)
  return {
    accountId: message.accountId,
    position: { unit: BigInt(row.unit), messageId: message.id, seq: row.seq },
    message: messageAt(message, entryOf(row)),
    created: row.seq === 1
  }
}
