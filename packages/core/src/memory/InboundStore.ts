/** What is kept of inbound messages, in memory. */
import { Effect, Layer } from "effect"
import type { Instant } from "../Message.ts"
import {
  type DeadLetter,
  type DeadReason,
  type GroupKey,
  type HeldGroup,
  InboundStore
} from "../receive/InboundStore.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"

interface Letter extends DeadLetter {
  readonly id: number
  readonly at: Instant
}

export const layerInboundStore = Layer.effect(
  InboundStore,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const seen = table<string, true>()
    const held = table<string, HeldGroup>()
    const letters = table<number, Letter>()
    const nameOf = ({ accountId, bits, numberId, person, ref, total }: GroupKey) =>
      `${accountId} ${numberId} ${person} ${bits} ${ref} ${total}`

    return InboundStore.of({
      note: (parts) =>
        call(() =>
          parts.filter(({ carrier, eventId }) => {
            const event = `${carrier} ${eventId}`
            if (seen.get(event)) return false
            seen.set(event, true)
            return true
          })
        ),
      groups: (keys) => call(() => keys.flatMap((key) => held.get(nameOf(key)) ?? [])),
      hold: (groups) => call(() => groups.forEach((group) => held.set(nameOf(group), group))),
      overdue: (before, limit) =>
        call(() =>
          held
            .values()
            .filter(({ since }) => since <= before)
            .sort((a, b) => a.since - b.since)
            .slice(0, limit)
        ),
      release: (keys) => call(() => keys.forEach((key) => held.delete(nameOf(key)))),
      bury: (buried, at) =>
        call(() => {
          for (const letter of buried) {
            const id = nextId(letters)
            letters.set(id, { ...letter, id, at })
          }
        }),
      dead: call(() => {
        const counts = new Map<DeadReason, number>()
        for (const { reason } of letters.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1)
        return counts
      })
    })
  })
)
