/**
 * Use case: hand queued messages to their carriers. A claim commits `sending` and its lease before the carrier is
 * called, so that after a crash every message that may have been submitted is known; the answer is written back only
 * under the lease. A carrier is never called inside a unit of work.
 */
import { type Cause, Clock, Context, Effect, Layer, Random } from "effect"
import type { MessageId } from "../Account.ts"
import type { Instant, Message } from "../Message.ts"
import type { Report, Tracked } from "../status/Lifecycle.ts"
import { ReceiptInbox } from "../status/ReceiptInbox.ts"
import { Track } from "../status/Track.ts"
import { isOutage, isUndone } from "../StoreSurely.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { type Consequence, consequenceOf, LEASE_MILLIS, spread, SUBMIT_MILLIS } from "./Attempt.ts"
import { Carriers, type SubmitOutcome } from "./Carrier.ts"
import { DispatchQueue, type Lease } from "./DispatchQueue.ts"
import { Wakeups } from "./Wakeups.ts"

export interface Leased {
  readonly lease: Lease
  readonly message: Message
  /** When the lease runs out. */
  readonly until: Instant
}

export interface Answered {
  readonly lease: Lease
  readonly outcome: SubmitOutcome
}

/** A claim's leases before it is known whether they were committed. */
interface Begun {
  readonly leases: ReadonlyArray<Lease>
  readonly until: Instant
}

/** A store that does not answer is asked again after this long. */
const RECLAIM_MILLIS = 500

/** Leases and waits that one sweep looks at; where there were as many, there may be more. */
export const SWEEP_GROUP = 200

export class Dispatch extends Context.Service<
  Dispatch,
  {
    /** Leases up to `limit` messages of a carrier and commits them as `sending`. */
    claim(carrier: string, limit: number): Effect.Effect<ReadonlyArray<Leased>>
    /** Writes answers back; those whose lease was lost change nothing. Gives how many counted. */
    settle(answered: ReadonlyArray<Answered>): Effect.Effect<number>
    /** Makes retries that are due claimable. Gives how many. */
    wake: Effect.Effect<number>
    /** Takes over leases that ran out and ends waits that are over. Gives how many. */
    sweep: Effect.Effect<number>
  }
>()("@cliqtel/sms-core/send/Dispatch") {
  static readonly layer = Layer.effect(
    Dispatch,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const queue = yield* DispatchQueue
      const inbox = yield* ReceiptInbox
      const track = yield* Track
      const carriers = yield* Carriers
      const wakeups = yield* Wakeups

      const claim = (carrier: string, limit: number) =>
        Effect.suspend(() => {
          let begun: Begun | undefined
          const claiming = unit.run(
            Effect.gen(function* () {
              const now = yield* Clock.currentTimeMillis
              const until = now + LEASE_MILLIS
              const leases = yield* queue.claim(carrier, limit, until)
              begun = { leases, until }
              return yield* leased(begun, ({ attempt }) => [{ _tag: "Started", attempt }])
            })
          )
          return Effect.catchCauseIf(
            claiming,
            (cause: Cause.Cause<never>) => !isUndone(cause),
            (cause) => (begun === undefined ? Effect.failCause(cause) : reclaim(begun, cause))
          )
        })

      /** With their messages, of which a report is recorded. A retry of one that is `sending` is an entry of its own. */
      const leased = Effect.fnUntraced(function* (
        { leases, until }: Begun,
        reports: (lease: Lease) => ReadonlyArray<Report>
      ) {
        const held = yield* track.record(
          leases.map((lease) => ({
            accountId: lease.accountId,
            id: lease.messageId,
            createdAt: lease.createdAt,
            reports: () => reports(lease)
          }))
        )
        const byId = new Map(held.map(({ message }) => [message.id, message]))
        return leases.flatMap((lease): ReadonlyArray<Leased> => {
          const message = byId.get(lease.messageId)
          return message === undefined ? [] : [{ lease, message, until }]
        })
      })

      /** Whether a claim was committed whose end was not heard: what it leased was given to no carrier, so it may be now. */
      const reclaim = (begun: Begun, cause: Cause.Cause<never>): Effect.Effect<ReadonlyArray<Leased>> =>
        Effect.gen(function* () {
          if ((yield* Clock.currentTimeMillis) > begun.until - SUBMIT_MILLIS) return yield* Effect.failCause(cause)
          const standing = unit.run(
            Effect.flatMap(queue.hold(begun.leases), (leases) => leased({ ...begun, leases }, () => []))
          )
          return yield* Effect.catchCauseIf(
            standing,
            (again: Cause.Cause<never>) => isOutage(again),
            () => Effect.delay(reclaim(begun, cause), RECLAIM_MILLIS)
          )
        })

      /** Records what each held lease has come to, and gives up or keeps its place in the queue. */
      const conclude = Effect.fnUntraced(function* (
        leases: ReadonlyArray<Lease>,
        consequence: (lease: Lease, held: Tracked, index: number) => Consequence
      ) {
        const found = new Map<MessageId, { readonly lease: Lease; consequence?: Consequence }>(
          leases.map((lease) => [lease.messageId, { lease }])
        )
        yield* track.record(
          leases.map((lease, index) => ({
            accountId: lease.accountId,
            id: lease.messageId,
            createdAt: lease.createdAt,
            reports: (held) => {
              const next = consequence(lease, held, index)
              found.set(lease.messageId, { lease, consequence: next })
              return [next.report]
            }
          }))
        )
        yield* queue.settle(
          [...found.values()].map(({ consequence, lease }) => ({
            lease,
            verdict: consequence?.verdict ?? { _tag: "Done" }
          }))
        )
        return [...found.values()].flatMap(({ consequence, lease }) => (consequence ? [{ lease, ...consequence }] : []))
      })

      const settle = Effect.fnUntraced(function* (answered: ReadonlyArray<Answered>) {
        const concluded = yield* unit.run(settleHeld(answered))
        // Only quicker than the receipts' own wait: what is settled stays so.
        yield* Effect.catchCause(expectReceipts(concluded), (cause) => Effect.logWarning("Receipts must wait", cause))
        return concluded.length
      })

      const settleHeld = Effect.fnUntraced(function* (answered: ReadonlyArray<Answered>) {
        const outcomes = new Map(answered.map(({ lease, outcome }) => [lease.token, outcome]))
        const held = yield* queue.hold(answered.map(({ lease }) => lease))
        const now = yield* Clock.currentTimeMillis
        const random = yield* Random.next
        return yield* conclude(held, (lease, { message }, index) =>
          consequenceOf(
            {
              message,
              attempt: lease.attempt,
              // Held leases are among those that were answered.
              outcome: outcomes.get(lease.token) as SubmitOutcome,
              idempotentSubmits: idempotentSubmits(lease.carrier)
            },
            now,
            spread(random, index)
          )
        )
      })

      /**
       * Receipts that came before the carrier's answer find their message now. In a unit of its own, after the answer's:
       * whoever is looking at such a receipt may be waiting for its message, and must not be waited for in turn.
       */
      const expectReceipts = Effect.fnUntraced(function* (
        concluded: ReadonlyArray<{ readonly lease: Lease; readonly report: Report }>
      ) {
        const refs = new Map<string, Array<string>>()
        for (const { lease, report } of concluded) {
          if (report._tag === "Accepted") refs.set(lease.carrier, [...(refs.get(lease.carrier) ?? []), ...report.refs])
        }
        const now = yield* Clock.currentTimeMillis
        let hastened = 0
        for (const [carrier, ids] of refs) hastened += yield* inbox.hasten(carrier, ids, now)
        if (hastened > 0) yield* wakeups.receipts.ring
      })

      const idempotentSubmits = (carrier: string) => carriers.get(carrier)?.profile.idempotentSubmits === true

      /** Whoever held these was cut off in mid-call: nobody knows what the carrier did. */
      const lost: SubmitOutcome = { _tag: "Unknown", detail: "The host stopped before the carrier had answered." }

      const sweep = unit.run(
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const taken = yield* queue.takeOver(now, SWEEP_GROUP)
          const random = yield* Random.next
          yield* conclude(taken, (lease, { message }, index) =>
            consequenceOf(
              {
                message,
                attempt: lease.attempt,
                outcome: lost,
                idempotentSubmits: idempotentSubmits(lease.carrier)
              },
              now,
              spread(random, index)
            )
          )
          const overdue = yield* queue.overdue(now, SWEEP_GROUP)
          yield* conclude(overdue, () => ({
            report: { _tag: "Expired", reason: "outcome_unknown" },
            verdict: { _tag: "Done" }
          }))
          return taken.length + overdue.length
        })
      )

      const wake = unit.run(
        Effect.gen(function* () {
          const woken = yield* queue.wakeDue(yield* Clock.currentTimeMillis)
          if (woken > 0) yield* unit.afterCommit(wakeups.dispatch.ring)
          return woken
        })
      )

      return Dispatch.of({ claim, settle, wake, sweep })
    })
  )
}
