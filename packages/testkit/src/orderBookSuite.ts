/** What every `OrderBook` must do. */
import { EUR, Micros, money, OrderBook, type OrderRecord, type UnitOfWork } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, LAYER_OPTIONS } from "./suite.ts"

/** Long ago: no order of another test is that old. */
const AT = 1_500_000_000_000

export const orderBookSuite = <E>(name: string, ports: Layer.Layer<OrderBook | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`OrderBook (${name})`, (it) => {
    it.effect("gives out no id twice", () =>
      Effect.gen(function* () {
        const orders = yield* OrderBook
        const ids = yield* Effect.all(
          Array.from({ length: 50 }, () => orders.nextId),
          ATONCE
        )
        assert.strictEqual(new Set(ids).size, 50)
      })
    )

    it.effect("knows which orders their provider has not been told of", () =>
      Effect.gen(function* () {
        const orders = yield* OrderBook
        const account = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))
        const [accountId, other] = [yield* account, yield* account]
        const made: Array<OrderRecord> = []
        for (const at of [AT + 2, AT + 1, AT + 3]) {
          const order = { accountId, id: yield* orders.nextId, total: money(1_750_000n, EUR), at }
          yield* orders.insert(order)
          made.push(order)
        }
        const [second, first, last] = made as [OrderRecord, OrderRecord, OrderRecord]
        assert.deepStrictEqual(yield* orders.unconfirmed(AT + 3, 10), [first, second])
        assert.deepStrictEqual(yield* orders.unconfirmed(AT + 4, 2), [first, second])
        yield* orders.confirm(other, first.id, AT + 9)
        assert.deepStrictEqual(yield* orders.unconfirmed(AT + 4, 10), [first, second, last])
        yield* orders.confirm(accountId, first.id, AT + 9)
        yield* orders.confirm(accountId, first.id, AT + 10)
        assert.deepStrictEqual(yield* orders.unconfirmed(AT + 4, 10), [second, last])
        for (const { id } of [second, last]) yield* orders.confirm(accountId, id, AT + 9)
      })
    )
  })
