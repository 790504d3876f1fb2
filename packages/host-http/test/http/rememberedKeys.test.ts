/** Keys between two requests: how long one is remembered, and what is noted of its use. */
import { AccountId, Accounts, layerMemory, SCOPES } from "@cliqtel/sms-core"
import { it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { assert, describe } from "vitest"
import { hashApiKey } from "../../src/ApiKey.ts"
import { ApiKeys } from "../../src/ApiKeys.ts"
import { carryOn } from "../../src/CarryOn.ts"
import { layerKeys } from "../../src/Keys.ts"

const accountId = AccountId.make(1)
const hash = hashApiKey("sk_live_of_this_test")

/** One key of one account in memory; `change` is what the host sees of the store. */
const setUp = Effect.fnUntraced(function* (change: (accounts: Accounts["Service"]) => Partial<Accounts["Service"]>) {
  const memory = Context.get(yield* Layer.build(layerMemory({ accounts: [{ id: accountId }] })), Accounts)
  const { id } = yield* memory.addKey({ accountId, name: "k", hash, hint: "sk_...", scopes: SCOPES })
  const accounts = Accounts.of({ ...memory, ...change(memory) })
  const built = yield* Layer.build(layerKeys.pipe(Layer.provide(Layer.succeed(Accounts, accounts))))
  return { accounts, id, keys: Context.get(built, ApiKeys) }
})

const unchanged = () => ({})

describe("a key", () => {
  it.effect("that was revoked is refused at the next request once it is forgotten, and 5 s later anyway", () =>
    Effect.gen(function* () {
      for (const forgets of [true, false]) {
        const { accounts, id, keys } = yield* setUp(unchanged)
        assert.strictEqual((yield* keys.authenticate(hash))?.keyId, id)
        yield* accounts.revoke(accountId, id)
        if (forgets) yield* keys.forget(hash)
        else yield* TestClock.adjust("5 seconds")
        assert.isUndefined(yield* keys.authenticate(hash))
      }
    })
  )

  it.effect("that is asked for while it is revoked is not remembered as it was", () =>
    Effect.gen(function* () {
      const looking = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<void>()
      let first = true
      const { accounts, id, keys } = yield* setUp((accounts) => ({
        // What was read before the revocation comes back after it.
        access: Effect.fnUntraced(function* (hash) {
          const found = yield* accounts.access(hash)
          if (first) {
            first = false
            // As long as a database takes.
            yield* Effect.yieldNow
            yield* Deferred.succeed(looking, undefined)
            yield* Deferred.await(answer)
          }
          return found
        })
      }))
      const early = yield* Effect.forkChild(keys.authenticate(hash))
      yield* Deferred.await(looking)
      yield* accounts.revoke(accountId, id)
      yield* keys.forget(hash)
      yield* Deferred.succeed(answer, undefined)
      yield* Fiber.join(early)
      assert.isUndefined(yield* keys.authenticate(hash))
    })
  )

  it.effect("that only looks alike to the index is none", () =>
    Effect.gen(function* () {
      const { keys } = yield* setUp((accounts) => ({
        access: (hash) => Effect.map(accounts.access(hash), (found) => found && { ...found, hash: hash.with(0, 255) })
      }))
      assert.notStrictEqual(hash[0], 255)
      assert.isUndefined(yield* keys.authenticate(hash))
    })
  )
})

describe("the use of a key", () => {
  it.effect("is noted once a minute, however often it is used", () =>
    Effect.gen(function* () {
      const noted: Array<number> = []
      const { keys } = yield* setUp(() => ({
        touch: (_account, _id, at) => Effect.sync(() => void noted.push(at))
      }))
      const start = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      for (let second = 0; second < 150; second++) {
        yield* keys.authenticate(hash)
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(
        noted.map((at) => at - start),
        [0, 60_000, 120_000]
      )
    })
  )

  it.effect("is what its owner sees", () =>
    Effect.gen(function* () {
      const { accounts, keys } = yield* setUp(unchanged)
      assert.deepStrictEqual(
        (yield* accounts.keys(accountId)).map(({ lastUsedAt }) => lastUsedAt),
        [null]
      )
      yield* TestClock.adjust("7 seconds")
      yield* keys.authenticate(hash)
      yield* Effect.yieldNow
      const [key] = yield* accounts.keys(accountId)
      assert.strictEqual(key?.lastUsedAt, yield* Effect.clockWith((clock) => clock.currentTimeMillis))
    })
  )

  it.effect.each([Effect.never, Effect.die(new Error("the store is away"))])(
    "holds up and fails no request (%#)",
    (touch) =>
      Effect.gen(function* () {
        const { id, keys } = yield* setUp(() => ({ touch: () => touch }))
        assert.strictEqual((yield* keys.authenticate(hash))?.keyId, id)
        yield* Effect.yieldNow
        assert.strictEqual((yield* keys.authenticate(hash))?.keyId, id)
      })
  )
})

describe("work that is carried on", () => {
  it.effect("ends although whoever asked for it is gone, and is stopped with the host", () =>
    Effect.gen(function* () {
      const host = yield* Scope.make()
      const undisturbed = yield* Scope.provide(carryOn, host)
      const done: Array<string> = []
      const work = (name: string, gate: Deferred.Deferred<void>) =>
        Deferred.await(gate).pipe(
          Effect.andThen(Effect.sync(() => done.push(name))),
          Effect.onInterrupt(() => Effect.sync(() => done.push(`${name} stopped`)))
        )
      const gate = yield* Deferred.make<void>()
      const client = yield* Effect.forkChild(undisturbed(work("order", gate)))
      yield* Effect.forkChild(undisturbed(work("other", yield* Deferred.make<void>())))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(client)
      assert.deepStrictEqual(done, [])
      yield* Deferred.succeed(gate, undefined)
      yield* Effect.yieldNow
      assert.deepStrictEqual(done, ["order"])
      yield* Scope.close(host, yield* Effect.exit(Effect.void))
      assert.deepStrictEqual(done, ["order", "other stopped"])
    })
  )

  it.effect("answers and fails as it would by itself", () =>
    Effect.gen(function* () {
      const undisturbed = yield* carryOn
      assert.strictEqual(yield* undisturbed(Effect.succeed(7)), 7)
      assert.strictEqual(yield* Effect.flip(undisturbed(Effect.fail("no"))), "no")
    })
  )
})
