/** A queued message of a number, with whatever matters to a test put in place. */
import { E164, EUR, type Message, type MessageId, money, type OwnedNumber } from "@cliqtel/sms-core"

export const sampleMessage = (number: OwnedNumber, id: MessageId, given: Partial<Message> = {}): Message => ({
  id,
  accountId: number.accountId,
  direction: "outbound",
  numberId: number.id,
  from: number.number,
  to: E164.make("+31612345678"),
  body: "Hello",
  status: "queued",
  segments: 1,
  encoding: "GSM-7",
  carrier: number.carrier,
  price: money(8_000n, EUR),
  reason: null,
  createdAt: 1_790_000_000_000,
  updatedAt: 1_790_000_000_000,
  sentAt: null,
  deliveredAt: null,
  ...given
})
