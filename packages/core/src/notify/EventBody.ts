/**
 * The JSON of an event as it is sent. It is made once, when the event is stored, so that each delivery of it is the same
 * to the byte.
 */
import type { Message } from "../Message.ts"
import { formatMicros } from "../Money.ts"
import { messageShape } from "../status/MessageShape.ts"
import { formatTimestamp } from "../Timestamp.ts"
import type { AccountEvent } from "./AccountEvent.ts"
import type { OutboxEvent } from "./OutboxEvent.ts"

/** `sms.received` is as the product's page has it; all others follow Standard Webhooks, with `event` beside `type`. */
export const eventBody = ({ at, event }: OutboxEvent): string =>
  JSON.stringify(
    event.type === "sms.received"
      ? { event: event.type, data: receivedData(event.message) }
      : { event: event.type, type: event.type, timestamp: formatTimestamp(at), data: dataOf(event) }
  )

const receivedData = ({ body, createdAt, from, id, segments, to }: Message) => ({
  id,
  from,
  to,
  body,
  segments,
  received_at: formatTimestamp(createdAt)
})

const dataOf = (event: OutboxEvent["event"]): unknown => {
  if ("message" in event) return messageData(event.message)
  return event.type === "webhook.test" ? { webhook_id: event.webhookId } : accountData(event)
}

const messageData = (message: Message) => {
  const shape = messageShape(message)
  return {
    ...shape,
    price: formatMicros(shape.price),
    created_at: formatTimestamp(shape.created_at),
    updated_at: formatTimestamp(shape.updated_at),
    sent_at: timestampOrNull(shape.sent_at),
    delivered_at: timestampOrNull(shape.delivered_at),
    ...(shape.received_at === undefined ? {} : { received_at: formatTimestamp(shape.received_at) })
  }
}

const timestampOrNull = (at: number | null): string | null => (at === null ? null : formatTimestamp(at))

const accountData = (event: AccountEvent) => {
  switch (event.type) {
    case "wallet.low_balance":
      return {
        balance: formatMicros(event.balance.micros),
        threshold: formatMicros(event.threshold.micros),
        currency: event.balance.currency
      }
    case "webhook.disabled":
      return { webhook_id: event.webhookId, url: event.url, reason: event.reason }
    default:
      return { number_id: event.numberId, number: event.number }
  }
}
