/** The operations on webhooks. */
import { DeliveryId, WebhookId } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { DeliveryCursor } from "./Cursor.ts"
import { IdempotencyHeader, ofIdempotencyKey, ReplayedHeader } from "./IdempotencyKey.ts"
import { ofBody, problems } from "./Problem.ts"
import { ChangeWebhook, CreateWebhook, Delivery, NewWebhook, Webhook } from "./Webhook.ts"
import { answer, idFromText, Limit } from "./Wire.ts"

const params = { id: idFromText(WebhookId) }

const list = HttpApiEndpoint.get("list", "/webhooks", {
  success: answer({ webhooks: Schema.Array(Webhook) })
}).annotate(OpenApi.Summary, "List webhooks")

const create = HttpApiEndpoint.post("create", "/webhooks", {
  headers: IdempotencyHeader,
  payload: CreateWebhook,
  success: HttpApiSchema.WithHeaders(answer({ webhook: NewWebhook }).pipe(HttpApiSchema.status(201)), ReplayedHeader),
  error: problems(...ofBody, ...ofIdempotencyKey, "webhook_limit")
}).annotate(OpenApi.Summary, "Register a webhook")

const change = HttpApiEndpoint.patch("change", "/webhooks/:id", {
  params,
  payload: ChangeWebhook,
  success: answer({ webhook: Webhook }),
  error: problems(...ofBody, "not_found")
}).annotate(OpenApi.Summary, "Change a webhook, or switch it on or off")

const remove = HttpApiEndpoint.delete("remove", "/webhooks/:id", {
  params,
  success: answer({}),
  error: problems("not_found")
}).annotate(OpenApi.Summary, "Remove a webhook with its deliveries")

const rotateSecret = HttpApiEndpoint.post("rotateSecret", "/webhooks/:id/rotate_secret", {
  params,
  success: answer({ webhook: NewWebhook }),
  error: problems("not_found")
}).annotate(OpenApi.Summary, "Make a new secret; the old one signs too for 24 hours")

const test = HttpApiEndpoint.post("test", "/webhooks/:id/test", {
  params,
  success: answer({ delivery: Delivery }).pipe(HttpApiSchema.status(202)),
  error: problems("not_found", "webhook_disabled")
}).annotate(OpenApi.Summary, "Send it a webhook.test event now")

const deliveries = HttpApiEndpoint.get("deliveries", "/webhooks/:id/deliveries", {
  params,
  query: { limit: Limit, cursor: Schema.optionalKey(DeliveryCursor) },
  success: answer({ deliveries: Schema.Array(Delivery), next_cursor: Schema.NullOr(DeliveryCursor) }),
  error: problems("not_found")
}).annotate(OpenApi.Summary, "List deliveries with their attempts, newest first")

const redeliver = HttpApiEndpoint.post("redeliver", "/webhooks/:id/deliveries/:delivery_id/redeliver", {
  params: { ...params, delivery_id: idFromText(DeliveryId) },
  success: answer({ delivery: Delivery }).pipe(HttpApiSchema.status(202)),
  error: problems("not_found", "webhook_disabled")
}).annotate(OpenApi.Summary, "Send a delivery again now")

export class Webhooks extends HttpApiGroup.make("webhooks")
  .add(list, create, change, remove, rotateSecret, test, deliveries, redeliver)
  .annotateEndpoints(RequiredScope, "webhooks")
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
