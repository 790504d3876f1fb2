/** Accounts' events, as JSON; a row's id rises with its place in what was appended. */
import { AccountEvent, EventLog } from "@cliqtel/sms-core"
import { Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { int8s, texts, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, instant, integer } from "./Rows.ts"

interface EventRow {
  readonly account_id: bigint
  readonly event_id: bigint
  readonly data: unknown
  readonly created_at: Date
}

const codec = Schema.toCodecJson(AccountEvent)
const encode = Schema.encodeSync(Schema.fromJsonString(codec))
const decode = Schema.decodeUnknownEffect(codec)

export const layerEventLog = Layer.effect(
  EventLog,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return EventLog.of({
      append: (events) =>
        events.length === 0
          ? Effect.void
          : sql`
              INSERT INTO sms.account_events (account_id, type, data, created_at)
              SELECT account_id, type, data::jsonb, created_at FROM unnest(
                ${int8s(events.map((one) => one.accountId))}, ${texts(events.map(({ event }) => event.type))},
                ${texts(events.map(({ event }) => encode(event)))}, ${timestamps(events.map((one) => one.at))}
              ) WITH ORDINALITY AS event (account_id, type, data, created_at, position) ORDER BY position
            `.pipe(orDefect, Effect.asVoid),

      page: Effect.fnUntraced(function* (account, { after = 0, limit }) {
        const rows = yield* sql<EventRow>`
          SELECT account_id, event_id, data, created_at FROM sms.account_events
          WHERE account_id = ${account} AND event_id > ${after} ORDER BY event_id LIMIT ${limit}
        `.pipe(orDefect)
        return yield* Effect.forEach(rows, storedOf)
      })
    })
  })
)

/** What was appended under another version of the schema is a defect. */
const storedOf = (row: EventRow) =>
  Effect.orDie(decode(row.data)).pipe(
    Effect.map((event) => ({
      id: integer(row.event_id),
      accountId: accountId(row.account_id),
      at: instant(row.created_at),
      event
    }))
  )
