/** Opt-outs in memory. */
import { Clock, Effect, Layer } from "effect"
import { type Conversation, type OptOut, type OptOutKey, OptOuts } from "../send/OptOut.ts"
import { MemoryStore } from "./MemoryStore.ts"

export const layerOptOuts = Layer.effect(
  OptOuts,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const optedOut = table<string, OptOut>()
    const nameOf = ({ accountId, numberId, person }: Conversation) => `${accountId} ${numberId} ${person}`

    return OptOuts.of({
      find: (conversations) => call(() => conversations.filter((one) => optedOut.get(nameOf(one)) !== undefined)),
      optOut: ({ accountId, numberId, person }) =>
        Effect.flatMap(Clock.currentTimeMillis, (createdAt) =>
          call(() => {
            const one = { accountId, numberId, person, createdAt }
            if (optedOut.get(nameOf(one)) === undefined) optedOut.set(nameOf(one), one)
          })
        ),
      optIn: (one) =>
        call(() => {
          const found = optedOut.get(nameOf(one)) !== undefined
          optedOut.delete(nameOf(one))
          return found
        }),
      list: (account, { after, limit, numberId }) =>
        call(() =>
          optedOut
            .values()
            .filter((one) => one.accountId === account && (numberId === undefined || one.numberId === numberId))
            .filter((one) => after === undefined || newestFirst(after, one) < 0)
            .sort(newestFirst)
            .slice(0, limit)
        )
    })
  })
)

const newestFirst = (a: OptOutKey, b: OptOutKey): number =>
  b.createdAt - a.createdAt || b.numberId - a.numberId || (a.person < b.person ? 1 : a.person > b.person ? -1 : 0)
