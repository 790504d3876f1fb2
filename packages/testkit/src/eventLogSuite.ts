/** What every `EventLog` must do. */
import { type AccountEvent, E164, EUR, EventLog, Micros, money, NumberId, UnitOfWork } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { LAYER_OPTIONS } from "./suite.ts"

const AT = 1_790_000_000_123

export const eventLogSuite = <E>(name: string, ports: Layer.Layer<EventLog | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`EventLog (${name})`, (it) => {
    it.effect("gives back an account's events in their order, page by page", () =>
      Effect.gen(function* () {
        const log = yield* EventLog
        const [accountId, other] = [yield* open, yield* open]
        const number = { numberId: NumberId.make(7), number: E164.make("+31201234567") }
        const told: ReadonlyArray<AccountEvent> = [
          { type: "number.sms_enabled", ...number },
          { type: "wallet.low_balance", balance: money(2n ** 62n, EUR), threshold: money(5n, EUR) },
          { type: "number.sms_suspended", ...number },
          { type: "number.sms_disabled", ...number }
        ]
        yield* log.append(told.slice(0, 3).map((event, i) => ({ accountId, at: AT + i, event })))
        yield* log.append([{ accountId: other, at: AT, event: { type: "number.sms_enabled", ...number } }])
        yield* log.append([])
        yield* log.append(told.slice(3).map((event) => ({ accountId, at: AT + 3, event })))

        const first = yield* log.page(accountId, { limit: 3 })
        const rest = yield* log.page(accountId, { limit: 3, after: first.at(-1)?.id })
        const all = [...first, ...rest]
        assert.deepStrictEqual(
          all.map(({ event }) => event),
          told
        )
        assert.deepStrictEqual(
          all.map(({ at }) => at),
          told.map((_, i) => AT + i)
        )
        assert.lengthOf(first, 3)
        assert.lengthOf(yield* log.page(other, { limit: 10 }), 1)
      })
    )

    it.effect("tells of nothing that was undone", () =>
      Effect.gen(function* () {
        const log = yield* EventLog
        const unit = yield* UnitOfWork
        const accountId = yield* open
        const event = { type: "wallet.low_balance", balance: money(1n, EUR), threshold: money(5n, EUR) } as const
        yield* Effect.flip(unit.run(Effect.andThen(log.append([{ accountId, at: AT, event }]), Effect.fail("no"))))
        assert.deepStrictEqual(yield* log.page(accountId, { limit: 10 }), [])
      })
    )
  })

const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))
