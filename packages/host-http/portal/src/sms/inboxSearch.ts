/** The inbox's filters as its address has them. */
import type { Message, MessageFilters } from "./messages.ts"
import { idOf, numberOf } from "./searchValues.ts"

export interface InboxSearch {
  /** Id of an own number. */
  readonly number?: number
  readonly direction?: Message["direction"]
  readonly status?: Message["status"]
  /** Another person's number, in E.164. */
  readonly contact?: string
}

export const DIRECTIONS = ["outbound", "inbound"] as const satisfies ReadonlyArray<Message["direction"]>

export const STATUSES = [
  "queued",
  "sending",
  "sent",
  "delivered",
  "failed",
  "received"
] as const satisfies ReadonlyArray<Message["status"]>

/** Keeps what is a filter, and leaves out all that somebody has made of the address. */
export const readInboxSearch = (search: Readonly<Record<string, unknown>>): InboxSearch => {
  const number = idOf(search.number)
  const direction = DIRECTIONS.find((known) => known === search.direction)
  const status = STATUSES.find((known) => known === search.status)
  const contact = numberOf(search.contact)
  return {
    ...(number === undefined ? {} : { number }),
    ...(direction === undefined ? {} : { direction }),
    ...(status === undefined ? {} : { status }),
    ...(contact === undefined ? {} : { contact })
  }
}

export const filtersOf = ({ contact, direction, number, status }: InboxSearch): MessageFilters => ({
  ...(number === undefined ? {} : { number_id: String(number) }),
  ...(direction === undefined ? {} : { direction }),
  ...(status === undefined ? {} : { status }),
  ...(contact === undefined ? {} : { contact })
})
