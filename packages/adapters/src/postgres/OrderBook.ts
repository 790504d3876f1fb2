/** Orders; those whose provider may not know of them have an index of their own. */
import { OrderBook, OrderId } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { orDefect } from "./Failures.ts"
import { accountId, amount, instant, integer, timestamp } from "./Rows.ts"

interface OrderRow {
  readonly account_id: bigint
  readonly order_id: bigint
  readonly total: bigint
  readonly currency: string
  readonly created_at: Date
}

export const layerOrderBook = Layer.effect(
  OrderBook,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return OrderBook.of({
      nextId: sql<{ readonly id: bigint }>`SELECT nextval('sms.order_ids') AS id`.pipe(
        orDefect,
        Effect.flatMap(([row]) =>
          row === undefined
            ? Effect.die(new Error("a sequence gave nothing"))
            : Effect.succeed(OrderId.make(integer(row.id)))
        )
      ),

      insert: ({ accountId: account, at, id, total }) =>
        sql`
          INSERT INTO sms.orders (account_id, order_id, total, currency, created_at)
          VALUES (${account}, ${id}, ${total.micros}, ${total.currency}, ${timestamp(at)})
        `.pipe(orDefect, Effect.asVoid),

      confirm: (account, id, at) =>
        sql`
          UPDATE sms.orders SET confirmed_at = ${timestamp(at)}
          WHERE account_id = ${account} AND order_id = ${id} AND confirmed_at IS NULL
        `.pipe(orDefect, Effect.asVoid),

      unconfirmed: (before, limit) =>
        sql<OrderRow>`
          SELECT account_id, order_id, total, currency, created_at FROM sms.orders
          WHERE confirmed_at IS NULL AND created_at < ${timestamp(before)}
          ORDER BY created_at, order_id LIMIT ${limit}
        `.pipe(
          orDefect,
          Effect.map((rows) =>
            rows.map((row) => ({
              accountId: accountId(row.account_id),
              id: OrderId.make(integer(row.order_id)),
              total: amount(row.total, row.currency),
              at: instant(row.created_at)
            }))
          )
        )
    })
  })
)
