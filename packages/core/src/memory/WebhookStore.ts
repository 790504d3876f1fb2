/** Endpoints in memory. */
import { Effect, Layer } from "effect"
import { WebhookId } from "../Account.ts"
import type { Webhook } from "../notify/Webhook.ts"
import { type WebhookKey, WebhookStore } from "../notify/WebhookStore.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"
import { WebhookTables } from "./WebhookTables.ts"

export const layerWebhookStore = Layer.effect(
  WebhookStore,
  Effect.gen(function* () {
    const { call } = yield* MemoryStore
    const { deliveries, webhooks } = yield* WebhookTables
    let last = 0

    const of = ({ accountId, id }: WebhookKey): ReadonlyArray<Webhook> => {
      const webhook = webhooks.get(id)
      return webhook?.accountId === accountId ? [webhook] : []
    }
    const ownedBy = (account: Webhook["accountId"]) => webhooks.values().filter((one) => one.accountId === account)

    return WebhookStore.of({
      insert: (given, most) =>
        call(() => {
          if (ownedBy(given.accountId).length >= most) return undefined
          // Never the id of one that was removed.
          last = Math.max(last + 1, nextId(webhooks))
          const webhook: Webhook = {
            ...given,
            id: WebhookId.make(last),
            enabled: true,
            oldSecret: null,
            disabled: null,
            failing: null,
            updatedAt: given.createdAt
          }
          webhooks.set(webhook.id, webhook)
          return webhook
        }),
      list: (account) => call(() => ownedBy(account)),
      lock: (keys) => call(() => keys.flatMap(of).toSorted((a, b) => a.id - b.id)),
      save: (changed) =>
        call(() => {
          for (const webhook of changed) webhooks.set(webhook.id, webhook)
        }),
      remove: (key) =>
        call(() => {
          if (of(key).length === 0) return false
          webhooks.delete(key.id)
          for (const row of deliveries.values()) if (row.webhookId === key.id) deliveries.delete(row.id)
          return true
        })
    })
  })
)
