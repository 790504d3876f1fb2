/** Accounts' events in memory. */
import { Effect, Layer } from "effect"
import { EventLog, type StoredEvent } from "../notify/AccountEvent.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"

export const layerEventLog = Layer.effect(
  EventLog,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const rows = table<number, StoredEvent>()

    return EventLog.of({
      append: (events) =>
        call(() => {
          for (const event of events) {
            const id = nextId(rows)
            rows.set(id, { ...event, id })
          }
        }),
      page: (account, { after = 0, limit }) =>
        call(() =>
          rows
            .values()
            .filter((one) => one.accountId === account && one.id > after)
            .slice(0, limit)
        )
    })
  })
)
