/** What webhooks were told is removed after thirty days, with all that was written down of it; nothing else is. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as Postgres from "../../src/postgres/index.ts"
import { freshPostgres } from "./freshPostgres.ts"

/** More than one statement removes. */
const OLD = 5001

const fill = (days: number, count: number, from: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const at = sql`now() - ${days} * interval '1 day'`
    yield* sql`
      INSERT INTO sms.webhook_events (account_id, event_id, body, created_at)
      SELECT 1, n, '{}', ${at} FROM generate_series(${from}::int, ${from + count - 1}::int) AS n
    `
    yield* sql`
      INSERT INTO sms.webhook_deliveries (
        account_id, webhook_id, delivery_id, event_id, type, state, tries, attempts, created_at
      )
      SELECT 1, 1, n, n, 'sms.sent', 'succeeded', 1, 1, ${at}
      FROM generate_series(${from}::int, ${from + count - 1}::int) AS n
    `
    yield* sql`
      INSERT INTO sms.webhook_attempts (account_id, webhook_id, delivery_id, attempt, at, status, duration_ms)
      SELECT 1, 1, n, 1, ${at}, 200, 5 FROM generate_series(${from}::int, ${from + count - 1}::int) AS n
    `
  })

layer(freshPostgres, { timeout: 60_000, excludeTestServices: true })("housekeeping", (it) => {
  it.effect("removes deliveries after 30 days, and their events when none can need them any more", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* fill(32, OLD, 1)
      yield* fill(30.5, 10, 100_001)
      yield* fill(29, 10, 200_001)
      yield* Postgres.keepHouse
      const [left] = yield* sql`
        SELECT (SELECT count(*)::int FROM sms.webhook_events) AS events,
          (SELECT count(*)::int FROM sms.webhook_deliveries) AS deliveries,
          (SELECT count(*)::int FROM sms.webhook_attempts) AS attempts
      `
      assert.deepStrictEqual(left, { events: 20, deliveries: 10, attempts: 10 })
    })
  )
})
