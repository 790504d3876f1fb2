/** No query without an index that serves it: what PostgreSQL reads for each out of many rows. */
import {
  AccountId,
  Accounts,
  ChangeFeed,
  DeliveryId,
  DeliveryQueue,
  DispatchQueue,
  E164,
  EUR,
  EventLog,
  InboundStore,
  KeyId,
  MessageId,
  money,
  type MessageQuery,
  NumberId,
  NumberRegistry,
  OptOuts,
  OrderBook,
  OrderId,
  Outbox,
  type OutboxEvent,
  SessionId,
  Sessions,
  TopUpId,
  TopUpStore,
  Wallet,
  WebhookId,
  WebhookStore
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { messagePage } from "../../src/postgres/MessagePage.ts"
import { planSettings } from "../../src/postgres/PlanSettings.ts"
import { freshPostgres } from "./freshPostgres.ts"

const ROWS = 60_000

/** Three accounts, of which each has a third of everything; little of it is due, unpaid or open. */
const fill = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO sms.messages (
      account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding, carrier,
      price, currency, timeline_entries, created_at, updated_at
    )
    SELECT 1 + n % 3, n, CASE WHEN n % 50 = 0 THEN 'inbound' ELSE 'outbound' END, 1 + n % 7,
      '+3120123450' || n % 7, '+3161' || 1000000 + n % 1000, 'hi', CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'delivered' END, 1, 'GSM-7',
      'sandbox', 8000, 'EUR', 1, now() - n * interval '1 minute', now()
    FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.timeline (account_id, message_created_at, message_id, seq, status, at, source, changed)
    SELECT account_id, created_at, message_id, seq, status, created_at, 'api', seq <> 2
    FROM sms.messages, generate_series(1, 3) AS seq
  `
  yield* sql`
    INSERT INTO sms.numbers (
      account_id, number, country, type, status, carrier, currency, monthly_price, sms_state, sms_monthly_price,
      sms_due_at, created_at
    )
    SELECT 1 + n % 3, '+' || 31610000000 + n, 'NL', 'mobile', 'active', 'sandbox', 'EUR', 0,
      CASE WHEN n % 1000 = 0 THEN 'suspended' ELSE 'on' END, 0,
      CASE WHEN n % 1000 <> 0 THEN now() + (n - 20) * interval '1 minute' END, now()
    FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.dispatches (account_id, message_id, carrier, state, number_id, attempt)
    SELECT 1 + n % 3, n, 'sandbox', CASE WHEN n % 2 = 0 THEN 'held' ELSE 'ready' END,
      CASE WHEN n % 2 = 0 THEN 1 + n % 1000 END, 0
    FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.orders (account_id, order_id, total, currency, created_at, confirmed_at)
    SELECT 1 + n % 3, n, 0, 'EUR', now(), CASE WHEN n % 1000 <> 0 THEN now() END FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.top_ups (account_id, amount, currency, status, balance_after, created_at, due_at)
    SELECT 1 + n % 3, 1, 'EUR', CASE WHEN n % 1000 = 0 THEN 'pending' ELSE 'paid' END,
      CASE WHEN n % 1000 <> 0 THEN 1 END, now(), CASE WHEN n % 1000 = 0 THEN now() END
    FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.account_events (account_id, type, data, created_at)
    SELECT 1 + n % 3, 'wallet.low_balance', ${LOW_BALANCE}::jsonb, now() FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.ledger_entries (account_id, kind, amount, balance_after, currency, reference, created_at)
    SELECT 1 + n % 3, 'top_up', 1, 1, 'EUR', 'credit:' || n, now() FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.api_keys (account_id, hash, name, scopes, created_at)
    SELECT 1 + n / 10, decode(lpad(to_hex(n), 64, '0'), 'hex'), 'a key', '{}', now() FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.portal_sessions (account_id, key_id, hash, token_at, old_hash, signed_in_at, used_at)
    SELECT account_id, key_id, sha256('t'::bytea || hash), now(), sha256('o'::bytea || hash), now(), now() FROM sms.api_keys
  `
  yield* sql`
    INSERT INTO sms.opt_outs (account_id, number_id, person, created_at)
    SELECT 1 + n % 3, 1 + n % 7, '+' || 31610000000 + n, now() - n * interval '1 minute'
    FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.inbound_events (carrier, event_id, received_at)
    SELECT 'sandbox', 'event ' || n, now() FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`
    INSERT INTO sms.inbound_groups (account_id, number_id, person, bits, ref, total, carrier, since, pieces, before)
    SELECT 1 + n % 3, 1 + n % 7, '+' || 31610000000 + n, 8, n % 256, 2, 'sandbox', now() + n * interval '1 minute', '[]',
      '[]'
    FROM generate_series(1, ${ROWS}) AS n
  `
  // Of 3,000 endpoints each has twenty deliveries, and one in a thousand has something to do.
  yield* sql`
    INSERT INTO sms.webhooks (account_id, url, events, description, enabled, secret, created_at, updated_at)
    SELECT 1000 + n / 30, 'https://example.com/', '{sms.sent}', '', true, 'whsec_', now(), now()
    FROM generate_series(0, 2999) AS n
  `
  yield* sql`
    INSERT INTO sms.webhook_events (account_id, event_id, body, created_at)
    SELECT 1000 + n / 600, n + 1, '{}', now() FROM generate_series(0, ${ROWS - 1}) AS n
  `
  yield* sql`
    INSERT INTO sms.webhook_deliveries (
      account_id, webhook_id, event_id, type, subject, state, due_at, token, tries, attempts, created_at
    )
    SELECT account_id, webhook_id, n + 1, 'sms.sent', n,
      CASE n % 3000 WHEN 0 THEN 'ready' WHEN 1 THEN 'leased' WHEN 2 THEN 'waiting' ELSE 'succeeded' END,
      CASE WHEN n % 3000 IN (1, 2) THEN now() - interval '1 second' END,
      CASE WHEN n % 3000 = 1 THEN gen_random_uuid() END, 0, 1, now()
    FROM (SELECT n, 1000 + n / 600 AS account_id, 1 + n / 20 AS webhook_id FROM generate_series(0, ${ROWS - 1}) AS n) of
  `
  yield* sql`
    INSERT INTO sms.webhook_attempts (account_id, webhook_id, delivery_id, attempt, at, status, duration_ms)
    SELECT account_id, webhook_id, delivery_id, 1, now(), 200, 5 FROM sms.webhook_deliveries
  `
  // As the server does by itself, sooner or later.
  yield* sql`VACUUM ANALYZE`
})

const lowBalance = (accountId: AccountId): OutboxEvent => ({
  accountId,
  at: 0,
  event: { type: "wallet.low_balance", balance: money(1n, EUR), threshold: money(2n, EUR) }
})

const LOW_BALANCE = JSON.stringify({
  type: "wallet.low_balance",
  balance: { currency: "EUR", micros: "1" },
  threshold: { currency: "EUR", micros: "2" }
})

/**
 * With the plans of a host's connection: any other reads a month as a whole while there is little in it, as on its first day.
 * For as long as a transaction.
 */
const planAsHosts = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  for (const [name, value] of Object.entries(planSettings)) yield* sql`SELECT set_config(${name}, ${value}, true)`
})

/** Rows that were looked at, in tables and in between. */
const rowsRead = (statement: { readonly compile: () => readonly [string, ReadonlyArray<unknown>] }) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const [text, parameters] = statement.compile()
    const explained = sql.unsafe<{ readonly "QUERY PLAN": ReadonlyArray<{ readonly Plan: Plan }> }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      parameters
    )
    const [row] = yield* sql.withTransaction(Effect.andThen(planAsHosts, explained))
    return flatten(row?.["QUERY PLAN"][0]?.Plan).reduce(
      (sum, node) => sum + node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)),
      0
    )
  })

interface Plan {
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Plan>
}

const flatten = (plan: Plan | undefined): ReadonlyArray<Plan> =>
  plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(flatten)]

/** What a port's call reads of tables and of indexes, by the server's own count; the call is undone. */
const rowsReadBy = (call: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const count = sql<{ readonly read: number }>`
      SELECT sum(pg_stat_get_xact_tuples_returned(oid))::int AS read FROM pg_class
      WHERE relnamespace = 'sms'::regnamespace
    `.pipe(Effect.map(([row]) => row?.read ?? 0))
    const counted = Effect.gen(function* () {
      yield* planAsHosts
      const before = yield* count
      yield* call
      return yield* Effect.fail({ read: (yield* count) - before })
    })
    const { read } = yield* Effect.flip(Effect.catchTag(sql.withTransaction(counted), "SqlError", Effect.die))
    return read
  })

const account = AccountId.make(1)
const newest: MessageQuery = { limit: 50 }
const queries: Record<string, MessageQuery> = {
  "the newest page": newest,
  "one number": { ...newest, numberId: NumberId.make(3) },
  failed: { ...newest, status: "failed" },
  "to one person": { ...newest, to: "+31611000500" as E164 },
  "from one number": { ...newest, from: "+31201234503" as E164 },
  "to or from one person": { ...newest, contact: "+31611000500" as E164 },
  "to or from a busy number": { ...newest, contact: "+31201234503" as E164 },
  "delivered, to or from one person": { ...newest, contact: "+31611000500" as E164, status: "delivered" },
  "to or from one person, by a number": { ...newest, contact: "+31611000500" as E164, numberId: NumberId.make(3) },
  inbound: { ...newest, direction: "inbound" }
}

layer(Layer.effectDiscard(fill).pipe(Layer.provideMerge(freshPostgres)), {
  timeout: 60_000,
  excludeTestServices: true
})("plans", (it) => {
  it.effect("every filtered page reads about as many rows as it shows", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      // Of the few behind a place near the end it is cheap to read all.
      const deep = Date.now() - (ROWS / 2) * 60_000
      for (const [name, query] of Object.entries(queries)) {
        for (const page of [query, { ...query, after: { createdAt: deep, id: 1 as never } }]) {
          assert.isBelow(yield* rowsRead(messagePage(sql, account, page)), 1000, name)
        }
      }
    })
  )

  it.effect("what the desk and the workers ask for reads about as many rows as there is to do", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const wallet = yield* Wallet
      const numbers = yield* NumberRegistry
      const queue = yield* DispatchQueue
      const orders = yield* OrderBook
      const topUps = yield* TopUpStore
      const events = yield* EventLog
      const feed = yield* ChangeFeed
      const now = Date.now()
      const [{ position: first } = { position: yield* feed.now }] = yield* feed.since(
        [{ accountId: account, after: { unit: 0n, messageId: 0, seq: 0 } }],
        1
      )
      const changesAfter = (messageId: number) =>
        feed.since(
          [1, 2, 3].map((id) => ({
            accountId: AccountId.make(id),
            after: { ...first, messageId: MessageId.make(messageId) }
          })),
          20
        )
      const optOuts = yield* OptOuts
      const inbound = yield* InboundStore
      const person = E164.make("+31610000006")
      const group = { accountId: account, numberId: NumberId.make(7), person, bits: 8, ref: 6, total: 2 } as const
      const held = { ...group, carrier: "sandbox", since: now, pieces: [], before: [] }
      const part = { carrier: "sandbox", eventId: "event 3", from: person, to: person, body: "", concat: null } as const
      const after = { createdAt: now - 50_000 * 60_000, numberId: NumberId.make(3), person }
      const outbox = yield* Outbox
      const webhooks = yield* WebhookStore
      const deliveries = yield* DeliveryQueue
      const webhook = { accountId: AccountId.make(1000), id: WebhookId.make(3) }
      const delivery = { ...webhook, webhookId: webhook.id, id: DeliveryId.make(50) }
      const lease = { ...delivery, token: crypto.randomUUID(), attempt: 1 }
      const settled = {
        lease,
        attempt: { at: now, status: 200, durationMillis: 5, error: null, body: "" },
        verdict: { _tag: "Delivered" }
      } as const
      const key = { accountId: account, id: NumberId.make(3) }
      const sessions = yield* Sessions
      const session = { accountId: account, id: SessionId.make(1) }
      const token = new Uint8Array(32)
      const calls: Record<string, Effect.Effect<unknown>> = {
        "an account's keys": accounts.keys(account),
        "a key's use": accounts.touch(account, KeyId.make(1), now),
        "a session's token": sessions.find(token),
        "a session": sessions.get(session),
        "another token": sessions.renew(session, { from: token, old: token, to: token, at: now }),
        "a session's use": sessions.touch(session, now),
        "a session that ends": sessions.end(session),
        "a booked step": wallet.booked(account, "top_up", "credit:3"),
        "the owner of a number": numbers.ownerOf(key.id),
        "numbers that are owned": numbers.owned([E164.make("+31610000003")]),
        "numbers that are written to": numbers.byNumbers([E164.make("+31610000003")]),
        "a number to change": numbers.lock([key]),
        "a number that was written to": numbers.noteInbound([key], now),
        "a text for help": Effect.ignore(numbers.setHelpText(key, null)),
        "whom not to write to": optOuts.find([{ accountId: account, numberId: key.id, person }]),
        "the newest opt-outs": optOuts.list(account, { limit: 50 }),
        "older opt-outs": optOuts.list(account, { limit: 50, after }),
        "opt-outs of a number": optOuts.list(account, { limit: 50, after, numberId: key.id }),
        "an opt-out to undo": optOuts.optIn({ accountId: account, numberId: key.id, person }),
        "parts that were seen": inbound.note([{ ...part, encoding: "GSM-7" }], now),
        "parts that wait": inbound.groups([group]),
        "parts to hold": inbound.hold([held]),
        "parts to release": inbound.release([group]),
        "parts that have waited long": inbound.overdue(now + 60_000 * 20, 50),
        "renewals that are due": numbers.claimRenewals(now, now + 60_000, 50),
        "renewals that are leased": numbers.holdRenewals([{ ...key, token: crypto.randomUUID() }]),
        "renewals to hasten": numbers.hastenRenewals(account, now),
        "a claim beside what is held": queue.claim("sandbox", 50, now + 60_000),
        "a claim of a paused carrier": Effect.andThen(queue.pause("sandbox"), queue.claim("sandbox", 50, now + 60_000)),
        "leases that ran out, beside what is held": queue.takeOver(now, 50),
        "waits that are over, beside what is held": queue.overdue(now, 50),
        "retries that are due, beside what is held": queue.wakeDue(now),
        "what is held for a number": queue.release(key),
        "orders that are not confirmed": orders.unconfirmed(now, 50),
        "a confirmed order": orders.confirm(account, OrderId.make(3), now),
        "a top-up": topUps.find({ accountId: account, id: TopUpId.make(3) }),
        "top-ups that are open": topUps.claimPending(now, now + 60_000, 50),
        "the first events": events.page(account, { limit: 50 }),
        "later events": events.page(account, { limit: 50, after: 30_000 }),
        "the first changes of three accounts": changesAfter(1),
        "later changes": changesAfter(20_000),
        "the last changes": changesAfter(43_000),
        "no changes": changesAfter(ROWS),
        "an account's webhooks": webhooks.list(webhook.accountId),
        "a webhook to change": webhooks.lock([webhook]),
        "a webhook to remove": webhooks.remove(webhook),
        "an event that nobody wants": outbox.put([lowBalance(account)]),
        "deliveries to claim": deliveries.claim({ standard: 2, free: new Map(), limit: 50, until: now + 45_000 }),
        "deliveries that are leased": deliveries.hold([lease]),
        "deliveries to settle": deliveries.settle([settled]),
        "redeliveries that are due": deliveries.wakeDue(now),
        "deliveries to take over": deliveries.takeOver(now),
        "what waits for a webhook": deliveries.end(webhook),
        "a page of deliveries": deliveries.page(webhook, { limit: 10 }),
        "a delivery": deliveries.find(delivery),
        "a delivery again": deliveries.redeliver(delivery)
      }
      for (const [name, call] of Object.entries(calls)) {
        assert.isBelow(yield* rowsReadBy(call), 200, name)
      }
    })
  )
})
