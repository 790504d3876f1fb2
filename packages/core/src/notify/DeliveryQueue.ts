/** Port: what is to be delivered to which endpoint, and what came of it. */
import { Context, type Effect } from "effect"
import type { AccountId, DeliveryId, EventId, WebhookId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { Attempt, DeliveryVerdict } from "./DeliveryAttempt.ts"
import type { EventType } from "./OutboxEvent.ts"
import type { Webhook } from "./Webhook.ts"
import type { WebhookKey } from "./WebhookStore.ts"

export interface DeliveryKey {
  readonly accountId: AccountId
  readonly webhookId: WebhookId
  readonly id: DeliveryId
}

export interface DeliveryLease extends DeliveryKey {
  readonly token: string
  /** Which attempt of the schedule it is, from 1. */
  readonly attempt: number
}

/** What is to be sent, and to where, as the endpoint was when it was claimed. */
export interface LeasedDelivery {
  readonly lease: DeliveryLease
  readonly eventId: EventId
  readonly body: string
  readonly target: Pick<Webhook, "url" | "secret" | "oldSecret">
}

export interface Delivery extends DeliveryKey {
  readonly eventId: EventId
  readonly type: EventType
  readonly status: "pending" | "succeeded" | "failed"
  /** When it is tried again, if it waits for that. */
  readonly nextAttemptAt: Instant | null
  readonly createdAt: Instant
  /** The latest fifty, in their order. */
  readonly attempts: ReadonlyArray<Attempt>
}

/** The latest attempts of a delivery that are shown. */
export const SHOWN_ATTEMPTS = 50

export interface DeliveryClaim {
  /** Deliveries that may be claimed of an endpoint that `free` does not name. */
  readonly standard: number
  readonly free: ReadonlyMap<WebhookId, number>
  readonly limit: number
  readonly until: Instant
}

export interface SettledDelivery {
  readonly lease: DeliveryLease
  readonly attempt: Attempt
  readonly verdict: DeliveryVerdict
}

export class DeliveryQueue extends Context.Service<
  DeliveryQueue,
  {
    /**
     * Leases what is ready, of enabled endpoints in turn, of each as much as it may have under way and oldest first. Of
     * two deliveries about one message the later waits while the earlier is ready or leased.
     */
    claim(claim: DeliveryClaim): Effect.Effect<ReadonlyArray<LeasedDelivery>>
    /** Those leases that still count, held until the unit of work ends. */
    hold(leases: ReadonlyArray<DeliveryLease>): Effect.Effect<ReadonlyArray<DeliveryLease>>
    /** Of leases that this unit of work holds. */
    settle(settled: ReadonlyArray<SettledDelivery>): Effect.Effect<void>
    /** Makes retries that are due ready. Gives how many. */
    wakeDue(now: Instant): Effect.Effect<number>
    /**
     * Makes ready again what was leased until before `now`, which fences off whoever held it, and ends what was put for
     * endpoints that were disabled or removed at that moment. Gives how many.
     */
    takeOver(now: Instant): Effect.Effect<number>
    /** Ends as failed what waits for an endpoint; what is under way is settled by itself. */
    end(key: WebhookKey): Effect.Effect<void>
    /** Newest first, those before `before` when given. */
    page(
      key: WebhookKey,
      page: { readonly limit: number; readonly before?: DeliveryId | undefined }
    ): Effect.Effect<ReadonlyArray<Delivery>>
    find(key: DeliveryKey): Effect.Effect<Delivery | undefined>
    /** A delivery of an event to one endpoint, whatever it wants. */
    put(key: WebhookKey, type: EventType, body: string, at: Instant): Effect.Effect<DeliveryId>
    /** Begins the schedule again, unless it is ready or under way. False if there is none. */
    redeliver(key: DeliveryKey): Effect.Effect<boolean>
  }
>()("@cliqtel/sms-core/notify/DeliveryQueue") {}
