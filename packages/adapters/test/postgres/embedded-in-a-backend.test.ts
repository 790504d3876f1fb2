/** What an embedder relies on: its own client, its own transaction, its own tables beside ours. */
import {
  AcceptGroup,
  type AccountId,
  Accounts,
  Body,
  Carriers,
  DispatchQueue,
  Micros,
  Notifier,
  RateDeck,
  SendMessage,
  Sms
} from "@cliqtel/sms-core"
import { Fixture } from "@cliqtel/sms-testkit"
import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import * as Postgres from "../../src/postgres/index.ts"
import { makeSandbox } from "../../src/sandbox/index.ts"
import { freshPostgres, somebodyWaits } from "./freshPostgres.ts"

const carriers = Layer.effect(
  Carriers,
  Effect.map(makeSandbox(), (sandbox) => new Map([[sandbox.name, sandbox]]))
)

const backend = Layer.mergeAll(Sms.layerUseCases, Fixture.layer).pipe(
  Layer.provideMerge([carriers, RateDeck.layerMemory, Notifier.layerMemory()]),
  Layer.provideMerge(freshPostgres)
)

const price = 8_000n

layer(backend, { timeout: 60_000, excludeTestServices: true })("embedded in a backend", (it) => {
  const sender = Effect.gen(function* () {
    const fixture = yield* Fixture
    const account = yield* fixture.account({ balance: Micros.make(10n * price) })
    return { account, number: yield* fixture.number(account, { carrier: "sandbox" }) }
  })
  type Sender = Effect.Success<typeof sender>
  const send = ({ account, number }: Sender) =>
    Sms.use((sms) => sms.send(account, { fromNumberId: number.id, to: "+31612345678", body: Body.make("Hi") }))

  /** A transaction of the embedder's own that holds an account's wallet until it may let go, having changed something. */
  const holding = Effect.fnUntraced(function* (
    account: AccountId,
    change: Effect.Effect<unknown, SqlError.SqlError> = Effect.void
  ) {
    const sql = yield* SqlClient.SqlClient
    const held = yield* Deferred.make<void>()
    const letGo = yield* Deferred.make<void>()
    const holder = yield* Effect.forkChild(
      sql.withTransaction(
        sql`SELECT FROM sms.wallets WHERE account_id = ${account} FOR UPDATE`.pipe(
          Effect.andThen(Deferred.succeed(held, undefined)),
          Effect.andThen(Deferred.await(letGo)),
          Effect.andThen(change)
        )
      )
    )
    yield* Deferred.await(held)
    return { holder, letGo }
  })

  it.effect("a send commits with the caller's transaction", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const from = yield* sender
      yield* sql`CREATE TABLE public.orders (id int PRIMARY KEY)`
      const { message } = yield* sql.withTransaction(
        sql`INSERT INTO public.orders VALUES (1)`.pipe(Effect.andThen(send(from)))
      )
      const sms = yield* Sms
      assert.strictEqual((yield* sms.message({ accountId: from.account, id: message.id })).message.status, "queued")
      assert.strictEqual((yield* sms.balance(from.account)).micros, 9n * price)
    })
  )

  it.effect("a send is undone with the caller's transaction, its charge and its place in the queue too", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const sms = yield* Sms
      const from = yield* sender
      const exit = yield* Effect.exit(sql.withTransaction(Effect.andThen(send(from), Effect.fail("the order failed"))))
      assert.strictEqual(exit._tag, "Failure")
      assert.strictEqual((yield* sms.balance(from.account)).micros, 10n * price)
      assert.deepStrictEqual((yield* sms.messages(from.account, { limit: 10 })).messages, [])
      const queue = yield* DispatchQueue
      const claimed = yield* queue.claim("sandbox", 1000, Date.now() + 60_000)
      assert.isFalse(claimed.some((lease) => lease.accountId === from.account))
    })
  )

  it.effect("a send waits for a transaction that holds its wallet, together with others if that ends soon", () =>
    Effect.gen(function* () {
      const sms = yield* Sms
      const senders = yield* Effect.replicateEffect(sender, 3)
      const { holder, letGo } = yield* holding((senders[1] as Sender).account)
      const sends = yield* Effect.forEach(senders, (from) => Effect.forkChild(send(from), { startImmediately: true }))
      yield* somebodyWaits
      yield* Deferred.succeed(letGo, undefined)
      for (const [i, from] of senders.entries()) {
        yield* Fiber.join(sends[i] as (typeof sends)[number])
        assert.strictEqual((yield* sms.balance(from.account)).micros, 9n * price)
      }
      yield* Fiber.join(holder)
    })
  )

  it.effect("a send that has waited for its wallet, however shortly, is decided by what its holder has changed", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [first, second] = (yield* Effect.replicateEffect(sender, 2)) as [Sender, Sender]
      const change = (state: string) =>
        sql`UPDATE sms.numbers SET sms_state = ${state} WHERE account_id = ${first.account}`
      for (let times = 0; times < 9; times++) {
        yield* change("on")
        const { holder, letGo } = yield* holding(first.account, change("off"))
        const sends = yield* Effect.forEach([first, second], (from) =>
          Effect.forkChild(send(from), { startImmediately: true })
        )
        yield* somebodyWaits
        yield* Deferred.succeed(letGo, undefined)
        const [refused, accepted] = yield* Effect.forEach(sends, Fiber.await)
        assert.include(String(refused), "SmsNotEnabled")
        assert.strictEqual(accepted?._tag, "Success")
        yield* Fiber.join(holder)
      }
    })
  )

  it.effect("transactions that hold any number of wallets for long keep no other account's sends waiting", () =>
    Effect.gen(function* () {
      const sms = yield* Sms
      const [free, ...others] = (yield* Effect.replicateEffect(sender, 7)) as [Sender, ...ReadonlyArray<Sender>]
      const holders = yield* Effect.forEach(others, ({ account }) => holding(account))
      const kept = yield* Effect.forEach(others, (from) =>
        // Each in a group of its own.
        Effect.forkChild(send(from), { startImmediately: true }).pipe(Effect.tap(() => somebodyWaits))
      )
      for (let times = 0; times < 5; times++) yield* send(free)
      assert.strictEqual((yield* sms.balance(free.account)).micros, 5n * price)
      for (const [i, { holder, letGo }] of holders.entries()) {
        for (const one of kept.slice(i)) assert.isUndefined(one.pollUnsafe())
        yield* Deferred.succeed(letGo, undefined)
        yield* Fiber.join(holder)
        // While those after it are held still.
        yield* Fiber.join(kept[i] as (typeof kept)[number])
      }
    })
  )

  it.effect("a key that is used again elsewhere while its account is held keeps no other account's sends waiting", () =>
    Effect.gen(function* () {
      const elsewhere = yield* Layer.build(Layer.fresh(SendMessage.layer.pipe(Layer.provide(AcceptGroup.layer))))
      const [held, free] = (yield* Effect.replicateEffect(sender, 2)) as [Sender, Sender]
      const { holder, letGo } = yield* holding(held.account)
      const keyed = ({ account, number }: Sender) =>
        SendMessage.use((sending) =>
          sending.send(account, [{ fromNumberId: number.id, to: "+31612345678", body: Body.make("Hi") }], {
            idempotency: { key: "once", fingerprint: "one" }
          })
        )
      const first = yield* Effect.forkChild(keyed(held), { startImmediately: true })
      yield* somebodyWaits
      const [again, other] = yield* Effect.forEach([held, free], (from) =>
        Effect.forkChild(Effect.provideContext(keyed(from), elsewhere), { startImmediately: true })
      )
      yield* Fiber.join(other as typeof first)
      assert.isUndefined(first.pollUnsafe())
      yield* Deferred.succeed(letGo, undefined)
      const answers = [yield* Fiber.join(first), yield* Fiber.join(again as typeof first)]
      assert.sameMembers(
        answers.map(({ replayed }) => replayed),
        [true, false]
      )
      assert.strictEqual((yield* Sms.use((sms) => sms.balance(held.account))).micros, 9n * price)
      yield* Fiber.join(holder)
    })
  )

  it.effect("a key that a transaction has added is nobody's to others who ask at the same moment", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const sql = yield* SqlClient.SqlClient
      const { account } = yield* sender
      const hash = new Uint8Array(32).fill(7)
      const outside = yield* Effect.context<Accounts>()
      const ask = Accounts.use((accounts) => accounts.access(hash))
      const found = yield* sql.withTransaction(
        accounts.addKey({ accountId: account, name: "new", hash, hint: "", scopes: [] }).pipe(
          Effect.andThen(
            Effect.all([Effect.promise(() => Effect.runPromiseWith(outside)(ask)), ask], { concurrency: "unbounded" })
          ),
          Effect.map((found) => found.map((access) => access?.accountId))
        )
      )
      assert.deepStrictEqual(found, [undefined, account])
      assert.strictEqual((yield* ask)?.accountId, account)
    })
  )

  it.effect("migrating again changes nothing", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const tables = sql<{ readonly name: string }>`
        SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'sms' ORDER BY 1
      `
      const before = yield* tables
      yield* Postgres.migrate
      assert.deepStrictEqual(yield* tables, before)
      assert.isAbove(before.length, 10)
    })
  )

  it.effect("a ledger line cannot be changed or removed, whoever tries", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* send(yield* sender)
      for (const statement of [
        sql`UPDATE sms.ledger_entries SET amount = 0`,
        sql`DELETE FROM sms.ledger_entries`,
        sql`TRUNCATE sms.ledger_entries`
      ])
        assert.match(String((yield* Effect.flip(statement)).reason.cause), /never changed or removed/)
    })
  )
})
