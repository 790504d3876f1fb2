/** Phone numbers in memory. */
import { Effect, Layer, Result } from "effect"
import { NumberId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import {
  type NumberKey,
  NumberNotFound,
  NumberRegistry,
  NumberTaken,
  type OwnedNumber,
  type RenewalLease
} from "../number/NumberRegistry.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"

interface Held {
  readonly token: string
  readonly until: Instant
}

export const layerNumberRegistry = Layer.effect(
  NumberRegistry,
  Effect.gen(function* () {
    const { call, numbers, table } = yield* MemoryStore
    const leases = table<NumberId, Held>()
    let tokens = 0

    const find = (keys: ReadonlyArray<NumberKey>): ReadonlyArray<OwnedNumber> =>
      keys.flatMap(({ accountId, id }) => {
        const found = numbers.get(id)
        return found?.accountId === accountId ? [found] : []
      })
    const byId = (found: ReadonlyArray<OwnedNumber>) => found.toSorted((a, b) => a.id - b.id)

    return NumberRegistry.of({
      find: (keys) => call(() => find(keys)),
      list: (account) => call(() => byId(numbers.values().filter((number) => number.accountId === account))),
      add: (added) =>
        call((): Result.Result<OwnedNumber, NumberTaken> => {
          if (numbers.values().some(({ number }) => number === added.number)) {
            return Result.fail(new NumberTaken({ number: added.number }))
          }
          const number = { ...added, id: NumberId.make(nextId(numbers)), lastInboundAt: null, helpText: null }
          numbers.set(number.id, number)
          return Result.succeed(number)
        }).pipe(Effect.flatMap(Effect.fromResult)),
      ownerOf: (id) => call(() => numbers.get(id)?.accountId),
      owned: (asked) =>
        call(() => {
          const all = new Set(numbers.values().map(({ number }) => number))
          return new Set(asked.filter((number) => all.has(number)))
        }),
      byNumbers: (asked) =>
        call(() => {
          const wanted = new Set<string>(asked)
          return numbers.values().filter(({ number }) => wanted.has(number))
        }),
      lock: (keys) => call(() => byId(find(keys))),
      save: (changed) =>
        call(() => {
          for (const { id, inactiveSince, profileAssigned, sms, status } of changed) {
            const number = numbers.get(id)
            if (number === undefined) throw new Error(`there is no number ${id}`)
            numbers.set(id, { ...number, status, inactiveSince, profileAssigned, sms })
            leases.delete(id)
          }
        }),
      noteInbound: (keys, at) =>
        call(() => {
          for (const number of find(keys)) {
            numbers.set(number.id, { ...number, lastInboundAt: Math.max(at, number.lastInboundAt ?? at) })
          }
        }),
      setHelpText: (key, helpText) =>
        call((): Result.Result<OwnedNumber, NumberNotFound> => {
          const [number] = find([key])
          if (number === undefined) return Result.fail(new NumberNotFound({ numberId: key.id }))
          const changed = { ...number, helpText }
          numbers.set(number.id, changed)
          return Result.succeed(changed)
        }).pipe(Effect.flatMap(Effect.fromResult)),
      claimRenewals: (now, until, limit) =>
        call(() =>
          numbers
            .values()
            .flatMap((number) => {
              const { dueAt } = number.sms
              const isFree = (leases.get(number.id)?.until ?? 0) <= now
              return dueAt !== null && dueAt <= now && number.status === "active" && isFree ? [{ number, dueAt }] : []
            })
            .sort((a, b) => a.dueAt - b.dueAt || a.number.id - b.number.id)
            .slice(0, limit)
            .map(({ number: { accountId, id } }): RenewalLease => {
              const token = `${++tokens}`
              leases.set(id, { token, until })
              return { accountId, id, token }
            })
        ),
      holdRenewals: (held) => call(() => byId(find(held.filter(({ id, token }) => leases.get(id)?.token === token)))),
      hastenRenewals: (account, now) =>
        call(() => {
          const owed = numbers.values().filter(({ accountId, sms, status }) => {
            const isOwed = sms.state === "past_due" || sms.state === "suspended"
            return accountId === account && status === "active" && isOwed
          })
          for (const number of owed) numbers.set(number.id, { ...number, sms: { ...number.sms, dueAt: now } })
          return owed.length
        })
    })
  })
)
