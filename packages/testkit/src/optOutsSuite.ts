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
        for (const other of others) yield* optOuts.optIn(other)
        assert.deepStrictEqual(yield* optOuts.find(all), [stopped])
        yield* optOuts.optIn(stopped)
        assert.deepStrictEqual(yield* optOuts.find(all), [])
      })
    )
  })

const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))
