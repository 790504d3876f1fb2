/**
 * A connection keeps the plan that it has made for a statement. One from a system's first minute, when there was nothing to
 * look through, must not look through everything an hour later.
 */
import { createHash } from "node:crypto"
import {
  AccountId,
  Accounts,
  DispatchQueue,
  E164,
  EUR,
  Idempotency,
  type Lease,
  MessageId,
  MessageStore,
  money,
  NumberId,
  NumberRegistry,
  OptOuts,
  type OwnedNumber,
  queuedEntry,
  RateLimits,
  type Receipt,
  ReceiptInbox,
  smsCharge,
  type Tracked,
  Wallet
} from "@cliqtel/sms-core"
import { sampleMessage } from "@cliqtel/sms-testkit"
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { PgClient } from "@effect/sql-pg"
import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { inject } from "vitest"
import * as Postgres from "../../src/postgres/index.ts"

const ROWS = 6000

/** What the statements ask for: as many rows as a group of a quiet host has. */
const GROUP = 4

/** The accounts, messages and so on that they ask for begin with this one. */
const FIRST = 1000

/** One connection, of which each plan is kept. */
const oneConnection = Layer.unwrap(
  Effect.map(freshDatabase(inject("postgresUrl")), (url) =>
    PgClient.layer({
      url,
      maxConnections: 1,
      idleTimeout: Duration.infinity,
      startupParameters: Postgres.planSettings
    })
  )
)

const ports = Postgres.layer.pipe(Layer.provideMerge(Postgres.layerMigrations), Layer.provideMerge(oneConnection))

/** Messages that are under way, of as many accounts, with all that belongs to them. */
const fill = Effect.fnUntraced(function* (from: number, to: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO sms.accounts (account_id, name, mode, created_at) OVERRIDING SYSTEM VALUE
    SELECT n, 'account', 'live', now() FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.api_keys (account_id, hash, name, scopes, created_at)
    SELECT n, sha256(('key ' || n)::bytea), 'key', ARRAY['sms:send'], now() FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.wallets (account_id, currency, balance, per_second, bucket_level, bucket_at)
    SELECT n, 'EUR', 1000000, 10, 0, now() FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.numbers (
      account_id, number, country, type, status, carrier, currency, monthly_price, sms_state, sms_monthly_price, created_at
    )
    SELECT n, '+' || 31610000000 + n, 'NL', 'mobile', 'active', 'sandbox', 'EUR', 0, 'on', 0, now()
    FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.opt_outs (account_id, number_id, person, created_at)
    SELECT n, n, '+31612345678', now() FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.ledger_entries (account_id, kind, amount, balance_after, currency, reference, created_at)
    SELECT n, 'sms_charge', -1, 1, 'EUR', 'sms:' || n, now() FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.messages (
      account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding, carrier,
      price, currency, timeline_entries, created_at, updated_at
    )
    SELECT n, n, 'outbound', n, '+31201234500', '+31612345678', 'hi', 'sending', 1, 'GSM-7', 'sandbox', 8000, 'EUR', 1,
      ${new Date(AT)}::timestamptz, now()
    FROM generate_series(${from}::int, ${to}::int) AS n
  `
  // Each of those that are asked for is one of many of its account, to somebody else each.
  yield* sql`
    INSERT INTO sms.messages (
      account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding, carrier,
      price, currency, timeline_entries, created_at, updated_at
    )
    SELECT ${FIRST} + n % ${GROUP}, 1000000 + n, 'outbound', n, '+' || 31100000000 + n, '+' || 31100000000 + n, 'hi', 'sending', 1,
      'GSM-7', 'sandbox', 8000, 'EUR', 1, ${new Date(AT)}::timestamptz + (n % 60000) * interval '1 millisecond', now()
    FROM generate_series(10 * ${from}::int, 10 * ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.dispatches (account_id, message_id, message_created_at, carrier, state, due_at, token, attempt)
    SELECT n, n, ${new Date(AT)}::timestamptz, 'sandbox', 'leased', now() + interval '1 hour', ${TOKEN}::uuid, 1
    FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.carrier_refs (carrier, ref, part_ref, account_id, message_id, message_created_at, created_at)
    SELECT 'sandbox', 'ref-' || n, 'ref-' || n, n, n, ${new Date(AT)}::timestamptz, now()
    FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.receipts (carrier, event_id, ref, names_message, status, received_at, due_at)
    SELECT 'sandbox', 'event ' || n, 'ref-' || n, false, 'delivered', now(), now() + interval '1 hour'
    FROM generate_series(${from}::int, ${to}::int) AS n
  `
  yield* sql`
    INSERT INTO sms.idempotency_keys (account_id, key, fingerprint, answer, created_at)
    SELECT n, 'key', 'body', '{}', now() FROM generate_series(${from}::int, ${to}::int) AS n
  `
})

const AT = Date.now()
const TOKEN = crypto.randomUUID()
const PERSON = E164.make("+31612345678")

/** All that a group of sends, of claims, of answers and of receipts asks of the ports. */
const calls = Effect.gen(function* () {
  const known = yield* Accounts
  const wallet = yield* Wallet
  const limits = yield* RateLimits
  const numbers = yield* NumberRegistry
  const optOuts = yield* OptOuts
  const idempotency = yield* Idempotency
  const store = yield* MessageStore
  const queue = yield* DispatchQueue
  const inbox = yield* ReceiptInbox

  const ids = Array.from({ length: GROUP }, (_, i) => FIRST + i)
  const accounts = ids.map((id) => AccountId.make(id))
  const keys = ids.map((id) => ({ accountId: AccountId.make(id), id: MessageId.make(id), createdAt: AT }))
  const messageOf = (id: number) =>
    sampleMessage(
      // Of a number it takes no more.
      { accountId: AccountId.make(id), id: NumberId.make(id), number: PERSON, carrier: "sandbox" } as OwnedNumber,
      MessageId.make(id),
      { createdAt: AT, status: "sending" }
    )
  const changes = ids.map((id) => {
    const before: Tracked = { message: messageOf(id), parts: [], entries: 1 }
    return { before, after: { ...before, message: { ...before.message, status: "sent" as const } }, entries: [] }
  })
  const leases = keys.map(({ accountId, id, createdAt }): Lease => {
    return { accountId, messageId: id, carrier: "sandbox", token: TOKEN, attempt: 1, createdAt }
  })
  const claims = accounts.map((accountId) => ({ accountId, key: "key", fingerprint: "body", at: AT }))
  const receipt = (id: number): Receipt => {
    const ref = { _tag: "Carrier", id: `ref-${id}` } as const
    return { carrier: "sandbox", eventId: `event ${id}`, ref, status: "delivered", reason: null, detail: null }
  }
  const bucket = { perSecond: 10, level: 1, at: AT }

  return {
    "whose key it is": known.access(createHash("sha256").update("key 1000").digest()),
    "keys that are known": idempotency.claim(claims),
    "an answer to keep": idempotency.settle(claims.map((one) => ({ ...one, answer: "{}" }))),
    "a key to free": idempotency.settle(claims.map((one) => ({ ...one, answer: null }))),
    "wallets to hold": wallet.lock(accounts),
    "wallets to hold soon": Effect.orDie(wallet.lockSoon(accounts, 1000)),
    "wallets that are free": wallet.lockFree(accounts),
    "lines to book": wallet.post(
      ids.map((id) => smsCharge(AccountId.make(id), MessageId.make(id + ROWS), money(1n, EUR), AT))
    ),
    "buckets to hold": limits.lock(accounts),
    "buckets to keep": limits.save(new Map(accounts.map((account) => [account, bucket]))),
    "numbers to send from": numbers.find(ids.map((id) => ({ accountId: AccountId.make(id), id: NumberId.make(id) }))),
    "whom not to write to": optOuts.find(
      ids.map((id) => ({ accountId: AccountId.make(id), numberId: NumberId.make(id), person: PERSON }))
    ),
    "messages to store": store.insert(ids.map((id) => ({ message: messageOf(id + ROWS), entry: queuedEntry(AT) }))),
    "messages to queue": queue.enqueue(
      keys.map((key) => ({ ...key, id: MessageId.make(key.id + ROWS), carrier: "sandbox", heldFor: null }))
    ),
    "messages to hold": store.lock(keys),
    "messages to hold, of any month": store.lock(keys.map(({ accountId, id }) => ({ accountId, id }))),
    "messages to change": store.save(changes),
    "leases to hold": queue.hold(leases),
    "leases that are done": queue.settle(leases.map((lease) => ({ lease, verdict: { _tag: "Done" } }))),
    "leases to keep": queue.settle(leases.map((lease) => ({ lease, verdict: { _tag: "Park", until: AT } }))),
    "what a receipt has told": queue.resolve(keys),
    "messages of receipts": store.matchRefs(
      "sandbox",
      ids.map((id) => `ref-${id}`)
    ),
    "receipts to store": inbox.put(
      ids.map((id) => receipt(id + ROWS)),
      AT
    ),
    "receipts that are due": inbox.claim(AT, 100),
    "receipts that are done": inbox.finish(ids),
    "receipts to put off": inbox.postpone(ids, AT),
    "receipts that waited": inbox.hasten(
      "sandbox",
      ids.map((id) => `ref-${id}`),
      AT
    )
  }
})

/** Rows that a port's call reads of tables and of indexes, or their pages if these are more; the call is undone. */
const readBy = (call: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const count = sql<{ readonly read: number }>`
      SELECT greatest(
        sum(pg_stat_get_xact_tuples_returned(oid)), sum(pg_stat_get_xact_blocks_fetched(oid))
      )::int AS read
      FROM pg_class WHERE relnamespace = 'sms'::regnamespace
    `.pipe(Effect.map(([row]) => row?.read ?? 0))
    const counted = Effect.gen(function* () {
      const before = yield* count
      yield* call
      return yield* Effect.fail({ read: (yield* count) - before })
    })
    const { read } = yield* Effect.flip(Effect.catchTag(sql.withTransaction(counted), "SqlError", Effect.die))
    return read
  })

for (const there of [0, 300]) {
  layer(Layer.fresh(ports), { timeout: 60_000, excludeTestServices: true })(
    `plans of when there were ${there} rows`,
    (it) => {
      it.effect("read no more than a group has to, once there is much", () =>
        Effect.gen(function* () {
          const all = Object.entries(yield* calls)
          yield* fill(1, there)
          // What they ask for is not there yet, which some take for a defect.
          for (const [, call] of all) yield* Effect.exit(readBy(call))
          yield* fill(there + 1, ROWS)
          const read: Record<string, number> = {}
          for (const [name, call] of all) read[name] = yield* readBy(call)
          assert.deepStrictEqual(
            Object.entries(read).filter(([, rows]) => rows > 40 * GROUP),
            []
          )
        })
      )
    }
  )
}
