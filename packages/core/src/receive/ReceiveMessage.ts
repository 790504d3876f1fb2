/**
 * Use case: what people write to our numbers. Each part that a carrier brings is stored once, goes to the account of its
 * number, and becomes a message as soon as it is whole; what is nobody's message is kept as a dead letter. A part is
 * acknowledged once it is committed, whatever it holds: no carrier is ever asked to bring it again for its content.
 */
import { type Cause, Clock, Context, Effect, Layer, Metric } from "effect"
import type { Instant, Message } from "../Message.ts"
import { type NumberKey, NumberRegistry, type OwnedNumber } from "../number/NumberRegistry.ts"
import { isOutage } from "../StoreSurely.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { address, isDead, isE164, isMail } from "./Addressed.ts"
import { Deliver } from "./Deliver.ts"
import { cleanedPart, type InboundPart } from "./InboundPart.ts"
import { type DeadLetter, type GroupKey, type HeldGroup, InboundStore } from "./InboundStore.ts"
import { reassemble, uniqueKeys } from "./Joining.ts"
import { close, WINDOW_MILLIS } from "./Reassembly.ts"
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

/** While the store is away nothing is decided: whoever asked tries again. */
const unlessOutage = <A, B>(work: Effect.Effect<A>, otherwise: (cause: Cause.Cause<never>) => Effect.Effect<B>) =>
  Effect.catchCauseIf(work, (cause) => !isOutage(cause), otherwise)

const numbersOf = (groups: ReadonlyArray<GroupKey>): ReadonlyArray<NumberKey> => [
  ...new Map(groups.map(({ accountId, numberId: id }) => [id, { accountId, id }])).values()
]
