/** Top-ups in memory. */
import { Effect, Layer } from "effect"
import { TopUpId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import { type TopUp, type TopUpKey, TopUpStore } from "../wallet/TopUpStore.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"

interface Row extends TopUp {
  readonly dueAt: Instant
}

export const layerTopUpStore = Layer.effect(
  TopUpStore,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const rows = table<TopUpId, Row>()

    const rowOf = ({ accountId, id }: TopUpKey): Row | undefined => {
      const row = rows.get(id)
      return row?.accountId === accountId ? row : undefined
    }
    const topUpOf = ({ accountId, amount, createdAt, id, state }: Row): TopUp => ({
      id,
      accountId,
      amount,
      state,
      createdAt
    })
    const find = (key: TopUpKey) =>
      call(() => {
        const row = rowOf(key)
        return row && topUpOf(row)
      })

    return TopUpStore.of({
      insert: ({ accountId, amount, at, dueAt }) =>
        call(() => {
          const id = TopUpId.make(nextId(rows))
          const row: Row = { id, accountId, amount, state: { _tag: "Pending" }, createdAt: at, dueAt }
          rows.set(id, row)
          return topUpOf(row)
        }),
      find,
      lock: find,
      settle: (key, state) =>
        call(() => {
          const row = rowOf(key)
          if (row !== undefined) rows.set(row.id, { ...row, state })
        }),
      claimPending: (now, dueAt, limit) =>
        call(() => {
          const due = rows
            .values()
            .filter((row) => row.state._tag === "Pending" && row.dueAt <= now)
            .sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)
            .slice(0, limit)
          for (const row of due) rows.set(row.id, { ...row, dueAt })
          return due.map(topUpOf)
        })
    })
  })
)
