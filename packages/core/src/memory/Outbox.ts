/** Events for webhooks in memory. */
import { Effect, Layer } from "effect"
import { eventBody } from "../notify/EventBody.ts"
import { Outbox } from "../notify/Outbox.ts"
import { subjectOf } from "../notify/OutboxEvent.ts"
import { wants } from "../notify/Webhook.ts"
import { MemoryStore } from "./MemoryStore.ts"
import { WebhookTables } from "./WebhookTables.ts"

export const layerOutbox = Layer.effect(
  Outbox,
  Effect.gen(function* () {
    const { call } = yield* MemoryStore
    const { insert, nextEvent, webhooks } = yield* WebhookTables

    return Outbox.of({
      put: (events) =>
        call(() =>
          events.reduce((count, one) => {
            const { accountId, at, event } = one
            const told = webhooks.values().filter((to) => to.accountId === accountId && wants(to, event.type))
            if (told.length === 0) return count
            const row = {
              accountId,
              type: event.type,
              body: eventBody(one),
              subject: subjectOf(one),
              createdAt: at,
              eventId: nextEvent()
            }
            for (const { id } of told) insert({ ...row, webhookId: id })
            return count + told.length
          }, 0)
        )
    })
  })
)
