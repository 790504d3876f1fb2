import {
  AccountId,
  E164,
  type Message as CoreMessage,
  MessageId,
  messageShape,
  Micros,
  NumberId
} from "@cliqtel/sms-core"
import { Schema } from "effect"
import * as fc from "fast-check"
import { assert, test } from "vitest"
import { Message } from "../../src/api/Message.ts"
import { messageJson } from "../../src/handlers/MessageJson.ts"

const encode = Schema.encodeSync(Message)

const instant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) })
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const number = fc.stringMatching(/^\+[1-9]\d{6,14}$/).map((text) => E164.make(text))

const anyMessage: fc.Arbitrary<CoreMessage> = fc.record({
  id: id.map((one) => MessageId.make(one)),
  accountId: id.map((one) => AccountId.make(one)),
  direction: fc.constantFrom("outbound", "inbound"),
  numberId: id.map((one) => NumberId.make(one)),
  from: number,
  to: number,
  body: fc.string({ unit: "binary" }),
  status: fc.constantFrom("queued", "sending", "sent", "delivered", "failed", "received"),
  segments: fc.nat(),
  encoding: fc.constantFrom("GSM-7", "UCS-2"),
  carrier: fc.string(),
  price: fc.record({
    micros: fc.bigInt({ min: 0n, max: 10n ** 15n }).map((micros) => Micros.make(micros)),
    currency: fc.constant("EUR" as CoreMessage["price"]["currency"])
  }),
  reason: fc.option(fc.string()),
  createdAt: instant,
  updatedAt: instant,
  sentAt: fc.option(instant),
  deliveredAt: fc.option(instant)
})

test("a message is written as the contract encodes it, to the order of its fields", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      assert.strictEqual(JSON.stringify(messageJson(message)), JSON.stringify(encode(messageShape(message))))
    })
  )
})
