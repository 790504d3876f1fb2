/** What a list of messages becomes once a message was made or has changed: pure, so that it can be proved. */
import type { Message, MessageFilters } from "../sms/messages.ts"

export interface Page {
  readonly messages: ReadonlyArray<Message>
  readonly next_cursor: string | null
  /** Where the next page begins, once that can no longer be told by the last of the messages. */
  readonly end?: Place
}

type Place = Pick<Message, "id" | "created_at">

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
const comesBefore = (one: Place, other: Place): boolean =>
  one.created_at === other.created_at ? one.id > other.id : one.created_at > other.created_at

/**
 * Pages of one list, the first being the newest. A message that belongs behind the last of them is left out, and so is
 * news that is older than what the list has: an answer may overtake an event.
 */
export const applyChange = <P extends Page>(
  pages: ReadonlyArray<P>,
  filters: MessageFilters,
  message: Message
): ReadonlyArray<P> => {
  const known = pages.flatMap((page) => page.messages).find(({ id }) => id === message.id)
  if (known !== undefined && known.updated_at > message.updated_at) return pages
  const home = isListed(filters, message) ? pages.findIndex((page) => reaches(page, message)) : -1
  return pages.map((page, index) => {
    const had = page.messages.some(({ id }) => id === message.id)
    if (!had && index !== home) return page
    const others = had ? page.messages.filter(({ id }) => id !== message.id) : page.messages
    const messages = index === home ? inserted(others, message) : others
    const end = endOf(page)
    return end === undefined ? { ...page, messages } : { ...page, messages, end }
  })
}

/** Whether the message belongs on this page or before it. */
const reaches = (page: Page, message: Message): boolean => {
  if (page.next_cursor === null) return true
  const end = endOf(page)
  return end !== undefined && !comesBefore(end, message)
}

/** The page's last place, also after the message there has left the list. */
const endOf = ({ end, messages, next_cursor }: Page): Place | undefined => {
  if (end !== undefined || next_cursor === null) return end
  const last = messages.at(-1)
  return last === undefined ? undefined : { id: last.id, created_at: last.created_at }
}

const inserted = (messages: ReadonlyArray<Message>, message: Message): ReadonlyArray<Message> => {
  const place = messages.findIndex((other) => comesBefore(message, other))
  return messages.toSpliced(place === -1 ? messages.length : place, 0, message)
}
