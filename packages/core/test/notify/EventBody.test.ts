import { assert, describe, test } from "vitest"
import { AccountId, MessageId, NumberId, WebhookId } from "../../src/Account.ts"
import type { Message } from "../../src/Message.ts"
import { EUR, money } from "../../src/Money.ts"
import { eventBody } from "../../src/notify/EventBody.ts"
import { type OutboxEvent, transitionEvents } from "../../src/notify/OutboxEvent.ts"
import { E164 } from "../../src/PhoneNumber.ts"

const accountId = AccountId.make(1)
const AT = Date.UTC(2026, 3, 3, 10, 16, 45)

const inbound: Message = {
  id: MessageId.make(157),
  accountId,
  direction: "inbound",
  numberId: NumberId.make(42),
  from: E164.make("+31612345678"),
  to: E164.make("+31201234567"),
  body: "Thanks, got the tracking!",
  status: "received",
  segments: 1,
  encoding: "GSM-7",
  carrier: "cliqtel",
  price: money(0n, EUR),
  reason: null,
  createdAt: AT,
  updatedAt: AT,
  sentAt: null,
  deliveredAt: null
}

const outbound: Message = { ...inbound, direction: "outbound", status: "delivered", sentAt: AT, deliveredAt: AT + 1 }

const bodyOf = (event: OutboxEvent["event"]) => eventBody({ accountId, at: AT, event })

describe("the body of an event", () => {
  test("of an inbound message is that of the product's page, to the byte", () => {
    assert.strictEqual(
      bodyOf({ type: "sms.received", message: inbound }),
      '{"event":"sms.received","data":{"id":157,"from":"+31612345678","to":"+31201234567",' +
        '"body":"Thanks, got the tracking!","segments":1,"received_at":"2026-04-03T10:16:45.000000Z"}}'
    )
  })

  test("of a message's transition is the message as the API tells it", () => {
    assert.deepStrictEqual(
      JSON.parse(bodyOf({ type: "sms.delivered", message: { ...outbound, price: money(8_000n, EUR) } })),
      {
        event: "sms.delivered",
        type: "sms.delivered",
        timestamp: "2026-04-03T10:16:45.000000Z",
        data: {
          id: 157,
          direction: "outbound",
          from: "+31612345678",
          to: "+31201234567",
          body: "Thanks, got the tracking!",
          status: "delivered",
          segments: 1,
          encoding: "GSM-7",
          carrier: "cliqtel",
          price: "0.008",
          currency: "EUR",
          reason: null,
          number_id: 42,
          created_at: "2026-04-03T10:16:45.000000Z",
          updated_at: "2026-04-03T10:16:45.000000Z",
          sent_at: "2026-04-03T10:16:45.000000Z",
          delivered_at: "2026-04-03T10:16:45.001000Z"
        }
      }
    )
  })

  test("of an account's event has amounts as decimal strings", () => {
    const data = (event: OutboxEvent["event"]) => JSON.parse(bodyOf(event)).data
    const threshold = money(5_000_000n, EUR)
    assert.deepStrictEqual(data({ type: "wallet.low_balance", balance: money(4_992_000n, EUR), threshold }), {
      balance: "4.992",
      threshold: "5",
      currency: "EUR"
    })
    const number = { numberId: NumberId.make(42), number: E164.make("+31201234567") }
    assert.deepStrictEqual(data({ type: "number.sms_enabled", ...number }), { number_id: 42, number: "+31201234567" })
    assert.deepStrictEqual(data({ type: "webhook.test", webhookId: WebhookId.make(5) }), { webhook_id: 5 })
  })
})

describe("of a transition an endpoint is told", () => {
  const entry = { seq: 1, at: AT, source: "carrier", detail: null, changed: true } as const
  test("the message as it was then, whatever has become of it", () => {
    const [event] = transitionEvents({ message: outbound, entry: { ...entry, status: "sending" } as never })
    assert.deepInclude(event?.event, { type: "sms.sending" })
    const message = event !== undefined && "message" in event.event ? event.event.message : undefined
    assert.deepInclude(message, { status: "sending", sentAt: null, deliveredAt: null })
  })
  test("nothing when it was queued", () => {
    assert.deepStrictEqual(transitionEvents({ message: outbound, entry: { ...entry, status: "queued" } as never }), [])
  })
})
