/** Events for webhooks. Accounts without an endpoint cost one look-up; only what somebody wants is written as JSON. */
import { eventBody, MAX_WEBHOOKS, Outbox, subjectOf, type Wanted, wants } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int8s, texts, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { readTogether } from "./Together.ts"

interface EndpointRow {
  readonly account_id: bigint
  readonly webhook_id: bigint
  readonly events: ReadonlyArray<Wanted>
}

export const layerOutbox = Layer.effect(
  Outbox,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return Outbox.of({
      put: Effect.fnUntraced(function* (events) {
        const accounts = [...new Set(events.map((one) => one.accountId))]
        const endpoints = yield* readTogether<EndpointRow>(sql, "endpoints", {
          columns: ["account_id", "webhook_id", "events"],
          rows: sql`
            SELECT webhook.* FROM unnest(${int8s(accounts)}) AS told (account_id),
            -- The limit has each account looked up by the key, however few endpoints there seem to be.
            LATERAL (
              SELECT account_id, webhook_id, events FROM sms.webhooks webhook
              WHERE webhook.account_id = told.account_id AND enabled LIMIT ${2 * MAX_WEBHOOKS}
            ) webhook
            ORDER BY webhook_id
          `
        })
        const told = events.flatMap((one) => {
          const to = endpoints.filter(
            (row) =>
              Number(row.account_id) === one.accountId && wants({ enabled: true, events: row.events }, one.event.type)
          )
          return to.length === 0 ? [] : [{ one, to }]
        })
        if (told.length === 0) return 0
        const wanted = told.flatMap(({ to }, i) => to.map((row) => ({ position: i + 1, webhookId: row.webhook_id })))
        yield* sql`
          WITH told AS MATERIALIZED (
            SELECT nextval('sms.webhook_event_ids') AS event_id, position, account_id, type, subject, body, created_at
            FROM (
              SELECT * FROM unnest(
                ${int8s(told.map(({ one }) => one.accountId))}, ${texts(told.map(({ one }) => one.event.type))},
                ${int8s(told.map(({ one }) => subjectOf(one)))}, ${texts(told.map(({ one }) => eventBody(one)))},
                ${timestamps(told.map(({ one }) => one.at))}
              ) WITH ORDINALITY AS event (account_id, type, subject, body, created_at, position) ORDER BY position
            ) event
          ), kept AS (
            INSERT INTO sms.webhook_events (account_id, event_id, body, created_at)
            SELECT account_id, event_id, body, created_at FROM told
          )
          INSERT INTO sms.webhook_deliveries (
            account_id, webhook_id, event_id, type, subject, state, tries, attempts, created_at
          )
          SELECT account_id, webhook_id, event_id, type, subject, 'ready', 0, 0, created_at
          FROM told JOIN unnest(
            ${int8s(wanted.map((one) => one.position))}, ${int8s(wanted.map((one) => one.webhookId))}
          ) AS wanted (position, webhook_id) USING (position)
          ORDER BY event_id, webhook_id
        `.pipe(orDefect)
        return wanted.length
      })
    })
  })
)
