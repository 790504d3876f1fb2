/** Orders in memory. */
import { Effect, Layer } from "effect"
import { OrderId } from "../Account.ts"
import { OrderBook, type OrderRecord } from "../number/OrderBook.ts"
import { MemoryStore } from "./MemoryStore.ts"

interface Row extends OrderRecord {
  readonly confirmed: boolean
}

export const layerOrderBook = Layer.effect(
  OrderBook,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const rows = table<OrderId, Row>()
    let ids = 0

    return OrderBook.of({
      nextId: call(() => OrderId.make(++ids)),
      insert: (order) => call(() => rows.set(order.id, { ...order, confirmed: false })),
      confirm: (account, id) =>
        call(() => {
          const row = rows.get(id)
          if (row?.accountId === account) rows.set(id, { ...row, confirmed: true })
        }),
      unconfirmed: (before, limit) =>
        call(() =>
          rows
            .values()
            .filter((row) => !row.confirmed && row.at < before)
            .sort((a, b) => a.at - b.at || a.id - b.id)
            .slice(0, limit)
            .map(({ accountId, at, id, total }): OrderRecord => ({ accountId, id, total, at }))
        )
    })
  })
)
