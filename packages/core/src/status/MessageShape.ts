/** A message under the names that it has in answers and events; amounts are micro-units, moments milliseconds. */
import type { Message } from "../Message.ts"

export const messageShape = (message: Message) => ({
  id: message.id,
  direction: message.direction,
  from: message.from,
  to: message.to,
  body: message.body,
  status: message.status,
  segments: message.segments,
  encoding: message.encoding,
  carrier: message.carrier,
  price: message.price.micros,
  currency: message.price.currency,
  reason: message.reason,
  number_id: message.numberId,
  created_at: message.createdAt,
  updated_at: message.updatedAt,
  sent_at: message.sentAt,
  delivered_at: message.deliveredAt,
  ...(message.direction === "inbound" ? { received_at: message.createdAt } : {})
})
