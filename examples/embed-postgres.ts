// The core in a backend of your own on PostgreSQL, on an empty database: an account with money and a number, a send in your own
// transaction.
import { layer, layerHousekeeping, layerMigrations } from "@cliqtel/sms-adapters/postgres"
import { makeSandbox } from "@cliqtel/sms-adapters/sandbox"
import {
  Accounts,
  addonOff,
  Body,
  Carriers,
  CountryCode,
  E164,
  EUR,
  Micros,
  money,
  Notifier,
  NumberRegistry,
  RateDeck,
  Sms,
  topUpLine,
  UnitOfWork,
  Wallet,
  zero
} from "@cliqtel/sms-core"
import { PgClient } from "@effect/sql-pg"
import { Clock, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"

const client = (url: string) =>
  PgClient.layer({
    url: Redacted.make(url),
    maxConnections: 8,
    // Nobody waits for ever for a lock that somebody else holds.
    startupParameters: { lock_timeout: "5s", statement_timeout: "15s", idle_in_transaction_session_timeout: "10s" }
  })

const carriers = Layer.effect(
  Carriers,
  Effect.map(makeSandbox({ delayMillis: 5 }), (sandbox) => new Map([["sandbox", sandbox]]))
)

const backend = (url: string) =>
  Layer.merge(Sms.layer, layerHousekeeping).pipe(
    Layer.provideMerge(layer),
    Layer.provide([carriers, RateDeck.layerMemory, Notifier.layerMemory(), layerMigrations]),
    Layer.provideMerge(client(url))
  )

/** What your sign-up does: all of it or none. */
const customer = Effect.gen(function* () {
  const unit = yield* UnitOfWork
  const accounts = yield* Accounts
  const wallet = yield* Wallet
  const numbers = yield* NumberRegistry
  const open = Effect.gen(function* () {
    const { id } = yield* accounts.open({ name: "Acme", mode: "live", currency: EUR, perSecond: 10, lowBalance: null })
    const paid = money(Micros.make(5_000_000n), EUR)
    yield* wallet.post([topUpLine(id, "invoice 1", paid, yield* Clock.currentTimeMillis)])
    return yield* numbers.add({
      accountId: id,
      number: E164.make("+3197010200001"),
      country: CountryCode.make("NL"),
      type: "mobile",
      status: "active",
      carrier: "sandbox",
      inactiveSince: null,
      monthlyPrice: zero(EUR),
      sms: { ...addonOff(zero(EUR)), state: "on" },
      profileAssigned: true
    })
  })
  return yield* unit.run(open)
})

const program = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const sms = yield* Sms
  const { accountId, id: fromNumberId } = yield* customer
  yield* sql`CREATE TABLE IF NOT EXISTS public.orders (id int PRIMARY KEY)`

  // The order and its message are stored together, or neither is.
  const ordered = sql`INSERT INTO public.orders VALUES (1234)`.pipe(
    Effect.andThen(
      sms.send(accountId, { fromNumberId, to: "+31612345678", body: Body.make("Order 1234 has shipped") })
    ),
    sql.withTransaction
  )
  const { message } = yield* ordered
  const delivered = yield* sms
    .message({ accountId, id: message.id })
    .pipe(Effect.delay("20 millis"), Effect.repeat({ until: (seen) => seen.message.status === "delivered" }))
  return {
    statuses: delivered.timeline.map(({ status }) => status),
    balance: (yield* sms.balance(accountId)).micros
  }
})

export const main = (url: string) => Effect.runPromise(Effect.provide(program, backend(url)))

if (import.meta.main) console.log(await main(process.env["DATABASE_URL"] ?? "postgres://localhost/postgres"))
