/**
 * The loops that every host runs, any number of hosts beside each other: claims and submits for each carrier, receipts
 * and inbound messages, and the sweeps that take over what a dead host has left and close what stays incomplete. Closing
 * the scope stops the claims, then finishes what is under way.
 */
import { Clock, Effect, Fiber, FiberSet, Latch, Layer, Queue } from "effect"
import { Renewals, RENEWAL_GROUP } from "../number/Renewals.ts"
import { CLOSING_GROUP, ReceiveMessage } from "../receive/ReceiveMessage.ts"
import { RECEIPT_GROUP, Receipts } from "../status/Receipts.ts"
import { storeSurely } from "../StoreSurely.ts"
import { SUBMIT_MILLIS } from "./Attempt.ts"
import { type CarrierShape, type CarrierSink, Carriers, type SubmitOutcome } from "./Carrier.ts"
import { makeClaimLead } from "./ClaimLead.ts"
import { clientRef } from "./ClientRef.ts"
import { type Answered, type Leased, Dispatch, SWEEP_GROUP } from "./Dispatch.ts"
import { type EarlyReceipts, makeEarlyReceipts, refsOf } from "./EarlyReceipts.ts"
import { makePace } from "./Pace.ts"
import { Wakeups } from "./Wakeups.ts"

/** Where no bell is heard, other hosts' work is found this often; retries that are due too. */
const POLL_MILLIS = 1000

/** After a group that was neither empty nor full: others may have held some of what there is. */
const AGAIN_MILLIS = 100

/** Leases that ran out are looked for this often, and messages whose parts did not all come. */
const SWEEP_MILLIS = 15_000

/** Add-ons that are due are looked for this often. */
const RENEWAL_MILLIS = 5000

/** What is under way when the host stops is waited for this long; after it the leases tell the next host. */
const DRAIN_MILLIS = 8000

/** What a carrier is handing over when the host stops is waited for this long; after it a carrier brings it again. */
const TAKING_MILLIS = 2000

/** Of the groups of each kind: far below what anybody notices of a message. */
const PACE = { millis: 50, longestMillis: 500, large: 64 }

/** Answers that one unit of work writes back. */
const SETTLE_GROUP = 256

/** Answers that are not written back yet, in windows of their carrier: beyond it no more are claimed. */
const UNSETTLED_WINDOWS = 4

/** The next group of answers waits this long for the one before it. */
const SETTLE_PATIENCE_MILLIS = 1000

export const layerWorkers = Layer.effectDiscard(
  Effect.gen(function* () {
    const carriers = yield* Carriers
    const dispatch = yield* Dispatch
    const receipts = yield* Receipts
    const receiving = yield* ReceiveMessage
    const renewals = yield* Renewals
    const wakeups = yield* Wakeups

    /** A host that stood still since its claim may have lost the lease: another may have told what came of it. */
    const submitInTime = (carrier: CarrierShape, { lease, message, until }: Leased): Effect.Effect<SubmitOutcome> =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        now > until - SUBMIT_MILLIS
          ? Effect.succeed<SubmitOutcome>({ _tag: "Temporary", detail: "The host was too slow to submit it." })
          : carrier.submit({ message, clientRef: clientRef(message), attempt: lease.attempt })
      )

    const submit = (carrier: CarrierShape, leased: Leased) =>
      submitInTime(carrier, leased).pipe(
        Effect.timeoutOrElse({
          duration: SUBMIT_MILLIS,
          orElse: () =>
            Effect.succeed<SubmitOutcome>({ _tag: "Unknown", detail: "The carrier did not answer in time." })
        }),
        // What cannot be read is no answer.
        Effect.tap((outcome) => Effect.sync(() => refsOf(outcome))),
        // An adapter's bug tells nothing about what the carrier has done.
        Effect.catchCause((cause) =>
          Effect.logError("A carrier adapter died", cause).pipe(
            Effect.as<SubmitOutcome>({ _tag: "Unknown", detail: "The carrier adapter failed." })
          )
        ),
        Effect.map((outcome): Answered => ({ lease: leased.lease, outcome }))
      )

    const runCarrier = Effect.fnUntraced(function* (carrier: CarrierShape, early: EarlyReceipts) {
      const answers = yield* Queue.unbounded<Answered>()
      const storing = yield* FiberSet.make()
      const idle = Latch.makeUnsafe(true)
      const woken = yield* wakeups.dispatch.listen
      // What fills half a small window waits no longer: the carrier would have nothing to do.
      const large = Math.min(PACE.large, Math.ceil(carrier.profile.window / 2))
      const claimPace = makePace({ ...PACE, large })
      const settlePace = makePace({ ...PACE, large })
      /** Claimed and not written back; those of them that the carrier has not answered. */
      let underWay = 0
      let submitting = 0
      /** That the last claim had. */
      let room = 0

      const store = (group: ReadonlyArray<Answered>) =>
        storeSurely(group, (some) =>
          Effect.tap(dispatch.settle(some), () => Effect.sync(() => early.settled(some)))
        ).pipe(
          Effect.andThen(
            Effect.suspend(() => {
              underWay -= group.length
              // Those that the store refused are among them.
              early.settled(group)
              if (underWay === 0) idle.openUnsafe()
              return wakeups.dispatch.ring
            })
          )
        )

      // One group at a time, so that the next one grows meanwhile; but a group that is held up holds up no other.
      const settleGroup = (group: ReadonlyArray<Answered>) =>
        Effect.flatMap(FiberSet.run(storing, store(group)), (stored) =>
          Effect.as(Effect.timeoutOption(Fiber.await(stored), SETTLE_PATIENCE_MILLIS), group.length)
        )
      const settle = Queue.peek(answers).pipe(
        Effect.andThen(settlePace(Effect.flatMap(Queue.takeBetween(answers, 1, SETTLE_GROUP), settleGroup))),
        Effect.forever
      )

      const answer = (answered: Answered) => {
        submitting--
        lead.answered(answered.outcome)
        early.answered(answered)
        // Not for each: a claim should find room for many.
        const hasRoom = submitting === Math.floor(carrier.profile.window / 2) || submitting === 0
        return Effect.andThen(Queue.offer(answers, answered), hasRoom ? wakeups.dispatch.ring : Effect.void)
      }

      const next = Effect.gen(function* () {
        const { window } = carrier.profile
        const free = Math.min(window - submitting, UNSETTLED_WINDOWS * window - underWay)
        room = free
        const claimed = free <= 0 ? [] : yield* dispatch.claim(carrier.name, free)
        lead.claimed(claimed.length, free)
        underWay += claimed.length
        submitting += claimed.length
        if (underWay > 0) idle.closeUnsafe()
        for (const one of claimed) yield* Effect.forkDetach(Effect.flatMap(submit(carrier, one), answer))
        return claimed.length
      })

      const settling = yield* Effect.forkDetach(settle)
      yield* Effect.addFinalizer(() =>
        idle.await.pipe(Effect.timeoutOption(DRAIN_MILLIS), Effect.andThen(Fiber.interrupt(settling)))
      )
      // It is given up before that: others claim while this host finishes.
      const lead = yield* makeClaimLead(carrier.name)
      yield* Effect.andThen(lead.turn, claimPace(Effect.uninterruptible(next))).pipe(
        Effect.catchCause((cause) => Effect.as(Effect.logWarning("Claiming failed, trying again", cause), 0)),
        Effect.flatMap((claimed) => {
          if (claimed > 0 && claimed >= room) return Effect.void
          const poll = lead.pollMillis(POLL_MILLIS)
          return woken(claimed > 0 ? Math.min(AGAIN_MILLIS, poll) : poll)
        }),
        Effect.forever,
        Effect.forkScoped
      )
    })

    const receiptsPace = makePace(PACE)
    const receiptsCame = yield* wakeups.receipts.listen
    const processReceipts = receiptsPace(Effect.uninterruptible(receipts.process)).pipe(
      Effect.catchCause((cause) => Effect.as(Effect.logWarning("Receipts failed, trying again", cause), 0)),
      Effect.flatMap((count) =>
        count >= RECEIPT_GROUP ? Effect.void : receiptsCame(count > 0 ? AGAIN_MILLIS : POLL_MILLIS)
      ),
      Effect.forever
    )

    const taking = yield* FiberSet.make()
    yield* Effect.addFinalizer(() => Effect.timeoutOption(FiberSet.awaitEmpty(taking), TAKING_MILLIS))
    /** Goes on when the carrier is no longer listened to. */
    const take = (store: Effect.Effect<void>) => Effect.flatMap(FiberSet.run(taking, store), Fiber.join)

    const sinkOf = (early: EarlyReceipts): CarrierSink => ({
      receipts: (received) => take(early.store(received, (ones) => storeSurely(ones, receipts.receive))),
      inbound: (parts) => take(storeSurely(parts, receiving.receive))
    })

    /** An adapter's bug must not make the carrier's reports stop for good. */
    const listen = (carrier: CarrierShape, early: EarlyReceipts) =>
      carrier.listen(sinkOf(early)).pipe(
        Effect.catchCause((cause) => Effect.logError("A carrier adapter stopped listening, it begins again", cause)),
        Effect.andThen(Effect.sleep(POLL_MILLIS)),
        Effect.forever
      )

    const moneyCame = yield* wakeups.renewals.listen
    const renewAddons = Effect.uninterruptible(renewals.renew).pipe(
      Effect.catchCause((cause) => Effect.as(Effect.logWarning("Renewals failed, trying again", cause), 0)),
      Effect.flatMap((count) => (count >= RENEWAL_GROUP ? Effect.yieldNow : moneyCame(RENEWAL_MILLIS))),
      Effect.forever
    )

    yield* Effect.forkScoped(processReceipts)
    yield* Effect.forkScoped(renewAddons)
    for (const carrier of carriers.values()) {
      const early = makeEarlyReceipts(carrier.profile)
      yield* Effect.forkScoped(listen(carrier, early))
      yield* runCarrier(carrier, early)
    }
    yield* every(POLL_MILLIS, dispatch.wake)
    yield* every(SWEEP_MILLIS, Effect.repeat(dispatch.sweep, { while: (count) => count >= SWEEP_GROUP }))
    yield* every(SWEEP_MILLIS, Effect.repeat(receiving.sweep, { while: (count) => count >= CLOSING_GROUP }))
  })
)

const every = (millis: number, task: Effect.Effect<number>) =>
  Effect.uninterruptible(task).pipe(
    Effect.catchCause((cause) => Effect.logWarning("A sweep failed, trying again", cause)),
    Effect.andThen(Effect.sleep(millis)),
    Effect.forever,
    Effect.forkScoped
  )
