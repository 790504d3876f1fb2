/** Opt-outs in memory. */
import { Effect, Layer } from "effect"
import { type Conversation, OptOuts } from "../send/OptOut.ts"
import { MemoryStore } from "./MemoryStore.ts"

export const layerOptOuts = Layer.effect(
  OptOuts,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const optedOut = table<string, Conversation>()
    const nameOf = ({ accountId, numberId, person }: Conversation) => `${accountId} ${numberId} ${person}`

    return OptOuts.of({
      find: (conversations) => call(() => conversations.filter((one) => optedOut.get(nameOf(one)) !== undefined)),
      optOut: (one) => call(() => optedOut.set(nameOf(one), one)),
      optIn: (one) => call(() => optedOut.delete(nameOf(one)))
    })
  })
)
