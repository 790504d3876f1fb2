/**
 * A message as the contract encodes it, without the contract's schema: it is written several thousand times a second, and
 * the schema took as long for it as the decision on the message does.
 */
import { formatMicros, formatTimestamp, type Message as CoreMessage, messageShape } from "@cliqtel/sms-core"
import type { Message } from "../api/Message.ts"

export const messageJson = (message: CoreMessage): typeof Message.Encoded => {
  const { received_at, ...shape } = messageShape(message)
  return {
    ...shape,
    price: formatMicros(shape.price),
    created_at: formatTimestamp(shape.created_at),
    updated_at: formatTimestamp(shape.updated_at),
    sent_at: shape.sent_at === null ? null : formatTimestamp(shape.sent_at),
    delivered_at: shape.delivered_at === null ? null : formatTimestamp(shape.delivered_at),
    ...(received_at === undefined ? {} : { received_at: formatTimestamp(received_at) })
  }
}
