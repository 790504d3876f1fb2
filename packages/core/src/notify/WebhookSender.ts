/** Port: brings an event to an endpoint, signed by the rules of Standard Webhooks. */
import { Context, type Effect } from "effect"
import type { EventId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { SendOutcome } from "./DeliveryAttempt.ts"

/** An event as `webhook-id` names it. */
export const eventName = (id: EventId): string => `evt_${id}`

export interface SendEvent {
  readonly url: string
  /** Each of them signs. */
  readonly secrets: ReadonlyArray<string>
  /** The same for each attempt: by it the endpoint knows an event that it has had before. */
  readonly id: string
  /** Of this attempt. */
  readonly at: Instant
  readonly body: string
}

export class WebhookSender extends Context.Service<
  WebhookSender,
  {
    /** One attempt. Ends by itself within its time limit. */
    send(event: SendEvent): Effect.Effect<SendOutcome>
    /** Why nothing would be sent to this address, null if something would. Where a name leads to is seen at each attempt. */
    check(url: string): Effect.Effect<string | null>
    readonly newSecret: Effect.Effect<string>
  }
>()("@cliqtel/sms-core/notify/WebhookSender") {}
