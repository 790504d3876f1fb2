/** Phone numbers and opt-outs in memory. */
import { Effect, Layer, Result } from "effect"
import { NumberId } from "../Account.ts"
import { NumberRegistry, NumberTaken, type OwnedNumber } from "../number/NumberRegistry.ts"
import { type Conversation, OptOuts } from "../send/OptOut.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"

export const layerNumberRegistry = Layer.effect(
  NumberRegistry,
  Effect.gen(function* () {
    const { call, numbers } = yield* MemoryStore

    return NumberRegistry.of({
      find: (keys) =>
        call(() =>
          keys.flatMap(({ accountId, id }) => {
            const found = numbers.get(id)
            return found?.accountId === accountId ? [found] : []
          })
        ),
      list: (account) =>
        call(() =>
          numbers
            .values()
            .filter((number) => number.accountId === account)
            .sort((a, b) => a.id - b.id)
        ),
      add: (added) =>
        call((): Result.Result<OwnedNumber, NumberTaken> => {
          if (numbers.values().some(({ number }) => number === added.number)) {
            return Result.fail(new NumberTaken({ number: added.number }))
          }
          const number = { ...added, id: NumberId.make(nextId(numbers)), lastInboundAt: null }
          numbers.set(number.id, number)
          return Result.succeed(number)
        }).pipe(Effect.flatMap(Effect.fromResult))
    })
  })
)

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
