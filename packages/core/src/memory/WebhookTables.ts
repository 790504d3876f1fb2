/** What the in-memory ports of webhooks share. */
import { Context, Effect, Layer } from "effect"
import { DeliveryId, EventId, type MessageId, type WebhookId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { Delivery } from "../notify/DeliveryQueue.ts"
import type { Webhook } from "../notify/Webhook.ts"
import { MemoryStore, type Table } from "./MemoryStore.ts"

export interface DeliveryRow extends Omit<Delivery, "status" | "nextAttemptAt"> {
  readonly body: string
  readonly subject: MessageId | null
  readonly place: DeliveryPlace
  /** Attempts of the schedule that have failed. */
  readonly tries: number
}

export type NewDelivery = Omit<DeliveryRow, "id" | "place" | "tries" | "attempts">

export type DeliveryPlace =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Leased"; readonly token: string; readonly until: Instant }
  | { readonly _tag: "Waiting"; readonly until: Instant }
  | { readonly _tag: "Succeeded" }
  | { readonly _tag: "Failed" }

export class WebhookTables extends Context.Service<
  WebhookTables,
  {
    readonly webhooks: Table<WebhookId, Webhook>
    readonly deliveries: Table<DeliveryId, DeliveryRow>
    readonly nextEvent: () => EventId
    /** A delivery that is ready. */
    readonly insert: (row: NewDelivery) => DeliveryId
  }
>()("@cliqtel/sms-core/memory/WebhookTables") {
  static readonly layer = Layer.effect(
    WebhookTables,
    Effect.map(MemoryStore, ({ table }) => {
      const deliveries = table<DeliveryId, DeliveryRow>()
      let lastEvent = 0
      let lastDelivery = 0
      return WebhookTables.of({
        webhooks: table(),
        deliveries,
        nextEvent: () => EventId.make(++lastEvent),
        insert: (row) => {
          const id = DeliveryId.make(++lastDelivery)
          deliveries.set(id, { ...row, id, place: { _tag: "Ready" }, tries: 0, attempts: [] })
          return id
        }
      })
    })
  )
}
