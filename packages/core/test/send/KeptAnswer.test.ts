import { Effect, Result } from "effect"
import fc from "fast-check"
import { assert, it } from "vitest"
import { AccountId, MessageId, NumberId } from "../../src/Account.ts"
import type { Message } from "../../src/Message.ts"
import { EUR, money } from "../../src/Money.ts"
import {
  DestinationNotSupported,
  InvalidDestination,
  MessageTooLong,
  OptedOut,
  RateLimited,
  type Rejection,
  SmsNotEnabled
} from "../../src/send/Acceptance.ts"
import { keepAnswer, keptAnswer, type SendResults } from "../../src/send/KeptAnswer.ts"
import { NumberNotFound } from "../../src/number/NumberRegistry.ts"
import { InsufficientBalance } from "../../src/wallet/Ledger.ts"
import { queuedMessage } from "../sample.ts"

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const price = fc.bigInt(0n, 2n ** 63n - 1n).map((micros) => money(micros, EUR))
const text = fc.string({ unit: "binary" })

const anyMessage: fc.Arbitrary<Message> = fc
  .record({ id, accountId: id, numberId: id, price, body: text, segments: fc.integer({ min: 1, max: 10 }) })
  .map((given) => ({
    ...queuedMessage,
    ...given,
    id: MessageId.make(given.id),
    accountId: AccountId.make(given.accountId),
    numberId: NumberId.make(given.numberId)
  }))

const anyRejection: fc.Arbitrary<Rejection> = fc.oneof(
  id.map((numberId) => new NumberNotFound({ numberId })),
  text.map((number) => new SmsNotEnabled({ number })),
  text.map((reason) => new InvalidDestination({ reason })),
  text.map((to) => new DestinationNotSupported({ to })),
  text.map((to) => new OptedOut({ to })),
  fc.record({ segments: id, limit: id }).map((given) => new MessageTooLong(given)),
  fc.record({ perSecond: id, retryAfterMillis: id }).map((given) => new RateLimited(given)),
  fc.record({ price, balance: price }).map((given) => new InsufficientBalance(given))
)

const anyResults: fc.Arbitrary<SendResults> = fc.array(
  fc.oneof(
    anyMessage.map((message) => Result.succeed(message)),
    anyRejection.map((rejection) => Result.fail(rejection))
  ),
  { maxLength: 5 }
)

it("a kept answer is given again as it was: messages and rejections in order, and whose it was", () => {
  fc.assert(
    fc.property(anyResults, fc.option(text, { nil: undefined }), (results, origin) => {
      const again = Effect.runSync(keptAnswer(keepAnswer({ origin, results })))
      assert.deepStrictEqual(again, { origin, results })
      assert.deepStrictEqual(
        again.results.map((result) => Result.isFailure(result) && result.failure._tag),
        results.map((result) => Result.isFailure(result) && result.failure._tag)
      )
    })
  )
})

it("an answer that cannot be read is a defect, not another answer", () => {
  for (const results of ["", "{}", "[{}]", '[{"message":{}}]', '[{"rejection":{"_tag":"Other"}}]']) {
    assert.throws(() => Effect.runSync(keptAnswer(`{"results":${results}}`)))
  }
})
