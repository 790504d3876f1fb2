/** What every `NumberRegistry` and every `OptOuts` must do. */
import {
  CountryCode,
  E164,
  EUR,
  type NewNumber,
  Micros,
  money,
  NumberId,
  NumberRegistry,
  type OwnedNumber,
  OptOuts,
  type UnitOfWork
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Result } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, LAYER_OPTIONS } from "./suite.ts"

export const numberRegistrySuite = <E>(name: string, ports: Layer.Layer<NumberRegistry | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`NumberRegistry (${name})`, (it) => {
    it.effect("gives back what was added", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const { number } = yield* Fixture.use((fixture) => Effect.flatMap(open, (account) => fixture.number(account)))
        const accountId = yield* open
        const taken: NewNumber = {
          accountId,
          number,
          country: CountryCode.make("DE"),
          type: "toll_free",
          status: "pending_verification",
          carrier: "acme",
          monthlyPrice: money(1_500_000n, EUR),
          sms: { state: "past_due", monthlyPrice: money(750_000n, EUR), paidUntil: 1_790_000_000_123 },
          profileAssigned: false
        }
        assert.strictEqual((yield* Effect.flip(registry.add(taken)))._tag, "NumberTaken")

        const free = { ...taken, number: E164.make(`+999${String(accountId).padStart(10, "0")}`) }
        const added = yield* registry.add(free)
        const { id, ...given } = added
        assert.deepStrictEqual(given, { ...free, lastInboundAt: null })
        assert.deepStrictEqual(yield* registry.find([{ accountId, id }]), [added])
        assert.deepStrictEqual(yield* registry.list(accountId), [added])
      })
    )

    it.effect("finds numbers under their own account alone, and lists them by id", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const fixture = yield* Fixture
        const [one, two] = [yield* open, yield* open]
        const mine: Array<OwnedNumber> = []
        for (let i = 0; i < 4; i++) {
          mine.push(yield* fixture.number(one))
          yield* fixture.number(two)
        }
        const keys = mine.map(({ accountId, id }) => ({ accountId, id }))
        assert.sameDeepMembers([...(yield* registry.find(keys.toReversed()))], mine)
        assert.deepStrictEqual(yield* registry.find(keys.map(({ id }) => ({ accountId: two, id }))), [])
        const unknown = NumberId.make(Number.MAX_SAFE_INTEGER)
        assert.deepStrictEqual(yield* registry.find([{ accountId: one, id: unknown }]), [])
        assert.deepStrictEqual(
          yield* registry.list(one),
          mine.toSorted((a, b) => a.id - b.id)
        )
        assert.deepStrictEqual(yield* registry.list(yield* open), [])
      })
    )

    it.effect("gives a number to one of those who want it at once", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const fixture = yield* Fixture
        const accountId = yield* open
        const { id: _, lastInboundAt: __, ...sample } = yield* fixture.number(accountId)
        const number = E164.make(`+998${String(accountId).padStart(10, "0")}`)
        const added = yield* Effect.all(
          Array.from({ length: 8 }, () => Effect.result(registry.add({ ...sample, number }))),
          ATONCE
        )
        assert.lengthOf(added.filter(Result.isSuccess), 1)
      })
    )
  })

export const optOutsSuite = <E>(name: string, ports: Layer.Layer<OptOuts | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`OptOuts (${name})`, (it) => {
    it.effect("stops one number from writing to one person, until that person opts in again", () =>
      Effect.gen(function* () {
        const optOuts = yield* OptOuts
        const fixture = yield* Fixture
        const [one, two] = [yield* open, yield* open]
        const person = E164.make("+31612345678")
        const stopped = { accountId: one, numberId: (yield* fixture.number(one)).id, person }
        const others = [
          { ...stopped, person: E164.make("+31612345679") },
          { ...stopped, numberId: (yield* fixture.number(one)).id },
          { ...stopped, accountId: two }
        ]
        const all = [...others, stopped]
        assert.deepStrictEqual(yield* optOuts.find(all), [])
        yield* optOuts.optOut(stopped)
        yield* optOuts.optOut(stopped)
        assert.deepStrictEqual(yield* optOuts.find(all), [stopped])
        assert.deepStrictEqual(yield* optOuts.find([]), [])
        for (const other of others) yield* optOuts.optIn(other)
        assert.deepStrictEqual(yield* optOuts.find(all), [stopped])
        yield* optOuts.optIn(stopped)
        assert.deepStrictEqual(yield* optOuts.find(all), [])
      })
    )
  })

const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))
