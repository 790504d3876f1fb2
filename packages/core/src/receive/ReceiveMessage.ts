/**
 * Use case: what people write to our numbers. Each part that a carrier brings is stored once, goes to the account of its
 * number, and becomes a message as soon as it is whole; what is nobody's message is kept as a dead letter. A part is
 * acknowledged once it is committed, whatever it holds: no carrier is ever asked to bring it again for its content.
 */
import { type Cause, Clock, Context, Effect, Layer, Metric, Schema } from "effect"
import type { Instant, Message } from "../Message.ts"
import { canSend, type NumberKey, NumberRegistry, type OwnedNumber } from "../number/NumberRegistry.ts"
import { E164 } from "../PhoneNumber.ts"
import { isOutage } from "../StoreSurely.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { Deliver } from "./Deliver.ts"
import { type ConcatPlace, cleanedPart, type InboundPart } from "./InboundPart.ts"
import { type DeadLetter, type DeadReason, type GroupKey, type HeldGroup, InboundStore } from "./InboundStore.ts"
import { arrive, close, emptyGroup, type Joined, WINDOW_MILLIS } from "./Reassembly.ts"
import type { Incoming } from "./Received.ts"

/** Groups that one sweep closes. */
export const CLOSING_GROUP = 100

const deadLetters = Metric.counter("sms_inbound_dead_letters_total", {
  description: "Inbound parts that are no message of anybody.",
  incremental: true
})

export class ReceiveMessage extends Context.Service<
  ReceiveMessage,
  {
    /** Returns once all is committed and may be acknowledged. Gives the messages that are whole now, in their order. */
    receive(parts: ReadonlyArray<InboundPart>): Effect.Effect<ReadonlyArray<Message>>
    /** Delivers what has waited too long for its other parts, at most one group of them. Gives how many there were. */
    readonly sweep: Effect.Effect<number>
  }
>()("@cliqtel/sms-core/receive/ReceiveMessage") {
  static readonly layer = Layer.effect(
    ReceiveMessage,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const store = yield* InboundStore
      const numbers = yield* NumberRegistry
      const deliver = yield* Deliver

      /**
       * The numbers that parts are for; held where one has to be joined, so that parts that two hosts receive at once see
       * each other. Whole messages wait for nobody.
       */
      const recipients = Effect.fnUntraced(function* (parts: ReadonlyArray<InboundPart>) {
        const asked = [...new Set(parts.map(({ to }) => to).filter(isE164))]
        const found = asked.length === 0 ? [] : yield* numbers.byNumbers(asked)
        const isWhole = parts.every(({ concat }) => concat === null)
        const owners = isWhole || found.length === 0 ? found : yield* numbers.lock(found)
        return new Map<string, OwnedNumber>(owners.map((number) => [number.number, number]))
      })

      const bury = Effect.fnUntraced(function* (letters: ReadonlyArray<DeadLetter>, at: Instant) {
        if (letters.length === 0) return
        yield* store.bury(letters, at)
        yield* unit.afterCommit(
          Effect.forEach(letters, ({ reason }) => Metric.update(Metric.withAttributes(deadLetters, { reason }), 1), {
            discard: true
          })
        )
      })

      const together = (parts: ReadonlyArray<InboundPart>) =>
        unit.run(
          Effect.gen(function* () {
            const now = yield* Clock.currentTimeMillis
            const fresh = yield* store.note(parts, now)
            const owners = yield* recipients(fresh)
            const addressed = fresh.map((part) => address(part, owners.get(part.to)))
            yield* bury(addressed.filter(isDead), now)
            // A number that is switched off hears a STOP all the same.
            for (const { number, part, person } of addressed.filter(isDead)) {
              if (number && person !== null && part.concat === null) yield* deliver.heed(number, person, part.body)
            }

            const mail = addressed.filter(isMail)
            const keys = uniqueKeys(mail)
            const held = keys.length === 0 ? [] : yield* store.groups(keys)
            const { groups, incoming } = reassemble(mail, held, now)
            if (groups.length > 0) yield* store.hold(groups)
            return yield* deliver.store(incoming, now)
          })
        )

      /** What the store refuses even alone is kept apart, so that the carrier need not bring it again and again. */
      const alone = (part: InboundPart): Effect.Effect<ReadonlyArray<Message>> =>
        unlessOutage(together([part]), (cause) =>
          Effect.logError("An inbound part cannot be received", { carrier: part.carrier }, cause).pipe(
            Effect.andThen(unlessOutage(refuse(part), (again) => Effect.logError("Nor can it be kept", again))),
            Effect.as([])
          )
        )

      const refuse = (part: InboundPart) =>
        unit.run(
          Effect.gen(function* () {
            const now = yield* Clock.currentTimeMillis
            const fresh = yield* store.note([part], now)
            yield* bury(
              fresh.map((one) => ({ part: one, reason: "refused" })),
              now
            )
          })
        )

      const receive = Effect.fn("ReceiveMessage.receive")(function* (parts: ReadonlyArray<InboundPart>) {
        const cleaned = parts.map(cleanedPart)
        if (cleaned.length === 0) return []
        return yield* unlessOutage(together(cleaned), () =>
          Effect.map(Effect.forEach(cleaned, alone), (all) => all.flat())
        )
      })

      const closeAll = (due: ReadonlyArray<HeldGroup>, now: Instant) =>
        unit.run(
          Effect.gen(function* () {
            const held = new Map((yield* numbers.lock(numbersOf(due))).map((number) => [number.id, number]))
            const groups = (yield* store.groups(due)).filter(({ since }) => now - since >= WINDOW_MILLIS)
            const incoming = groups.flatMap((group): ReadonlyArray<Incoming> => {
              const number = held.get(group.numberId)
              return number === undefined ? [] : close(group).map((joined) => ({ ...group, number, joined }))
            })
            yield* deliver.store(incoming, now)
            if (groups.length > 0) yield* store.release(groups)
          })
        )

      const sweep = Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        const due = yield* store.overdue(now - WINDOW_MILLIS, CLOSING_GROUP)
        if (due.length === 0) return 0
        yield* unlessOutage(closeAll(due, now), () =>
          Effect.forEach(
            due,
            (one) =>
              unlessOutage(closeAll([one], now), (cause) =>
                Effect.andThen(
                  Effect.logError("An incomplete message cannot be delivered", cause),
                  store.release([one])
                )
              ),
            { discard: true }
          )
        )
        return due.length
      })

      return ReceiveMessage.of({ receive, sweep })
    })
  )
}

const isE164 = Schema.is(E164)

/** While the store is away nothing is decided: whoever asked tries again. */
const unlessOutage = <A, B>(work: Effect.Effect<A>, otherwise: (cause: Cause.Cause<never>) => Effect.Effect<B>) =>
  Effect.catchCauseIf(work, (cause) => !isOutage(cause), otherwise)

/** A part with the number it is for and the person it is from, as far as there are any. */
interface Addressed {
  readonly part: InboundPart
  readonly number: OwnedNumber | undefined
  readonly person: E164 | null
  readonly reason: DeadReason | null
}

interface Dead extends Addressed {
  readonly reason: DeadReason
}

interface Mail extends Addressed {
  readonly number: OwnedNumber
  readonly person: E164
}

const address = (part: InboundPart, number: OwnedNumber | undefined): Addressed => {
  const person = isE164(part.from) ? part.from : null
  return { part, number, person, reason: reasonOf(number, person) }
}

const reasonOf = (number: OwnedNumber | undefined, person: E164 | null): DeadReason | null => {
  if (number === undefined) return "unknown_number"
  if (person === null) return "invalid_sender"
  if (number.status !== "active") return "number_not_active"
  return canSend(number) ? null : "sms_off"
}

const isDead = (addressed: Addressed): addressed is Dead => addressed.reason !== null

const isMail = (addressed: Addressed): addressed is Mail => addressed.reason === null

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

const uniqueKeys = (mail: ReadonlyArray<Mail>): ReadonlyArray<GroupKey> => [
  ...new Map(
    mail.flatMap((one) => {
      if (one.part.concat === null) return []
      const key = keyOf(one, one.part.concat)
      return [[nameOf(key), key] as const]
    })
  ).values()
]

const numbersOf = (groups: ReadonlyArray<GroupKey>): ReadonlyArray<NumberKey> => [
  ...new Map(groups.map(({ accountId, numberId: id }) => [id, { accountId, id }])).values()
]

/** The messages that parts make together with those that are held, and what is held afterwards. */
const reassemble = (mail: ReadonlyArray<Mail>, held: ReadonlyArray<HeldGroup>, now: Instant) => {
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
