/** The events that a webhook can want, in groups, and how the catalogue names them. */
import type { WebhookFields } from "./webhooks.ts"

export type Wanted = WebhookFields["events"][number]

export const ANY_EVENT = "*" satisfies Wanted

/** A test is sent whatever a webhook wants. */
export type EventName = Exclude<Wanted, typeof ANY_EVENT | "webhook.test">

export const EVENT_TEXTS = {
  "sms.received": "smsReceived",
  "sms.sending": "smsSending",
  "sms.sent": "smsSent",
  "sms.delivered": "smsDelivered",
  "sms.failed": "smsFailed",
  "number.sms_enabled": "numberSmsEnabled",
  "number.sms_disabled": "numberSmsDisabled",
  "number.sms_suspended": "numberSmsSuspended",
  "wallet.low_balance": "walletLowBalance",
  "webhook.disabled": "webhookDisabled"
} as const satisfies Record<EventName, string>

export const EVENT_GROUPS = [
  { name: "messages", events: ["sms.received", "sms.sending", "sms.sent", "sms.delivered", "sms.failed"] },
  { name: "numbers", events: ["number.sms_enabled", "number.sms_disabled", "number.sms_suspended"] },
  { name: "account", events: ["wallet.low_balance", "webhook.disabled"] }
] as const satisfies ReadonlyArray<{ readonly name: string; readonly events: ReadonlyArray<EventName> }>
