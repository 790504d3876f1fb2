/** Webhooks and their deliveries in the shapes of the wire. */
import { type Delivery, eventName, type Webhook } from "@cliqtel/sms-core"
import type { Delivery as DeliveryOnWire, NewWebhook, Webhook as WebhookOnWire } from "../api/Webhook.ts"

export const webhookShape = (webhook: Webhook): WebhookOnWire => ({
  id: webhook.id,
  url: webhook.url,
  events: webhook.events,
  description: webhook.description === "" ? null : webhook.description,
  enabled: webhook.enabled,
  disabled_reason: webhook.disabled?.reason ?? null,
  disabled_at: webhook.disabled?.at ?? null,
  failing_since: webhook.failing?.since ?? null,
  old_secret_until: webhook.oldSecret?.until ?? null,
  created_at: webhook.createdAt,
  updated_at: webhook.updatedAt
})

/** For the two answers that tell the secret. */
export const newWebhookShape = (webhook: Webhook): NewWebhook => ({ ...webhookShape(webhook), secret: webhook.secret })

export const deliveryShape = (delivery: Delivery): DeliveryOnWire => {
  const attempts = delivery.attempts.map(({ at, body, durationMillis, error, status }) => ({
    at,
    status_code: status,
    duration_ms: durationMillis,
    error,
    response_body: body
  }))
  const last = attempts.at(-1)
  return {
    id: delivery.id,
    event_id: eventName(delivery.eventId),
    event: delivery.type,
    status: delivery.status,
    attempts,
    response_code: last?.status_code ?? null,
    duration_ms: last?.duration_ms ?? null,
    response_body: last?.response_body ?? null,
    next_attempt_at: delivery.nextAttemptAt,
    created_at: delivery.createdAt
  }
}
