/** What webhooks are told: the account's own events, what becomes of its messages, and a test of the endpoint itself. */
import type { AccountId, MessageId, WebhookId } from "../Account.ts"
import type { Instant, Message } from "../Message.ts"
import { messageAt } from "../status/MessageAt.ts"
import type { AccountEvent } from "./AccountEvent.ts"
import type { MessageEvent } from "./Notifier.ts"

/** In the order in which a message meets them. */
export const EVENT_TYPES = [
  "sms.received",
  "sms.sending",
  "sms.sent",
  "sms.delivered",
  "sms.failed",
  "number.sms_enabled",
  "number.sms_disabled",
  "number.sms_suspended",
  "wallet.low_balance",
  "webhook.disabled",
  "webhook.test"
] as const
export type EventType = (typeof EVENT_TYPES)[number]

export type MessageEventType = "sms.received" | "sms.sending" | "sms.sent" | "sms.delivered" | "sms.failed"

export type OutboxEvent = {
  readonly accountId: AccountId
  readonly at: Instant
  readonly event:
    | AccountEvent
    | { readonly type: MessageEventType; readonly message: Message }
    | { readonly type: "webhook.test"; readonly webhookId: WebhookId }
}

/** Events of one message reach an endpoint in their order. */
export const subjectOf = ({ event }: OutboxEvent): MessageId | null => ("message" in event ? event.message.id : null)

/** What an endpoint is told of a transition; that a message was queued its sender knows. */
export const transitionEvents = ({ entry, message }: MessageEvent): ReadonlyArray<OutboxEvent> =>
  entry.status === "queued"
    ? []
    : [
        {
          accountId: message.accountId,
          at: entry.at,
          event: { type: `sms.${entry.status}`, message: messageAt(message, entry) }
        }
      ]
