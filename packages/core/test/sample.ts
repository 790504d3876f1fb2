import { AccountId, MessageId, NumberId } from "../src/Account.ts"
import type { Message } from "../src/Message.ts"
import { EUR, money } from "../src/Money.ts"
import { E164 } from "../src/PhoneNumber.ts"

export const queuedMessage: Message = {
  id: MessageId.make(156),
  accountId: AccountId.make(7),
  direction: "outbound",
  numberId: NumberId.make(42),
  from: E164.make("+31201234567"),
  to: E164.make("+31612345678"),
  body: "Hello from Cliqtel!",
  status: "queued",
  segments: 2,
  encoding: "GSM-7",
  carrier: "acme",
  price: money(16_000n, EUR),
  reason: null,
  createdAt: 1_000,
  updatedAt: 1_000,
  sentAt: null,
  deliveredAt: null
}
