/** What PostgreSQL refuses for its content is a defect of its own; whatever else keeps it from storing is waited for. */
import {
  type AccountId,
  EUR,
  Micros,
  money,
  ReceiptInbox,
  Unavailable,
  UnitOfWork,
  Wallet,
  WalletHeld
} from "@cliqtel/sms-core"
import { Fixture } from "@cliqtel/sms-testkit"
import { assert, layer } from "@effect/vitest"
import { Cause, Deferred, Effect, Fiber, Layer } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { freshPostgres, somebodyWaits } from "./freshPostgres.ts"

const ports = Fixture.layer.pipe(Layer.provideMerge(freshPostgres))

const defectOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.sandbox(effect).pipe(Effect.flip), (cause) => cause.reasons.find(Cause.isDieReason)?.defect)

layer(ports, { timeout: 60_000, excludeTestServices: true })("failures of PostgreSQL", (it) => {
  const setting = (name: string, value: string) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT set_config(${name}, ${value}, true)`)

  const charge = Effect.fnUntraced(function* (micros: bigint) {
    const wallet = yield* Wallet
    const accountId = yield* Fixture.use((fixture) => fixture.account({ balance: Micros.make(10n) }))
    const line = { accountId, kind: "sms_charge", amount: money(-micros, EUR), reference: "x", at: 0 } as const
    return { accountId, post: wallet.post([line]), balance: wallet.balance(accountId) }
  })

  /** Another unit of work that holds a wallet until it may let go. */
  const holding = Effect.fnUntraced(function* (account: AccountId) {
    const unit = yield* UnitOfWork
    const wallet = yield* Wallet
    const held = yield* Deferred.make<void>()
    const letGo = yield* Deferred.make<void>()
    const holder = yield* Effect.forkChild(
      unit.run(Effect.all([wallet.lock([account]), Deferred.succeed(held, undefined), Deferred.await(letGo)]))
    )
    yield* Deferred.await(held)
    return { holder, letGo }
  })

  it.effect("a server that only reads is unavailable, and nothing has changed", () =>
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const { balance, post } = yield* charge(5n)
      const defect = yield* defectOf(unit.run(Effect.andThen(setting("transaction_read_only", "on"), post)))
      assert.instanceOf(defect, Unavailable)
      assert.strictEqual((yield* balance)?.micros, 10n)
      yield* unit.run(post)
      assert.strictEqual((yield* balance)?.micros, 5n)
    })
  )

  it.effect("a lock that is not let go of is unavailable, and surely undone", () =>
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const { accountId, post } = yield* charge(5n)
      const { holder, letGo } = yield* holding(accountId)
      const defect = yield* defectOf(unit.run(Effect.andThen(setting("lock_timeout", "50ms"), post)))
      assert.instanceOf(defect, Unavailable)
      assert.isTrue(defect.undone)
      yield* Deferred.succeed(letGo, undefined)
      yield* Fiber.join(holder)
    })
  )

  it.effect("receipts that somebody is looking at are left to them when others of their carrier are hastened", () =>
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const inbox = yield* ReceiptInbox
      const carrier = "hastening"
      const receipt = (id: string) =>
        ({
          carrier,
          eventId: id,
          ref: { _tag: "Carrier", id },
          status: "delivered",
          reason: null,
          detail: null
        }) as const
      yield* inbox.put([receipt("a")], 0)
      yield* inbox.put([receipt("b")], 1000)
      const held = yield* Deferred.make<void>()
      const letGo = yield* Deferred.make<void>()
      const looking = Effect.tap(inbox.claim(0, 10), ([one]) => inbox.postpone(one === undefined ? [] : [one.id], 900))
      const holder = yield* Effect.forkChild(
        unit.run(Effect.tap(looking, () => Effect.andThen(Deferred.succeed(held, undefined), Deferred.await(letGo))))
      )
      yield* Deferred.await(held)
      yield* inbox.hasten(carrier, ["a", "b"], 500)
      yield* Deferred.succeed(letGo, undefined)
      yield* Fiber.join(holder)
      const due = (at: number) => Effect.map(inbox.claim(at, 10), (found) => found.map((one) => one.receipt.eventId))
      assert.deepStrictEqual(yield* due(500), ["b"])
      assert.deepStrictEqual(yield* due(900), ["a", "b"])
    })
  )

  it.effect("wallets that somebody holds are passed over by who will not wait", () =>
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const wallet = yield* Wallet
      const { accountId: taken } = yield* charge(5n)
      const { accountId: free } = yield* charge(5n)
      const { holder, letGo } = yield* holding(taken)
      assert.sameMembers([...(yield* unit.run(wallet.lockFree([taken, free]))).keys()], [free])
      yield* Deferred.succeed(letGo, undefined)
      yield* Fiber.join(holder)
      assert.sameMembers([...(yield* unit.run(wallet.lockFree([taken, free]))).keys()], [taken, free])
    })
  )

  it.effect("a wallet that somebody holds for longer than one's patience is told, and nothing else has changed", () =>
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const wallet = yield* Wallet
      const { accountId: taken } = yield* charge(5n)
      const { accountId: free, post } = yield* charge(5n)
      const { holder, letGo } = yield* holding(taken)
      const failure = yield* Effect.flip(unit.run(Effect.andThen(post, wallet.lockSoon([free, taken], 30))))
      assert.instanceOf(failure, WalletHeld)
      assert.strictEqual((yield* wallet.balance(free))?.micros, 10n)

      const patient = yield* Effect.forkChild(unit.run(wallet.lockSoon([free, taken], 30_000)))
      yield* somebodyWaits
      yield* Deferred.succeed(letGo, undefined)
      assert.sameMembers([...(yield* Fiber.join(patient)).keys()], [free, taken])
      yield* Fiber.join(holder)
    })
  )

  it.effect("patience for wallets leaves that of the transaction as it was", () =>
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const wallet = yield* Wallet
      const sql = yield* SqlClient.SqlClient
      const { accountId } = yield* charge(5n)
      const patience = Effect.map(
        sql<{ readonly lock_timeout: string }>`SHOW lock_timeout`,
        ([row]) => row?.lock_timeout
      )
      const before = yield* patience
      for (const own of [before ?? "", "250ms"]) {
        const after = yield* unit.run(
          setting("lock_timeout", own).pipe(Effect.andThen(wallet.lockSoon([accountId], 30)), Effect.andThen(patience))
        )
        assert.strictEqual(after, own)
      }
      assert.strictEqual(yield* patience, before)
    })
  )

  it.effect("a statement that takes too long is unavailable", () =>
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const sql = yield* SqlClient.SqlClient
      const slow = Effect.andThen(setting("statement_timeout", "50ms"), sql`SELECT pg_sleep(5)`)
      assert.instanceOf(yield* defectOf(unit.run(slow)), Unavailable)
    })
  )

  it.effect("what must not be stored is refused, not waited for", () =>
    Effect.gen(function* () {
      const { balance, post } = yield* charge(11n)
      assert.instanceOf(yield* defectOf(post), SqlError.SqlError)
      assert.strictEqual((yield* balance)?.micros, 10n)
    })
  )
})
