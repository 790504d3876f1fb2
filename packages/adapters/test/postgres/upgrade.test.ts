/** A database from before a migration keeps what it holds, and hosts that are at work hold up a migration for a while only. */
import { AccountId, Accounts, ChangeFeed, EUR, MessageStore, Micros, NumberId, NumberRegistry } from "@cliqtel/sms-core"
import { assert, it } from "@effect/vitest"
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { PgClient } from "@effect/sql-pg"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { Migrator, SqlClient } from "effect/sql"
import { readdirSync, readFileSync } from "node:fs"
import { inject } from "vitest"
import * as Postgres from "../../src/postgres/index.ts"

const MIGRATIONS = new URL("../../src/postgres/migrations/", import.meta.url)

/** As the version of this number left it. */
const migrateTo = (last: string) =>
  Migrator.make({})({
    loader: Migrator.fromRecord(
      Object.fromEntries(
        readdirSync(MIGRATIONS)
          .filter((file) => file.slice(0, last.length) <= last)
          .map((file) => [
            file.slice(0, -".sql".length),
            Effect.flatMap(SqlClient.SqlClient, (sql) =>
              Effect.forEach(
                Postgres.statementsOf(readFileSync(new URL(file, MIGRATIONS), "utf8")),
                (statement) => sql.unsafe(statement),
                { discard: true }
              )
            )
          ])
      )
    ),
    table: "sms_migrations"
  })

const migrateFirst = migrateTo("0001")

const PAID_UNTIL = Date.UTC(2026, 4, 31, 12)
const CREATED = Date.UTC(2026, 3, 30, 12)

const number = Effect.fnUntraced(function* (status: string, state: string, paidUntil: number | null) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly number_id: bigint }>`
    INSERT INTO sms.numbers (
      account_id, number, country, type, status, carrier, currency, monthly_price, sms_state, sms_monthly_price,
      sms_paid_until, created_at
    )
    SELECT 1, '+' || 31610000000 + count(*), 'NL', 'mobile', ${status}, 'sandbox', 'EUR', 0, ${state}, 750000,
      ${paidUntil === null ? null : new Date(paidUntil)}::timestamptz, ${new Date(CREATED)}::timestamptz
    FROM sms.numbers RETURNING number_id
  `
  return NumberId.make(Number(row?.number_id))
})

const upgraded = Layer.unwrap(
  Effect.map(freshDatabase(inject("postgresUrl")), (url) =>
    Postgres.layer.pipe(
      // No host waits for ever, so no migration does either.
      Layer.provideMerge(PgClient.layer({ url, maxConnections: 4, startupParameters: { lock_timeout: "50ms" } }))
    )
  )
)

it.live("what was paid for before there were renewals goes on where it ends", () =>
  Effect.gen(function* () {
    yield* migrateFirst
    const sql = yield* SqlClient.SqlClient
    yield* sql`INSERT INTO sms.accounts (name, mode, created_at) VALUES ('before', 'live', now())`
    yield* sql`
      INSERT INTO sms.wallets (account_id, currency, balance, per_second, bucket_level, bucket_at)
      VALUES (1, 'EUR', 0, 10, 0, now())
    `
    const on = yield* number("active", "on", PAID_UNTIL)
    const pastDue = yield* number("active", "past_due", PAID_UNTIL - 1)
    const off = yield* number("active", "off", PAID_UNTIL)
    const idle = yield* number("suspended", "on", PAID_UNTIL)
    const free = yield* number("active", "on", null)
    yield* Postgres.migrate

    const registry = yield* NumberRegistry
    const times = (yield* registry.list(AccountId.make(1))).map(({ id, inactiveSince, sms }) => [
      id,
      inactiveSince,
      sms.anchor,
      sms.dueAt
    ])
    assert.deepStrictEqual(times, [
      [on, null, PAID_UNTIL, PAID_UNTIL],
      [pastDue, null, PAID_UNTIL - 1, PAID_UNTIL - 1],
      [off, null, PAID_UNTIL, null],
      [idle, CREATED, PAID_UNTIL, null],
      [free, null, null, null]
    ])
    assert.deepStrictEqual(yield* registry.claimRenewals(PAID_UNTIL - 2, PAID_UNTIL, 10), [])
    const due = yield* registry.claimRenewals(PAID_UNTIL, PAID_UNTIL + 1, 10)
    assert.deepStrictEqual(
      due.map(({ id }) => id),
      [pastDue, on]
    )

    const accounts = yield* Accounts
    assert.strictEqual((yield* accounts.get(AccountId.make(1)))?.lowBalance, Micros.make(5_000_000n))
    const opened = yield* accounts.open({ name: "after", mode: "live", currency: EUR, perSecond: 1, lowBalance: null })
    assert.isNull((yield* accounts.get(opened.id))?.lowBalance)
  }).pipe(Effect.provide(upgraded))
)

it.live("what happened before there was a feed is not in it, what happens to the same messages is", () =>
  Effect.gen(function* () {
    yield* migrateFirst
    const sql = yield* SqlClient.SqlClient
    const entry = (seq: number, status: string) => sql`
      INSERT INTO sms.timeline (account_id, message_created_at, message_id, seq, status, at, source, changed)
      SELECT account_id, created_at, message_id, ${seq}, ${status}, now(), 'api', true FROM sms.messages
    `
    yield* sql`
      INSERT INTO sms.messages (
        account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding, carrier,
        price, currency, timeline_entries, created_at, updated_at
      )
      VALUES (1, 1, 'outbound', 1, '+31201234567', '+31612345678', 'hi', 'sending', 1, 'GSM-7', 'sandbox', 0, 'EUR', 2,
        now() - interval '31 days', now())
    `
    yield* entry(1, "queued")
    yield* Postgres.migrate
    yield* entry(2, "sending")

    const feed = yield* ChangeFeed
    const after = { unit: 0n, messageId: 0, seq: 0 } as const
    // Other databases of the server may have something under way that holds it back.
    const told = yield* Effect.repeat(feed.since([{ accountId: AccountId.make(1), after }], 10), {
      until: ({ length }) => length > 0
    })
    assert.deepStrictEqual(
      told.map(({ created, message }) => [message.status, created]),
      [["sending", false]]
    )
  }).pipe(Effect.provide(upgraded))
)

it.live("what was counted the old way stays counted, summed up or not, and goes on from there", () =>
  Effect.gen(function* () {
    yield* migrateTo("0011")
    const sql = yield* SqlClient.SqlClient
    const end = (id: number, status: string) =>
      sql`UPDATE sms.messages SET status = ${status} WHERE account_id = 1 AND message_id = ${id}`
    yield* sql`
      INSERT INTO sms.messages (
        account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding, carrier,
        price, currency, timeline_entries, created_at, updated_at
      )
      SELECT 1, n, 'outbound', 1 + n % 2, '+31201234567', '+31612345678', 'hi', 'sent', 1, 'GSM-7', 'sandbox', 0, 'EUR', 2,
        ${new Date(CREATED)}::timestamptz + n * interval '20 minutes', now()
      FROM generate_series(1, 9) AS n
    `
    yield* end(1, "delivered")
    yield* sql`
      WITH taken AS (DELETE FROM sms.message_count_changes WHERE created > 0 RETURNING *)
      INSERT INTO sms.message_counts (account_id, hour, number_id, created, delivered, failed)
      SELECT account_id, hour, number_id, created, delivered, failed FROM taken
    `
    yield* end(2, "failed")
    yield* Postgres.migrate
    yield* end(3, "delivered")
    yield* end(1, "failed")

    const store = yield* MessageStore
    assert.deepStrictEqual(yield* store.countSince(AccountId.make(1), [0]), [{ messages: 9, delivered: 1, failed: 2 }])
    assert.deepStrictEqual(yield* store.countSince(AccountId.make(1), [0], NumberId.make(2)), [
      { messages: 5, delivered: 1, failed: 1 }
    ])
  }).pipe(Effect.provide(upgraded))
)

it.live("a migration that hosts stand in the way of changes nothing, and is tried again", () =>
  Effect.gen(function* () {
    yield* migrateFirst
    const sql = yield* SqlClient.SqlClient
    const held = yield* Deferred.make<void>()
    const letGo = yield* Deferred.make<void>()
    const host = yield* Effect.forkChild(
      sql.withTransaction(
        Effect.all([
          sql`SELECT account_id FROM sms.wallets FOR UPDATE`,
          Deferred.succeed(held, undefined),
          Deferred.await(letGo)
        ])
      )
    )
    yield* Deferred.await(held)
    const migrating = yield* Effect.forkChild(Postgres.migrate)
    const waiting = sql<{ readonly count: bigint }>`
      SELECT count(*) FROM pg_locks WHERE relation = 'sms.wallets'::regclass AND NOT granted
    `.pipe(Effect.map(([row]) => row?.count === 1n))
    yield* waiting.pipe(Effect.repeat({ until: (seen) => seen }))
    yield* waiting.pipe(Effect.repeat({ until: (seen) => !seen }))
    const [column] = yield* sql`
      SELECT FROM information_schema.columns WHERE table_schema = 'sms' AND column_name = 'hint'
    `
    assert.isUndefined(column)
    yield* Deferred.succeed(letGo, undefined)
    yield* Fiber.join(host)
    yield* Fiber.join(migrating)
    assert.deepStrictEqual(yield* Accounts.use((accounts) => accounts.keys(AccountId.make(1))), [])
  }).pipe(Effect.provide(upgraded))
)
