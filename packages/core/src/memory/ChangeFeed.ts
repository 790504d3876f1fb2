/** The feed of changes in memory. Units of work run one after another, so their order is that of their commits. */
import { Effect, Layer } from "effect"
import { ChangeFeed, type FeedAsk, isAfter, type MessageChange } from "../notify/ChangeFeed.ts"
import { messageAt } from "../status/MessageAt.ts"
import { MemoryStore } from "./MemoryStore.ts"

export const layerChangeFeed = Layer.effect(
  ChangeFeed,
  Effect.gen(function* () {
    const { call, transitions } = yield* MemoryStore

    const changesAfter = ({ accountId, after }: FeedAsk, limit: number): ReadonlyArray<MessageChange> =>
      transitions
        .values()
        .filter(({ message }) => message.accountId === accountId)
        .map(({ entry, id, message }) => ({
          accountId,
          position: { unit: BigInt(id), messageId: message.id, seq: entry.seq },
          message: messageAt(message, entry),
          created: entry.seq === 1
        }))
        .filter(({ position }) => isAfter(position, after))
        .slice(0, limit)

    return ChangeFeed.of({
      now: call(() => ({ unit: BigInt((transitions.values().at(-1)?.id ?? 0) + 1), messageId: 0, seq: 0 })),
      since: (asks, limit) => call(() => asks.flatMap((ask) => changesAfter(ask, limit)))
    })
  })
)
