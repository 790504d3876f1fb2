/** The operations on webhooks. */
import { type AccountId, Idempotent, keptAs, Webhooks, type WebhookRequest } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { BearerToken, CurrentAccess } from "../api/Authorization.ts"
import { ChangeWebhook, CreateWebhook, NewWebhook } from "../api/Webhook.ts"
import { withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { carryOn } from "../CarryOn.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { replayHeaders, sealedRequestKey } from "../RequestKey.ts"
import { sealed } from "../Sealed.ts"
import { webhookProblem } from "./DeskRejections.ts"
import { deliveryShape, newWebhookShape, webhookShape } from "./WebhookShapes.ts"

const kept = keptAs(NewWebhook)

export const layerWebhooks = HttpApiBuilder.group(
  Api,
  "webhooks",
  Effect.fnUntraced(function* (handlers) {
    const webhooks = yield* Webhooks
    const once = yield* Idempotent
    const memory = yield* BodyMemory
    const undisturbed = yield* carryOn

    const make = (account: AccountId, request: WebhookRequest) =>
      Effect.map(webhooks.create(account, request), newWebhookShape)

    const create = withBody(
      memory,
      CreateWebhook,
      Effect.fnUntraced(function* (payload, { headers }) {
        const { accountId } = yield* CurrentAccess
        const token = yield* BearerToken
        const request = {
          owner: accountId,
          idempotency: sealedRequestKey({ headers, path: "/webhooks", payload }, token),
          kept: sealed(kept, token)
        }
        const { answer, replayed } = yield* undisturbed(
          once.run(request, make(accountId, { url: payload.url, events: payload.events, ...asked(payload) }))
        ).pipe(Effect.mapError(webhookProblem))
        return HttpApiSchema.withHeaders({
          body: { success: true as const, webhook: answer },
          headers: replayHeaders(replayed)
        })
      })
    )

    const change = withBody(
      memory,
      ChangeWebhook,
      Effect.fnUntraced(function* (payload, { params }) {
        const { accountId } = yield* CurrentAccess
        const webhook = yield* undisturbed(webhooks.change({ accountId, id: params.id }, asked(payload))).pipe(
          Effect.mapError(webhookProblem)
        )
        return { success: true as const, webhook: webhookShape(webhook) }
      })
    )

    return handlers
      .handleRaw("create", create)
      .handleRaw("change", change)
      .handleAll({
        list: Effect.fnUntraced(function* () {
          const { accountId } = yield* CurrentAccess
          return { success: true as const, webhooks: (yield* webhooks.list(accountId)).map(webhookShape) }
        }),
        remove: Effect.fnUntraced(function* ({ params }) {
          const { accountId } = yield* CurrentAccess
          yield* undisturbed(webhooks.remove({ accountId, id: params.id })).pipe(Effect.mapError(webhookProblem))
          return { success: true as const }
        }),
        rotateSecret: Effect.fnUntraced(function* ({ params }) {
          const { accountId } = yield* CurrentAccess
          const webhook = yield* undisturbed(webhooks.rotate({ accountId, id: params.id })).pipe(
            Effect.mapError(webhookProblem)
          )
          return { success: true as const, webhook: newWebhookShape(webhook) }
        }),
        test: Effect.fnUntraced(function* ({ params }) {
          const { accountId } = yield* CurrentAccess
          const delivery = yield* undisturbed(webhooks.test({ accountId, id: params.id })).pipe(
            Effect.mapError(webhookProblem)
          )
          return { success: true as const, delivery: deliveryShape(delivery) }
        }),
        deliveries: Effect.fnUntraced(function* ({ params, query: { cursor, limit } }) {
          const { accountId } = yield* CurrentAccess
          const { deliveries, next } = yield* webhooks
            .deliveries({ accountId, id: params.id }, { limit, before: cursor })
            .pipe(Effect.mapError(webhookProblem))
          return { success: true as const, deliveries: deliveries.map(deliveryShape), next_cursor: next }
        }),
        redeliver: Effect.fnUntraced(function* ({ params }) {
          const { accountId } = yield* CurrentAccess
          const key = { accountId, webhookId: params.id, id: params.delivery_id }
          const delivery = yield* undisturbed(webhooks.redeliver(key)).pipe(Effect.mapError(webhookProblem))
          return { success: true as const, delivery: deliveryShape(delivery) }
        })
      })
  }, withServices)
).pipe(layerLight)

/** As the core takes it: each event once, and no description as an empty one. */
const asked = <A extends typeof ChangeWebhook.Type>({ description, events, ...rest }: A) => ({
  ...rest,
  ...(events === undefined ? {} : { events: [...new Set(events)] }),
  ...(description === undefined ? {} : { description: description ?? "" })
})
