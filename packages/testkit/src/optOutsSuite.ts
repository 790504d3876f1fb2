/** What every `OptOuts` must do. */
import { E164, Micros, OptOuts, type UnitOfWork } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { LAYER_OPTIONS } from "./suite.ts"

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
        for (const other of others) assert.isFalse(yield* optOuts.optIn(other))
        assert.deepStrictEqual(yield* optOuts.find(all), [stopped])
        assert.isTrue(yield* optOuts.optIn(stopped))
        assert.deepStrictEqual(yield* optOuts.find(all), [])
      })
    )

    it.effect("lists an account's own, newest first, of one number or all, from any place on", () =>
      Effect.gen(function* () {
        const optOuts = yield* OptOuts
        const fixture = yield* Fixture
        const [one, two] = [yield* open, yield* open]
        const [a, b] = [(yield* fixture.number(one)).id, (yield* fixture.number(one)).id]
        const people = Array.from({ length: 6 }, (_, i) => E164.make(`+3161234567${i}`))
        for (const [i, person] of people.entries()) {
          yield* optOuts.optOut({ accountId: one, numberId: i % 2 === 0 ? a : b, person })
          // Some in the same millisecond, some not.
          if (i % 3 === 0) yield* Effect.sleep(2)
        }
        const all = yield* optOuts.list(one, { limit: 10 })
        assert.sameMembers(
          all.map(({ person }) => person),
          people
        )
        const times = all.map(({ createdAt }) => createdAt)
        assert.deepStrictEqual(
          times,
          times.toSorted((x, y) => y - x)
        )
        const walked = []
        for (let after = all[0], first = true; after !== undefined; first = false) {
          const [next] = yield* optOuts.list(one, { limit: 1, after: first ? undefined : after })
          if (next !== undefined) walked.push(next)
          after = next
        }
        assert.deepStrictEqual(walked, all)
        assert.deepStrictEqual(
          yield* optOuts.list(one, { limit: 10, numberId: b }),
          all.filter(({ numberId }) => numberId === b)
        )
        assert.deepStrictEqual(yield* optOuts.list(two, { limit: 10 }), [])
        // Who has opted out already did so then.
        const [last] = all.slice(-1)
        if (last !== undefined) yield* optOuts.optOut(last)
        assert.deepStrictEqual(yield* optOuts.list(one, { limit: 10 }), all)
      })
    )
  })

const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))
