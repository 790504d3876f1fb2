/**
 * The loops that deliver events, on every host: claims, retries that are due, and the sweep that takes over what a dead
 * host has left. Closing the scope stops the claims, then waits for what is under way.
 */
import { Clock, Effect, Fiber, FiberSet, Latch, Layer, Queue } from "effect"
import { Wakeups } from "../send/Wakeups.ts"
import { storeSurely } from "../StoreSurely.ts"
import { type AnsweredDelivery, Deliveries } from "./Deliveries.ts"
import { isDelivered, type SendOutcome } from "./DeliveryAttempt.ts"
import type { LeasedDelivery } from "./DeliveryQueue.ts"
import { FIRST_WINDOW, makeDeliveryWindows, MOST_UNDER_WAY } from "./DeliveryWindows.ts"
import { ATTEMPT_MILLIS, DELIVERY_LEASE_MILLIS, secretsOf } from "./Webhook.ts"
import { eventName, WebhookSender } from "./WebhookSender.ts"

/** Where no bell is heard, other hosts' events are found this often; retries that are due too. */
const POLL_MILLIS = 1000

/** Leases that ran out are looked for this often. */
const SWEEP_MILLIS = 15_000

/**
 * What is under way when the host stops is waited for this long; after it the leases tell the next host. Short, since an
 * endpoint that hangs takes all of it, and what is sent twice bears the same id.
 */
const DRAIN_MILLIS = 2000

/** Outcomes that one unit of work writes down. */
const SETTLE_GROUP = 128

/** The next group of outcomes waits this long for the one before it. */
const SETTLE_PATIENCE_MILLIS = 1000

/** A sender that does not keep its own time limit is given this much more. */
const GRACE_MILLIS = 2000

export const layerDeliveries = Layer.effectDiscard(
  Effect.gen(function* () {
    const deliveries = yield* Deliveries
    const sender = yield* WebhookSender
    const wakeups = yield* Wakeups
    const windows = makeDeliveryWindows()
    const outcomes = yield* Queue.unbounded<AnsweredDelivery>()
    const storing = yield* FiberSet.make()
    const idle = Latch.makeUnsafe(true)
    const woken = yield* wakeups.webhooks.listen
    let unsettled = 0

    const attempt = Effect.fnUntraced(function* ({ body, eventId, lease, target }: LeasedDelivery, claimedAt: number) {
      const at = yield* Clock.currentTimeMillis
      // A host that stood still since its claim may have lost the lease: another sends it.
      if (at > claimedAt + DELIVERY_LEASE_MILLIS - ATTEMPT_MILLIS - GRACE_MILLIS) return { _tag: "Late" } as const
      const outcome = yield* sender
        .send({ url: target.url, secrets: secretsOf(target, at), id: eventName(eventId), at, body })
        .pipe(
          Effect.timeoutOrElse({
            duration: ATTEMPT_MILLIS + GRACE_MILLIS,
            orElse: () => Effect.succeed(failed("The endpoint did not answer in time."))
          }),
          Effect.catchCause((cause) =>
            Effect.as(Effect.logError("A webhook sender died", cause), failed("The event could not be sent."))
          )
        )
      return { _tag: "Done", answered: { lease, outcome, at } } as const
    })

    const finish = (count: number) =>
      Effect.sync(() => {
        unsettled -= count
        if (unsettled === 0) idle.openUnsafe()
      })

    const deliver = (one: LeasedDelivery, claimedAt: number) =>
      Effect.flatMap(attempt(one, claimedAt), (result) => {
        windows.end(one.lease.webhookId, result._tag === "Late" || isDelivered(result.answered.outcome))
        return result._tag === "Late" ? finish(1) : Effect.asVoid(Queue.offer(outcomes, result.answered))
      })

    const store = (group: ReadonlyArray<AnsweredDelivery>) =>
      storeSurely(group, deliveries.settle).pipe(
        Effect.andThen(finish(group.length)),
        Effect.andThen(wakeups.webhooks.ring)
      )

    // One group at a time, so that the next one grows meanwhile; but a group that is held up holds up no other.
    const settle = Queue.takeBetween(outcomes, 1, SETTLE_GROUP).pipe(
      Effect.flatMap((group) => FiberSet.run(storing, store(group))),
      Effect.flatMap((group) => Effect.timeoutOption(Fiber.await(group), SETTLE_PATIENCE_MILLIS)),
      Effect.forever
    )

    const next = Effect.gen(function* () {
      const limit = MOST_UNDER_WAY - windows.underWay()
      if (limit <= 0) return 0
      const claimedAt = yield* Clock.currentTimeMillis
      const claimed = yield* deliveries.claim({ standard: FIRST_WINDOW, free: windows.free(), limit })
      unsettled += claimed.length
      if (unsettled > 0) idle.closeUnsafe()
      for (const one of claimed) {
        windows.begin(one.lease.webhookId)
        yield* Effect.forkDetach(deliver(one, claimedAt))
      }
      return claimed.length
    })

    const settling = yield* Effect.forkDetach(settle)
    yield* Effect.addFinalizer(() =>
      idle.await.pipe(Effect.timeoutOption(DRAIN_MILLIS), Effect.andThen(Fiber.interrupt(settling)))
    )
    yield* Effect.uninterruptible(next).pipe(
      Effect.catchCause((cause) => Effect.as(Effect.logWarning("Claiming deliveries failed, trying again", cause), 0)),
      Effect.flatMap((claimed) => (claimed > 0 ? Effect.yieldNow : woken(POLL_MILLIS))),
      Effect.forever,
      Effect.forkScoped
    )
    const wake = Effect.tap(deliveries.wake, (count) => (count > 0 ? wakeups.webhooks.ring : Effect.void))
    yield* every(POLL_MILLIS, wake)
    yield* every(SWEEP_MILLIS, deliveries.sweep)
  })
)

const failed = (reason: string): SendOutcome => ({ _tag: "Failed", reason, durationMillis: ATTEMPT_MILLIS })

const every = (millis: number, task: Effect.Effect<number>) =>
  Effect.uninterruptible(task).pipe(
    Effect.catchCause((cause) => Effect.logWarning("Looking after deliveries failed, trying again", cause)),
    Effect.andThen(Effect.sleep(millis)),
    Effect.forever,
    Effect.forkScoped
  )
