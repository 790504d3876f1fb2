/** What a desk tells, gives back and goes on with while the store cannot do it, or whoever asked has left. */
import {
  type AccountId,
  Idempotency,
  type IdempotencyKey,
  Idempotent,
  keptAs,
  Micros,
  NumberRegistry,
  OrderNumbers,
  TopUps,
  Unavailable,
  UnitOfWork,
  Wallet
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { balanceOf, layerDeskHost, open, PRICE } from "./Desk.ts"
import { FakeShop } from "./FakeShop.ts"
import type { Fixture } from "./Fixture.ts"
import type { DeskPorts } from "./Hosts.ts"
import { TIMEOUT } from "./suite.ts"

/** Ports of a host that do something besides. */
interface Meddling {
  readonly beforeLock?: Effect.Effect<unknown>
  readonly beforeClaim?: Effect.Effect<unknown>
  /** Of each unit of work. */
  readonly afterCommit?: Effect.Effect<unknown>
}

/** A host whose ports do so. */
const hostWith = ({ afterCommit = Effect.void, beforeClaim = Effect.void, beforeLock = Effect.void }: Meddling) =>
  Layer.build(
    Layer.fresh(
      layerDeskHost.pipe(
        Layer.provide(
          Layer.mergeAll(
            Layer.effect(
              Wallet,
              Effect.map(Wallet, (wallet) => ({
                ...wallet,
                lock: (accounts) => Effect.andThen(beforeLock, wallet.lock(accounts))
              }))
            ),
            Layer.effect(
              Idempotency,
              Effect.map(Idempotency, (keys) => ({
                ...keys,
                claim: (claims) => Effect.andThen(beforeClaim, keys.claim(claims))
              }))
            ),
            Layer.effect(
              UnitOfWork,
              Effect.map(UnitOfWork, (unit) => ({
                ...unit,
                run: (work) => Effect.uninterruptible(Effect.tap(unit.run(work), () => afterCommit))
              }))
            )
          )
        )
      )
    )
  )

export const deskFaultsSuite = <E>(name: string, ports: Layer.Layer<DeskPorts | Fixture, E>) =>
  layer(FakeShop.layer.pipe(Layer.provideMerge(ports)), { timeout: TIMEOUT })(
    `Desk that meets faults (${name})`,
    (it) => {
      it.effect("holds the wallet before it takes a key, as sends do, so that no two wait for each other", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const taken: Array<string> = []
          const host = yield* hostWith({
            beforeLock: Effect.sync(() => taken.push("wallet")),
            beforeClaim: Effect.sync(() => taken.push("key"))
          })
          const account = yield* open(10n * PRICE)
          const items = [{ number: (yield* FakeShop).offer().number, sms: true }]
          yield* Context.get(host, OrderNumbers).order(account, items, { key: "order", fingerprint: "one" })
          // At first it only looks for the key, in a unit of work of its own.
          assert.deepStrictEqual(taken.splice(0, 4), ["wallet", "key", "wallet", "key"])
          yield* Context.get(host, TopUps).topUp(account, Micros.make(1n), KEY)
          assert.deepStrictEqual(taken.splice(-3), ["wallet", "key", "wallet"])
        })
      )

      it.effect("tells nobody who has paid that nothing was done, and books it once it can", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const shop = yield* FakeShop
          const account = yield* open(0n)
          const collected = shop.collected.size
          let isAway = true
          const host = yield* hostWith({
            beforeLock: Effect.suspend(() =>
              isAway && shop.collected.size > collected ? Effect.die(unavailable) : Effect.void
            )
          })
          const topUps = Context.get(host, TopUps)
          assert.strictEqual((yield* Effect.flip(topUps.topUp(account, Micros.make(5n))))._tag, "PaymentPending")
          assert.strictEqual(shop.collected.size, collected + 1)
          assert.strictEqual(yield* balanceOf(account), 0n)
          isAway = false
          yield* TestClock.setTime(NOW + 61_000)
          yield* topUps.recover
          assert.strictEqual(yield* balanceOf(account), 5n)
          assert.strictEqual(shop.collected.size, collected + 1)
        })
      )

      it.effect("gives back nothing that was sold while whoever ordered it left", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const shop = yield* FakeShop
          const account = yield* open(10n * PRICE)
          const stored = yield* Deferred.make<void>()
          const told = yield* Deferred.make<void>()
          const host = yield* hostWith({
            afterCommit: Effect.andThen(Deferred.succeed(stored, undefined), Deferred.await(told))
          })
          const orders = Context.get(host, OrderNumbers)
          const { number } = shop.offer()
          const ordering = yield* Effect.forkChild(orders.order(account, [{ number, sms: false }]))
          yield* Deferred.await(stored)
          const leaving = yield* Effect.forkChild(Fiber.interrupt(ordering), { startImmediately: true })
          yield* Deferred.succeed(told, undefined)
          yield* Fiber.join(leaving)
          assert.strictEqual(yield* balanceOf(account), 9n * PRICE)
          assert.lengthOf(yield* numbersOf(account), 1)
          const [reference = ""] = [...shop.reserved].flatMap(([reference, some]) =>
            some.includes(number) ? [reference] : []
          )
          assert.include(reference, `${account}.`, "it is kept for us until it is bought")
          yield* TestClock.setTime(NOW + 61_000)
          yield* orders.confirm
          assert.isTrue(shop.bought.has(reference))
        })
      )

      it.effect("tells whoever repeats a key that it is not known what came of it, others that nothing did", () =>
        Effect.gen(function* () {
          const host = yield* hostWith({})
          const owner = yield* open(0n)
          const kept = keptAs(Schema.Int)
          const undoneOf = (idempotency: IdempotencyKey | undefined) =>
            Context.get(host, Idempotent)
              .run({ owner, idempotency, kept }, Effect.die(unavailable))
              .pipe(
                Effect.sandbox,
                Effect.flip,
                Effect.map((cause) =>
                  cause.reasons.map((reason) =>
                    Cause.isDieReason(reason) && reason.defect instanceof Unavailable ? reason.defect.undone : undefined
                  )
                )
              )
          assert.deepStrictEqual(yield* undoneOf(undefined), [true])
          assert.deepStrictEqual(yield* undoneOf(KEY), [false])
        })
      )
    }
  )

const NOW = Date.UTC(2026, 0, 31, 10)
const KEY: IdempotencyKey = { key: "first", fingerprint: "f" }

const unavailable = new Unavailable({ message: "Others hold it.", retryAfterMillis: 1, undone: true })

const numbersOf = (account: AccountId) => NumberRegistry.use((registry) => registry.list(account))
