/** The parts that a carrier brings together, joined with those that are held. */
import type { Instant } from "../Message.ts"
import type { Mail } from "./Addressed.ts"
import type { ConcatPlace } from "./InboundPart.ts"
import type { GroupKey, HeldGroup } from "./InboundStore.ts"
import { arrive, emptyGroup, type Joined } from "./Reassembly.ts"
import type { Incoming } from "./Received.ts"

/** The messages that parts make together with those that are held, and what is held afterwards. */
export const reassemble = (mail: ReadonlyArray<Mail>, held: ReadonlyArray<HeldGroup>, now: Instant) => {
  const known = new Map(held.map((group) => [nameOf(group), group]))
  const changed = new Map<string, HeldGroup>()
  const incoming: Array<Incoming> = []
  for (const one of mail) {
    const { body, carrier, concat, encoding } = one.part
    const complete = (joined: Joined) => incoming.push({ number: one.number, person: one.person, carrier, joined })
    if (concat === null) {
      complete({ body, encoding, segments: 1, hasGaps: false })
      continue
    }
    const key = keyOf(one, concat)
    const name = nameOf(key)
    const before = changed.get(name) ?? known.get(name) ?? emptyGroup(concat.total, now)
    const { group, joined } = arrive(before, { index: concat.index, body, encoding }, now)
    if (group !== before) changed.set(name, { ...key, ...group, carrier })
    joined.forEach(complete)
  }
  return { incoming, groups: [...changed.values()] }
}

/** The groups that parts belong to, each once. */
export const uniqueKeys = (mail: ReadonlyArray<Mail>): ReadonlyArray<GroupKey> => [
  ...new Map(
    mail.flatMap((one) => {
      if (one.part.concat === null) return []
      const key = keyOf(one, one.part.concat)
      return [[nameOf(key), key] as const]
    })
  ).values()
]

const keyOf = ({ number, person }: Mail, { bits, ref, total }: ConcatPlace): GroupKey => ({
  accountId: number.accountId,
  numberId: number.id,
  person,
  bits,
  ref,
  total
})

const nameOf = ({ bits, numberId, person, ref, total }: GroupKey): string =>
  `${numberId} ${person} ${bits} ${ref} ${total}`
