/** Top-ups; the pending ones, and they alone, have a time at which they are asked for again. */
import { type TopUp, TopUpId, type TopUpKey, type TopUpState, TopUpStore } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { orDefect } from "./Failures.ts"
import { accountId, amount, instant, integer, timestamp } from "./Rows.ts"

interface TopUpRow {
  readonly account_id: bigint
  readonly top_up_id: bigint
  readonly amount: bigint
  readonly currency: string
  readonly status: "pending" | "paid" | "declined"
  readonly balance_after: bigint | null
  readonly reason: string | null
  readonly created_at: Date
}

export const layerTopUpStore = Layer.effect(
  TopUpStore,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const read = ({ accountId: account, id }: TopUpKey, locking: "" | "FOR UPDATE") =>
      sql<TopUpRow>`
        SELECT account_id, top_up_id, amount, currency, status, balance_after, reason, created_at FROM sms.top_ups
        WHERE account_id = ${account} AND top_up_id = ${id} ${sql.literal(locking)}
      `.pipe(
        orDefect,
        Effect.map(([row]) => row && topUpOf(row))
      )

    return TopUpStore.of({
      insert: ({ accountId: account, amount: { currency, micros }, at, dueAt }) =>
        sql<TopUpRow>`
          INSERT INTO sms.top_ups (account_id, amount, currency, status, created_at, due_at)
          VALUES (${account}, ${micros}, ${currency}, 'pending', ${timestamp(at)}, ${timestamp(dueAt)})
          RETURNING account_id, top_up_id, amount, currency, status, balance_after, reason, created_at
        `.pipe(
          orDefect,
          Effect.flatMap(([row]) =>
            row === undefined ? Effect.die(new Error("a top-up was not inserted")) : Effect.succeed(topUpOf(row))
          )
        ),

      find: (key) => read(key, ""),

      lock: (key) => read(key, "FOR UPDATE"),

      settle: ({ accountId: account, id }, state) =>
        sql`
          UPDATE sms.top_ups SET status = ${state._tag === "Paid" ? "paid" : "declined"},
            balance_after = ${state._tag === "Paid" ? state.balance.micros : null},
            reason = ${state._tag === "Declined" ? state.reason : null}, due_at = NULL
          WHERE account_id = ${account} AND top_up_id = ${id}
        `.pipe(orDefect, Effect.asVoid),

      // By their places, like what is claimed of the queue.
      claimPending: (now, dueAt, limit) =>
        sql<TopUpRow>`
          UPDATE sms.top_ups SET due_at = ${timestamp(dueAt)}
          WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM sms.top_ups
            WHERE due_at <= ${timestamp(now)} ORDER BY due_at, top_up_id LIMIT ${limit} FOR UPDATE SKIP LOCKED
          ))
          RETURNING account_id, top_up_id, amount, currency, status, balance_after, reason, created_at
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(topUpOf))
        )
    })
  })
)

const topUpOf = (row: TopUpRow): TopUp => ({
  id: TopUpId.make(integer(row.top_up_id)),
  accountId: accountId(row.account_id),
  amount: amount(row.amount, row.currency),
  state: stateOf(row),
  createdAt: instant(row.created_at)
})

const stateOf = ({ balance_after, currency, reason, status }: TopUpRow): TopUpState => {
  if (status === "pending") return { _tag: "Pending" }
  return balance_after === null
    ? { _tag: "Declined", reason: reason ?? "" }
    : { _tag: "Paid", balance: amount(balance_after, currency) }
}
