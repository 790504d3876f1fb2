/** Messages as a conversation shows them: oldest first, day by day. */
import type { Message } from "../messages.ts"

export interface Day {
  /** The day's first moment that has a message. */
  readonly begins: string
  readonly messages: ReadonlyArray<Message>
}

/** `newestFirst`: as lists have them. `dayOf` names the reader's day of a moment. */
export const daysOf = (newestFirst: ReadonlyArray<Message>, dayOf: (timestamp: string) => string): Array<Day> => {
  const days: Array<{ begins: string; messages: Array<Message> }> = []
  let latest: string | undefined
  for (const message of newestFirst.toReversed()) {
    const day = dayOf(message.created_at)
    if (day !== latest) days.push({ begins: message.created_at, messages: [] })
    latest = day
    days.at(-1)?.messages.push(message)
  }
  return days
}

/** In the browser's time zone. */
export const localDay = (timestamp: string): string => new Date(timestamp).toDateString()
