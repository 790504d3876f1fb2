/** What is of no use any more is removed, however much there is of it, and nothing sooner. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as Postgres from "../../src/postgres/index.ts"
import { freshPostgres } from "./freshPostgres.ts"

/** More than two statements remove. */
const OLD = 12_000

/** How many hours what is of each table is kept, and how a row of so many hours ago is made; `n` is its number. */
const KEPT = {
  idempotency_keys: [
    24,
    "(account_id, key, fingerprint, answer, created_at) SELECT 1, n::text, 'f', '{}', now() - $1 * interval '1 hour'"
  ],
  receipts: [
    7 * 24,
    "(carrier, event_id, ref, names_message, status, received_at) SELECT 'c', n::text, 'r', false, 'sent', now() - $1 * interval '1 hour'"
  ],
  carrier_refs: [
    30 * 24,
    "(carrier, ref, part_ref, account_id, message_id, created_at) SELECT 'c', n::text, 'r', 1, 1, now() - $1 * interval '1 hour'"
  ],
  inbound_events: [7 * 24, "(carrier, event_id, received_at) SELECT 'c', n::text, now() - $1 * interval '1 hour'"],
  inbound_dead_letters: [
    30 * 24,
    `(reason, carrier, event_id, sender, recipient, body, encoding, received_at)
     SELECT 'r', 'c', n::text, 's', 'p', 'b', 'GSM-7', now() - $1 * interval '1 hour'`
  ]
} as const

const count = (table: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const [row] = yield* sql.unsafe<{ readonly count: number }>(`SELECT count(*)::int AS count FROM sms.${table}`)
    return row?.count
  })

layer(freshPostgres, { timeout: 60_000, excludeTestServices: true })("housekeeping", (it) => {
  for (const [table, [hours, columns]] of Object.entries(KEPT)) {
    it.effect(`removes all of ${table} that is older than ${hours} hours`, () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const fill = (age: number, from: number, to: number) =>
          sql.unsafe(`INSERT INTO sms.${table} ${columns} FROM generate_series($2::int, $3::int) AS n`, [age, from, to])
        yield* fill(hours + 0.1, 1, OLD)
        yield* fill(hours - 0.1, OLD + 1, OLD + 10)
        yield* Postgres.keepHouse
        assert.strictEqual(yield* count(table), 10)
      })
    )
  }

  it.effect("keeps a receipt that still waits for its message, however old it is", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`DELETE FROM sms.receipts`
      yield* sql`
        INSERT INTO sms.receipts (carrier, event_id, ref, names_message, status, received_at, due_at)
        VALUES ('c', 'waits', 'r', false, 'sent', now() - interval '40 days', now())
      `
      yield* Postgres.keepHouse
      assert.strictEqual(yield* count("receipts"), 1)
    })
  )
})
