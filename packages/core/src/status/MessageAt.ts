/** A message as an event tells of it: as the transition left it, whatever has become of it since. */
import type { Message } from "../Message.ts"
import type { TimelineEntry } from "./Lifecycle.ts"
import { advances } from "./Status.ts"

export const messageAt = (message: Message, entry: TimelineEntry): Message => {
  if (message.status === entry.status) return message
  return {
    ...message,
    status: entry.status,
    reason: null,
    updatedAt: entry.at,
    sentAt: advances(entry.status, "sent") ? null : message.sentAt,
    deliveredAt: null
  }
}
