import fc from "fast-check"
import { assert, describe, test } from "vitest"
import { AccountId, WebhookId } from "../../src/Account.ts"
import {
  afterAttempt,
  attemptOf,
  redeliveryDelay,
  SCHEDULE,
  type SendOutcome,
  verdictOf
} from "../../src/notify/DeliveryAttempt.ts"
import { FAILING_MILLIS, type Webhook } from "../../src/notify/Webhook.ts"

const NOW = 1_790_000_000_000

const answered = (status: number, retryAfterMillis: number | null = null): SendOutcome => ({
  _tag: "Answered",
  status,
  body: "",
  retryAfterMillis,
  durationMillis: 5
})
const failed: SendOutcome = { _tag: "Failed", reason: "It hung up.", durationMillis: 5 }

const webhook: Webhook = {
  id: WebhookId.make(1),
  accountId: AccountId.make(1),
  url: "https://example.com/",
  events: ["*"],
  description: "",
  enabled: true,
  secret: "whsec_one",
  oldSecret: null,
  disabled: null,
  failing: null,
  createdAt: NOW,
  updatedAt: NOW
}

const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const attempt = fc.integer({ min: 1, max: SCHEDULE.length })

describe("the next attempt", () => {
  test("comes after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, a tenth earlier or later", () => {
    assert.deepStrictEqual(
      SCHEDULE.map((_, i) => (redeliveryDelay(i + 1, 0.5, null) ?? 0) / 1000),
      [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    )
    fc.assert(
      fc.property(attempt, random, (number, dice) => {
        const base = SCHEDULE[number - 1] ?? 0
        const delay = redeliveryDelay(number, dice, null) ?? 0
        assert.isAtLeast(delay, base * 0.9)
        assert.isAtMost(delay, base * 1.1)
      })
    )
  })

  test("waits as long as it is asked to, but no less than planned, nor for much longer", () => {
    fc.assert(
      fc.property(attempt, random, fc.nat(10 ** 9), (number, dice, asked) => {
        const base = SCHEDULE[number - 1] ?? 0
        const planned = redeliveryDelay(number, dice, null) ?? 0
        const delay = redeliveryDelay(number, dice, asked) ?? 0
        assert.isAtLeast(delay, planned)
        assert.isAtMost(delay, Math.max(planned, 2 * base, 15 * 60_000))
        if (asked >= planned && asked <= 2 * base) assert.strictEqual(delay, asked)
      })
    )
  })

  test("is not made after the tenth", () => assert.isNull(redeliveryDelay(SCHEDULE.length + 1, 0.5, 1000)))
})

describe("an attempt", () => {
  test("succeeds with 2xx alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        const verdict = verdictOf(answered(status), 1, NOW, 0.5)
        assert.strictEqual(verdict._tag === "Delivered", status >= 200 && status < 300)
      })
    )
    assert.strictEqual(verdictOf(failed, 1, NOW, 0.5)._tag, "Retry")
    assert.strictEqual(verdictOf(failed, 10, NOW, 0.5)._tag, "Exhausted")
    assert.strictEqual(verdictOf(answered(410), 1, NOW, 0.5)._tag, "Exhausted")
  })

  test("is written down as a database can hold it", () => {
    const body = "a\u0000b\ud83d"
    assert.deepStrictEqual(attemptOf({ ...answered(500), body } as SendOutcome, NOW), {
      at: NOW,
      status: 500,
      durationMillis: 5,
      error: "The endpoint answered 500.",
      body: "ab\ufffd"
    })
    assert.isNull(attemptOf(answered(204), NOW).error)
  })
})

describe("an endpoint", () => {
  const after = (outcomes: ReadonlyArray<readonly [at: number, outcome: SendOutcome]>) =>
    outcomes.reduce((state, [at, outcome]) => afterAttempt(state, outcome, at), webhook)

  test("that answers 410 is disabled at once", () => {
    assert.deepInclude(after([[NOW, answered(410)]]), { enabled: false, disabled: { reason: "gone", at: NOW } })
  })

  test("is disabled by five days of failures, not by any shorter", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 * 3_600_000 }), { maxLength: 20 }), (steps) => {
        let at = NOW
        let state = afterAttempt(webhook, failed, at)
        for (const step of steps) {
          at += step
          state = afterAttempt(state, failed, at)
          assert.strictEqual(state.enabled, (state.disabled?.at ?? at) - NOW < FAILING_MILLIS)
        }
      })
    )
  })

  test("is well again with one success", () => {
    const state = after([
      [NOW, failed],
      [NOW + FAILING_MILLIS - 1, answered(200)],
      [NOW + FAILING_MILLIS, failed]
    ])
    assert.deepInclude(state, { enabled: true, failing: { since: NOW + FAILING_MILLIS, lastAt: NOW + FAILING_MILLIS } })
  })

  test("that nothing was sent to for five days begins anew", () => {
    const state = after([
      [NOW, failed],
      [NOW + FAILING_MILLIS + 1, failed]
    ])
    assert.isTrue(state.enabled)
  })
})
