/** The webhooks of the fake host. */
import { DeliveryId, WebhookId } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Api } from "../../src/api/Api.ts"
import type { CurrentAccess } from "../../src/api/Authorization.ts"
import { ChangeWebhook, CreateWebhook, type Delivery, type Webhook } from "../../src/api/Webhook.ts"
import { withBody } from "../../src/Body.ts"
import { BodyMemory } from "../../src/BodyMemory.ts"

const AT = Date.UTC(2026, 3, 3, 10, 15, 30)

const webhook: Webhook = {
  id: WebhookId.make(5),
  url: "https://example.com/",
  events: ["sms.sent"],
  description: null,
  enabled: true,
  disabled_reason: null,
  disabled_at: null,
  failing_since: null,
  old_secret_until: null,
  created_at: AT,
  updated_at: AT
}

const withSecret = { ...webhook, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }

const delivery: Delivery = {
  id: DeliveryId.make(9),
  event_id: "evt_8",
  event: "sms.sent",
  status: "pending",
  attempts: [],
  response_code: null,
  duration_ms: null,
  response_body: null,
  next_attempt_at: null,
  created_at: AT
}

export const fakeWebhooks = (note: (operation: string, input: unknown) => Effect.Effect<void, never, CurrentAccess>) =>
  HttpApiBuilder.group(
    Api,
    "webhooks",
    Effect.fnUntraced(function* (handlers) {
      const memory = yield* BodyMemory
      const create = withBody(
        memory,
        CreateWebhook,
        Effect.fnUntraced(function* (payload) {
          yield* note("createWebhook", payload)
          return HttpApiSchema.withHeaders({ body: { success: true as const, webhook: withSecret }, headers: {} })
        })
      )
      const change = withBody(
        memory,
        ChangeWebhook,
        Effect.fnUntraced(function* (payload, { params }) {
          yield* note("changeWebhook", { ...payload, ...params })
          return { success: true as const, webhook }
        })
      )
      return handlers
        .handleRaw("create", create)
        .handleRaw("change", change)
        .handleAll({
          list: () => Effect.succeed({ success: true as const, webhooks: [webhook] }),
          remove: () => Effect.succeed({ success: true as const }),
          rotateSecret: () => Effect.succeed({ success: true as const, webhook: withSecret }),
          test: () => Effect.succeed({ success: true as const, delivery }),
          deliveries: Effect.fnUntraced(function* ({ query }) {
            yield* note("deliveries", query)
            return { success: true as const, deliveries: [delivery], next_cursor: DeliveryId.make(9) }
          }),
          redeliver: () => Effect.succeed({ success: true as const, delivery })
        })
    })
  )
