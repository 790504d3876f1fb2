import type { Message } from "../../src/sms/messages.ts"

/** A message in which only what a test is about was chosen. */
export const messageOf = (given: Partial<Message> & Pick<Message, "id">): Message => ({
  direction: "outbound",
  from: "+31201234567",
  to: "+31612345678",
  body: "Hello from Cliqtel!",
  status: "queued",
  segments: 1,
  encoding: "GSM-7",
  carrier: "sandbox",
  price: "0.008",
  currency: "EUR",
  reason: null,
  number_id: 1,
  created_at: "2026-04-03T10:15:30.000000Z",
  updated_at: "2026-04-03T10:15:30.000000Z",
  sent_at: null,
  delivered_at: null,
  ...given
})
