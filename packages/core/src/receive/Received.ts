/** An inbound message as its account sees it. */
import type { MessageId } from "../Account.ts"
import type { Instant, Message } from "../Message.ts"
import { zero } from "../Money.ts"
import type { OwnedNumber } from "../number/NumberRegistry.ts"
import type { E164 } from "../PhoneNumber.ts"
import type { TimelineEntry } from "../status/Lifecycle.ts"
import { inboundText } from "./InboundPart.ts"
import type { Joined } from "./Reassembly.ts"

/** A message for one of our numbers that has no id yet. */
export interface Incoming {
  readonly number: OwnedNumber
  readonly person: E164
  readonly carrier: string
  readonly joined: Joined
}

/** Free of charge. */
export const receivedMessage = (
  { carrier, joined: { body, encoding, hasGaps, segments }, number, person }: Incoming,
  id: MessageId,
  at: Instant
): Message => ({
  id,
  accountId: number.accountId,
  direction: "inbound",
  numberId: number.id,
  from: person,
  to: number.number,
  body: inboundText(body),
  status: "received",
  segments,
  encoding,
  carrier,
  price: zero(number.monthlyPrice.currency),
  reason: hasGaps ? "parts_missing" : null,
  createdAt: at,
  updatedAt: at,
  sentAt: null,
  deliveredAt: null
})

export const receivedEntry = (at: Instant): TimelineEntry => ({
  seq: 1,
  status: "received",
  at,
  source: "carrier",
  detail: null,
  changed: true
})
