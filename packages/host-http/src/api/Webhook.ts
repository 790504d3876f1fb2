/** Webhooks on the wire: endpoints, and what was delivered to them. */
import {
  ANY_EVENT,
  DeliveryId,
  DisabledReason,
  EVENT_TYPES,
  MAX_DESCRIPTION_LENGTH,
  MAX_URL_LENGTH,
  WebhookId
} from "@cliqtel/sms-core"
import { Schema } from "effect"
import { Timestamp } from "./Wire.ts"

const must = (message: string) => ({ message, expected: message })

const Events = Schema.Array(Schema.Literals([...EVENT_TYPES, ANY_EVENT]))
  .annotate({ message: "must be a list of event names", description: "Names of events; * is any." })
  .check(
    Schema.isMinLength(1, { message: "must have at least 1 event" }),
    Schema.isMaxLength(50, { message: "must have at most 50 events" })
  )

const Url = Schema.String.annotate({
  ...must("must be a string"),
  description: "https, and leading to public addresses alone."
}).check(
  Schema.isPattern(/^[^\s\p{C}]+$/u, must("must be a URL")),
  Schema.isMaxLength(MAX_URL_LENGTH, { message: `must be at most ${MAX_URL_LENGTH} characters` })
)

const Description = Schema.NullOr(
  Schema.String.annotate(must("must be a string or null")).check(
    Schema.isMaxCodePoints(MAX_DESCRIPTION_LENGTH, { message: `must be at most ${MAX_DESCRIPTION_LENGTH} characters` }),
    Schema.isPattern(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, must("must not contain control characters"))
  )
).annotate({ message: "must be a string or null" })

export const Webhook = Schema.Struct({
  id: WebhookId,
  url: Schema.String,
  events: Schema.Array(Schema.String),
  description: Schema.NullOr(Schema.String),
  enabled: Schema.Boolean,
  disabled_reason: Schema.NullOr(DisabledReason).annotate({
    description: "gone: it answered 410. failing: nothing but failures for 5 days. by_owner: it was switched off."
  }),
  disabled_at: Schema.NullOr(Timestamp),
  failing_since: Schema.NullOr(Timestamp).annotate({ description: "Attempts have failed since then; null if not." }),
  old_secret_until: Schema.NullOr(Timestamp).annotate({
    description: "Until then the secret before this one signs too."
  }),
  created_at: Timestamp,
  updated_at: Timestamp
}).annotate({ identifier: "Webhook" })
export type Webhook = typeof Webhook.Type

export const NewWebhook = Schema.Struct({
  ...Webhook.fields,
  secret: Schema.String.annotate({ description: "What signatures are checked with; it is told in this answer alone." })
}).annotate({ identifier: "NewWebhook" })
export type NewWebhook = typeof NewWebhook.Type

export const CreateWebhook = Schema.Struct({
  url: Url,
  events: Events,
  description: Schema.optionalKey(Description)
}).annotate({ identifier: "CreateWebhookRequest" })
export type CreateWebhook = typeof CreateWebhook.Type

export const ChangeWebhook = Schema.Struct({
  url: Schema.optionalKey(Url),
  events: Schema.optionalKey(Events),
  description: Schema.optionalKey(Description),
  enabled: Schema.optionalKey(Schema.Boolean.annotate(must("must be true or false")))
}).annotate({ identifier: "ChangeWebhookRequest" })

export const DeliveryAttempt = Schema.Struct({
  at: Timestamp,
  status_code: Schema.NullOr(Schema.Int).annotate({ description: "Null if there was no answer." }),
  duration_ms: Schema.Int,
  error: Schema.NullOr(Schema.String).annotate({ description: "Why it failed; null if it did not." }),
  response_body: Schema.NullOr(Schema.String).annotate({ description: "The first KiB of the answer." })
}).annotate({ identifier: "DeliveryAttempt" })

export const Delivery = Schema.Struct({
  id: DeliveryId,
  event_id: Schema.String.annotate({ description: "As in the header webhook-id." }),
  event: Schema.String,
  status: Schema.Literals(["pending", "succeeded", "failed"]),
  attempts: Schema.Array(DeliveryAttempt).annotate({ description: "The latest 50, in their order." }),
  response_code: Schema.NullOr(Schema.Int).annotate({ description: "Of the latest attempt, as the next two." }),
  duration_ms: Schema.NullOr(Schema.Int),
  response_body: Schema.NullOr(Schema.String),
  next_attempt_at: Schema.NullOr(Timestamp),
  created_at: Timestamp
}).annotate({ identifier: "Delivery" })
export type Delivery = typeof Delivery.Type
