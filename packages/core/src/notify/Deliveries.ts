/**
 * Use case: deliver events, each at least once. A claim commits its lease before anything is sent, and what came of it is
 * written down only under that lease; an endpoint is never called inside a unit of work.
 */
import { Clock, Context, Effect, Layer, Random } from "effect"
import { spread } from "../send/Attempt.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { Wallet } from "../wallet/Wallet.ts"
import type { NewEvent } from "./AccountEvent.ts"
import { afterAttempt, attemptOf, type SendOutcome, verdictOf } from "./DeliveryAttempt.ts"
import { type DeliveryClaim, type DeliveryLease, DeliveryQueue, type LeasedDelivery } from "./DeliveryQueue.ts"
import { tellAccount } from "./Outbox.ts"
import { DELIVERY_LEASE_MILLIS, type Webhook } from "./Webhook.ts"
import { type WebhookKey, WebhookStore } from "./WebhookStore.ts"

export interface AnsweredDelivery {
  readonly lease: DeliveryLease
  readonly outcome: SendOutcome
  /** When it began. */
  readonly at: number
}

export class Deliveries extends Context.Service<
  Deliveries,
  {
    claim(claim: Omit<DeliveryClaim, "until">): Effect.Effect<ReadonlyArray<LeasedDelivery>>
    /** Writes down what came of attempts; those whose lease was lost change nothing. Gives how many counted. */
    settle(answered: ReadonlyArray<AnsweredDelivery>): Effect.Effect<number>
    /** Makes retries that are due claimable. Gives how many. */
    readonly wake: Effect.Effect<number>
    /** Makes what a dead host has left claimable. Gives how many. */
    readonly sweep: Effect.Effect<number>
  }
>()("@cliqtel/sms-core/notify/Deliveries") {
  static readonly layer = Layer.effect(
    Deliveries,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const store = yield* WebhookStore
      const queue = yield* DeliveryQueue
      const wallet = yield* Wallet
      const tell = yield* tellAccount

      const claim = Effect.fnUntraced(function* (wanted: Omit<DeliveryClaim, "until">) {
        const now = yield* Clock.currentTimeMillis
        return yield* unit.run(queue.claim({ ...wanted, until: now + DELIVERY_LEASE_MILLIS }))
      })

      const settleHeld = Effect.fnUntraced(function* (answered: ReadonlyArray<AnsweredDelivery>) {
        // Endpoints before deliveries, as whoever changes or removes one takes them.
        const before = yield* store.lock(endpointsOf(answered))
        const held = new Set((yield* queue.hold(answered.map(({ lease }) => lease))).map(({ token }) => token))
        const now = yield* Clock.currentTimeMillis
        const random = yield* Random.next
        const after = new Map(before.map((webhook) => [webhook.id, webhook]))
        const settled = answered.flatMap(({ at, lease, outcome }, index) => {
          const webhook = after.get(lease.webhookId)
          if (webhook === undefined || !held.has(lease.token)) return []
          const next = afterAttempt(webhook, outcome, now)
          after.set(webhook.id, next)
          const verdict = verdictOf(outcome, lease.attempt, now, spread(random, index))
          return [{ lease, attempt: attemptOf(outcome, at), verdict }]
        })
        const verdicts = settled.map((one) =>
          one.verdict._tag === "Retry" && after.get(one.lease.webhookId)?.enabled !== true
            ? { ...one, verdict: { _tag: "Exhausted" } as const }
            : one
        )
        if (verdicts.length > 0) yield* queue.settle(verdicts)
        const changed = before.flatMap((webhook) => {
          const next = after.get(webhook.id)
          return next === undefined || next === webhook ? [] : [{ was: webhook, is: next }]
        })
        if (changed.length > 0) yield* store.save(changed.map(({ is }) => is))
        yield* giveUp(
          changed.flatMap(({ is, was }) => (was.enabled && !is.enabled ? [is] : [])),
          now
        )
        return verdicts.length
      })

      /** Ends what waits for endpoints that were just disabled, and tells their owners. */
      const giveUp = Effect.fnUntraced(function* (disabled: ReadonlyArray<Webhook>, now: number) {
        if (disabled.length === 0) return
        for (const webhook of disabled) yield* queue.end(webhook)
        yield* wallet.lock([...new Set(disabled.map(({ accountId }) => accountId))])
        yield* tell(disabled.map((webhook) => disabledEvent(webhook, now)))
      })

      return Deliveries.of({
        claim,
        settle: (answered) => unit.run(settleHeld(answered)),
        wake: Effect.flatMap(Clock.currentTimeMillis, (now) => unit.run(queue.wakeDue(now))),
        sweep: Effect.flatMap(Clock.currentTimeMillis, (now) => unit.run(queue.takeOver(now)))
      })
    })
  )
}

const endpointsOf = (answered: ReadonlyArray<AnsweredDelivery>): ReadonlyArray<WebhookKey> => [
  ...new Map(answered.map(({ lease: { accountId, webhookId } }) => [webhookId, { accountId, id: webhookId }])).values()
]

const disabledEvent = ({ accountId, disabled, id, url }: Webhook, at: number): NewEvent => ({
  accountId,
  at,
  event: { type: "webhook.disabled", webhookId: id, url, reason: disabled?.reason ?? "failing" }
})
