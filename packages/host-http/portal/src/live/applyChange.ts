/** What a list of messages becomes once a message was made or has changed: pure, so that it can be proved. */
import type { Message, MessageFilters } from "../sms/messages.ts"

export interface Page {
  readonly messages: ReadonlyArray<Message>
  readonly next_cursor: string | null
}

/** Whether a list with these filters has the message. */
export const isListed = (filters: MessageFilters, message: Message): boolean => {
  const { contact, direction, from, number_id, since, status, to, until } = filters
  return (
    (direction === undefined || message.direction === direction) &&
    (number_id === undefined || String(message.number_id) === number_id) &&
    (status === undefined || message.status === status) &&
    (to === undefined || message.to === to) &&
    (from === undefined || message.from === from) &&
    (contact === undefined || message.to === contact || message.from === contact) &&
    (since === undefined || message.created_at >= since) &&
    (until === undefined || message.created_at < until)
  )
}

/** Newest first, as the host lists them. */
const comesBefore = (one: Message, other: Message): boolean =>
  one.created_at === other.created_at ? one.id > other.id : one.created_at > other.created_at

/** Pages of one list, the first being the newest. A message that belongs behind the last of them is left out. */
export const applyChange = <P extends Page>(
  pages: ReadonlyArray<P>,
  filters: MessageFilters,
  message: Message
): ReadonlyArray<P> => {
  const cleared = pages.map((page) =>
    page.messages.some(({ id }) => id === message.id)
      ? { ...page, messages: page.messages.filter(({ id }) => id !== message.id) }
      : page
  )
  if (!isListed(filters, message)) return cleared
  const home = cleared.findIndex(
    (page) => page.next_cursor === null || page.messages.some((other) => comesBefore(message, other))
  )
  return cleared.map((page, index) => {
    if (index !== home) return page
    const place = page.messages.findIndex((other) => comesBefore(message, other))
    const at = place === -1 ? page.messages.length : place
    return { ...page, messages: page.messages.toSpliced(at, 0, message) }
  })
}
