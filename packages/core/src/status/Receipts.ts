/**
 * Use case: carrier receipts. They are stored before they are acknowledged, and processed after: they come before the
 * carrier's answer to the submit, after it, twice, or never. One that matches no message waits and is matched again.
 */
import { Clock, Context, Effect, Layer } from "effect"
import { Carriers, type Receipt } from "../send/Carrier.ts"
import { parseClientRef } from "../send/ClientRef.ts"
import { DispatchQueue } from "../send/DispatchQueue.ts"
import { Wakeups } from "../send/Wakeups.ts"
import type { Instant } from "../Message.ts"
import { plainText, plainTextOrNull } from "../PlainText.ts"
import { isOutage } from "../StoreSurely.ts"
import { atOnce, UnitOfWork } from "../UnitOfWork.ts"
import { answeredRef } from "./CarrierRef.ts"
import type { Report } from "./Lifecycle.ts"
import { type MessageKey, MessageStore, type RefMatch } from "./MessageStore.ts"
import { ReceiptInbox, type StoredReceipt } from "./ReceiptInbox.ts"
import { advances } from "./Status.ts"
import { type Finding, Track } from "./Track.ts"

/** Receipts that one unit of work applies; where there were as many, there may be more. */
export const RECEIPT_GROUP = 256

/** A receipt whose message is still unknown after this long is given up. */
const UNMATCHED_MILLIS = 72 * 60 * 60 * 1000

/** A receipt that the store refuses is tried again this much later. */
const REFUSED_MILLIS = 600_000

/** A tenth of its age, from a quarter of a second to ten minutes: the answer it waits for usually comes at once. */
export const rematchDelay = (ageMillis: number): number => {
  const tenth = Math.min(600_000, ageMillis / 10)
  // To the quarter, so that those that come together are put off together.
  return Math.max(1, Math.ceil(tenth / QUARTER_MILLIS)) * QUARTER_MILLIS
}

const QUARTER_MILLIS = 250

export class Receipts extends Context.Service<
  Receipts,
  {
    /** Stores receipts; returns once they are committed and may be acknowledged. */
    receive(receipts: ReadonlyArray<Receipt>): Effect.Effect<void>
    /** Applies the receipts that are due, at most one group. Gives how many there were. */
    process: Effect.Effect<number>
  }
>()("@cliqtel/sms-core/status/Receipts") {
  static readonly layer = Layer.effect(
    Receipts,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const inbox = yield* ReceiptInbox
      const messages = yield* MessageStore
      const queue = yield* DispatchQueue
      const track = yield* Track
      const carriers = yield* Carriers
      const wakeups = yield* Wakeups

      // The only change, and whole by itself: it needs no unit of work around it.
      const receive = (receipts: ReadonlyArray<Receipt>) =>
        Clock.currentTimeMillis.pipe(
          Effect.flatMap((now) => inbox.put(receipts.map(cleaned), now)),
          Effect.andThen(unit.afterCommit(wakeups.receipts.ring))
        )

      const apply = Effect.fnUntraced(function* (due: ReadonlyArray<StoredReceipt>, now: Instant) {
        const matches = yield* match(due)
        const tracked = yield* track.record(findingsOf(due, matches))

        const known = new Set(tracked.map(({ message }) => `${message.accountId} ${message.id}`))
        const resolved = tracked.flatMap(({ message: { accountId, id, status } }) =>
          advances("sending", status) ? [{ accountId, id }] : []
        )
        const applied: Array<number> = []
        const postponed: Array<{ readonly id: number; readonly at: Instant }> = []
        for (const { id, receipt, receivedAt } of due) {
          const key = matches.get(id)
          const age = now - receivedAt
          if ((key !== undefined && known.has(`${key.accountId} ${key.id}`)) || age > UNMATCHED_MILLIS) {
            applied.push(id)
            continue
          }
          yield* Effect.logDebug("A receipt matches no message yet", { carrier: receipt.carrier, id })
          postponed.push({ id, at: now + rematchDelay(age) })
        }
        for (const [at, ones] of Map.groupBy(postponed, (one) => one.at)) {
          yield* inbox.postpone(
            ones.map(({ id }) => id),
            at
          )
        }
        yield* atOnce([
          resolved.length > 0 ? queue.resolve(resolved) : Effect.void,
          applied.length > 0 ? inbox.finish(applied) : Effect.void
        ])
      })

      const processTogether = unit.run(
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const due = yield* inbox.claim(now, RECEIPT_GROUP)
          if (due.length > 0) yield* apply(due, now)
          return due.length
        })
      )

      /** One by one; one that cannot be applied is put off, so that it does not hold up those behind it. */
      const processSingly = unit.run(
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const due = yield* inbox.claim(now, RECEIPT_GROUP)
          for (const one of due) {
            yield* unit.run(apply([one], now)).pipe(
              Effect.catchCauseIf(
                (cause) => !isOutage(cause),
                (cause) =>
                  Effect.andThen(
                    Effect.logError("A receipt cannot be applied", cause),
                    inbox.postpone([one.id], now + REFUSED_MILLIS)
                  )
              )
            )
          }
          return due.length
        })
      )

      const process = Effect.catchCauseIf(
        processTogether,
        (cause) => !isOutage(cause),
        () => processSingly
      )

      /** The message that each receipt is about, by the receipt's id; those about none are absent. */
      const match = Effect.fnUntraced(function* (due: ReadonlyArray<StoredReceipt>) {
        const matches = new Map<number, MessageKey & { readonly ref: string | null }>()
        const asked = new Map<string, Set<string>>()
        for (const { id, receipt } of due) {
          if (receipt.ref._tag === "Client") {
            const key = parseClientRef(receipt.ref.ref)
            if (key !== null) matches.set(id, { ...key, ref: null })
            continue
          }
          const refs = asked.get(receipt.carrier) ?? new Set()
          refs.add(answeredOf(receipt.carrier, receipt.ref.id))
          asked.set(receipt.carrier, refs)
        }
        for (const [carrier, refs] of asked) {
          const found = new Map<string, RefMatch>()
          for (const one of yield* messages.matchRefs(carrier, [...refs])) found.set(one.asked, one)
          for (const { id, receipt } of due) {
            if (receipt.carrier !== carrier || receipt.ref._tag === "Client") continue
            const one = found.get(answeredOf(carrier, receipt.ref.id))
            if (one !== undefined) matches.set(id, one)
          }
        }
        return matches
      })

      const answeredOf = (carrier: string, ref: string) =>
        answeredRef(ref, carriers.get(carrier)?.profile.receiptIds ?? "as_answered")

      return Receipts.of({ receive, process })
    })
  )
}

/** As it can be stored. */
const cleaned = (receipt: Receipt): Receipt => ({
  ...receipt,
  eventId: plainText(receipt.eventId),
  ref:
    receipt.ref._tag === "Client"
      ? { _tag: "Client", ref: plainText(receipt.ref.ref) }
      : { _tag: "Carrier", id: plainText(receipt.ref.id) },
  reason: plainTextOrNull(receipt.reason),
  detail: plainTextOrNull(receipt.detail)
})

/** All receipts of one message together, in the order in which they arrived. */
const findingsOf = (
  due: ReadonlyArray<StoredReceipt>,
  matches: ReadonlyMap<number, MessageKey & { readonly ref: string | null }>
): ReadonlyArray<Finding> => {
  const reports = new Map<
    string,
    { readonly key: MessageKey; readonly reports: Array<Report & { readonly by: string }> }
  >()
  for (const {
    id,
    receipt: { carrier, detail, reason, status }
  } of due) {
    const matched = matches.get(id)
    if (matched === undefined) continue
    const name = `${matched.accountId} ${matched.id}`
    const one = reports.get(name) ?? { key: matched, reports: [] }
    one.reports.push({ _tag: "Receipt", ref: matched.ref, status, reason, detail, by: carrier })
    reports.set(name, one)
  }
  return [...reports.values()].map(({ key, reports: all }) => ({
    accountId: key.accountId,
    id: key.id,
    createdAt: key.createdAt,
    // A carrier that names a message of another one has nothing to say of it.
    reports: ({ message }) => all.filter(({ by }) => by === message.carrier)
  }))
}
