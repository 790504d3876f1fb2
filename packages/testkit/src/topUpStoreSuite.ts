/** What every `TopUpStore` must do. */
import { EUR, Micros, money, type TopUp, TopUpStore, UnitOfWork } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, LAYER_OPTIONS } from "./suite.ts"

/** Long ago: no top-up of another test was due by then. */
const AT = 1_500_000_000_000

export const topUpStoreSuite = <E>(name: string, ports: Layer.Layer<TopUpStore | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`TopUpStore (${name})`, (it) => {
    const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))

    it.effect("keeps a top-up from pending to its end, under its own account alone", () =>
      Effect.gen(function* () {
        const store = yield* TopUpStore
        const unit = yield* UnitOfWork
        const [accountId, other] = [yield* open, yield* open]
        const amount = money(10_000_000n, EUR)
        const one = yield* store.insert({ accountId, amount, at: AT, dueAt: AT + 1_000_000 })
        const two = yield* store.insert({ accountId, amount, at: AT, dueAt: AT + 1_000_000 })
        const { id, ...given } = one
        assert.deepStrictEqual(given, { accountId, amount, state: { _tag: "Pending" }, createdAt: AT })
        assert.deepStrictEqual(yield* store.find(one), one)
        assert.isUndefined(yield* store.find({ accountId: other, id }))

        const paid = { _tag: "Paid", balance: money(12_000_000n, EUR) } as const
        const settle = (key: TopUp, state: Parameters<(typeof store)["settle"]>[1]) =>
          unit.run(
            Effect.gen(function* () {
              assert.deepStrictEqual(yield* store.lock(key), key)
              yield* store.settle(key, state)
            })
          )
        yield* settle(one, paid)
        yield* settle(two, { _tag: "Declined", reason: "card_declined" })
        assert.deepStrictEqual(yield* store.find(one), { ...one, state: paid })
        assert.deepStrictEqual(yield* store.find(two), { ...two, state: { _tag: "Declined", reason: "card_declined" } })
        assert.deepStrictEqual(yield* store.claimPending(AT + 2_000_000, AT + 3_000_000, 10), [])
      })
    )

    it.effect("gives what is pending for too long to one caller at a time", () =>
      Effect.gen(function* () {
        const store = yield* TopUpStore
        const accountId = yield* open
        const insert = (dueAt: number) => store.insert({ accountId, amount: money(1n, EUR), at: AT, dueAt })
        const made = [yield* insert(AT + 1), yield* insert(AT + 2), yield* insert(AT + 30_000)]
        const claimed = yield* Effect.all(
          Array.from({ length: 4 }, () => store.claimPending(AT + 2, AT + 60_000, 10)),
          ATONCE
        )
        assert.sameDeepMembers(claimed.flat(), made.slice(0, 2))
        assert.deepStrictEqual(yield* store.claimPending(AT + 30_000, AT + 90_000, 10), made.slice(2))
        assert.sameDeepMembers([...(yield* store.claimPending(AT + 60_000, AT + 90_000, 10))], made.slice(0, 2))
        for (const one of made) yield* store.settle(one, { _tag: "Declined", reason: "test" })
      })
    )
  })
