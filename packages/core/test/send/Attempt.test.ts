import fc from "fast-check"
import { assert, describe, it } from "vitest"
import type { Message } from "../../src/Message.ts"
import {
  type Attempted,
  consequenceOf,
  LEASE_MILLIS,
  QUEUE_MILLIS,
  retryDelay,
  spread,
  SUBMIT_MILLIS,
  UNKNOWN_MILLIS
} from "../../src/send/Attempt.ts"
import type { SubmitOutcome } from "../../src/send/Carrier.ts"
import { queuedMessage } from "../sample.ts"

const sending: Message = { ...queuedMessage, status: "sending" }
const NOW = sending.createdAt + 1000

const attempted = (outcome: SubmitOutcome, given: Partial<Attempted> = {}): Attempted => ({
  message: sending,
  attempt: 1,
  outcome,
  idempotentSubmits: false,
  ...given
})

const consequence = (outcome: SubmitOutcome, given: Partial<Attempted> = {}, now = NOW) =>
  consequenceOf(attempted(outcome, given), now, 0.5)

const TEMPORARY: SubmitOutcome = { _tag: "Temporary", detail: "busy" }
const UNKNOWN: SubmitOutcome = { _tag: "Unknown", detail: "no answer" }
const DONE = { _tag: "Done" } as const

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
/** Mostly about the end of the four hours. */
const anyAge = fc.oneof(fc.nat(QUEUE_MILLIS), fc.integer({ min: QUEUE_MILLIS - 60_000, max: QUEUE_MILLIS + 1000 }))

const anyOutcome = fc.constantFrom<SubmitOutcome>(
  { _tag: "Accepted", refs: ["a"] },
  { _tag: "Rejected", reason: "invalid_destination" },
  TEMPORARY,
  UNKNOWN
)

describe("an answer", () => {
  it("ends the queue's part when it is final", () => {
    assert.deepStrictEqual(consequence({ _tag: "Accepted", refs: ["a", "b"] }), {
      report: { _tag: "Accepted", refs: ["a", "b"] },
      verdict: DONE
    })
    assert.deepStrictEqual(consequence({ _tag: "Rejected", reason: "no_route", detail: "no way" }), {
      report: { _tag: "Rejected", reason: "no_route", detail: "no way" },
      verdict: DONE
    })
  })

  it("holds nothing that could not be stored", () => {
    const texts = fc.string({
      unit: fc.constantFrom("a", "😀", "\u0000", "\ud83d", "\ude00"),
      maxLength: 1500,
      size: "max"
    })
    fc.assert(
      fc.property(texts, (text) => {
        const storable = (kept: string | null) => {
          assert.isTrue(kept === null || (kept.isWellFormed() && !kept.includes("\u0000") && kept.length <= 1000))
        }
        const rejected = consequence({ _tag: "Rejected", reason: text, detail: text }).report
        const accepted = consequence({ _tag: "Accepted", refs: [text] }).report
        assert.isTrue(rejected._tag === "Rejected" && accepted._tag === "Accepted")
        if (rejected._tag === "Rejected") [rejected.reason, rejected.detail].forEach(storable)
        if (accepted._tag === "Accepted") accepted.refs.forEach(storable)
        const unknown = consequence({ _tag: "Unknown", detail: text }).report
        if (unknown._tag === "OutcomeUnknown") storable(unknown.detail)
      })
    )
  })
})

describe("a carrier that is busy", () => {
  it("is asked again, later each time, until the message is four hours old", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), anyAge, random, (attempt, age, dice) => {
        const now = sending.createdAt + age
        const { report, verdict } = consequenceOf(attempted(TEMPORARY, { attempt }), now, dice)
        const at = now + retryDelay(attempt, dice)
        if (at - sending.createdAt <= QUEUE_MILLIS) {
          assert.deepStrictEqual(verdict, { _tag: "Retry", at })
          assert.deepStrictEqual(report, { _tag: "Deferred", detail: "busy" })
        } else {
          assert.deepStrictEqual(verdict, DONE)
          assert.deepStrictEqual(report, { _tag: "Expired", reason: "carrier_unavailable" })
        }
      })
    )
  })

  it("is left alone for half a second to a minute", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), random, (attempt, dice) => {
        const delay = retryDelay(attempt, dice)
        assert.isAtLeast(delay, 250)
        assert.isAtMost(delay, 60_000)
        assert.isAtLeast(retryDelay(attempt + 1, dice), delay)
      })
    )
    assert.deepStrictEqual(
      [1, 2, 3, 4].map((attempt) => retryDelay(attempt, 0)),
      [250, 500, 1000, 2000]
    )
    assert.strictEqual(retryDelay(99, 0), 30_000)
  })

  it("is not asked by a whole group at the same moment", () => {
    fc.assert(
      fc.property(random, fc.integer({ min: 2, max: 128 }), (dice, size) => {
        const steps = Array.from({ length: size }, (_, i) => spread(dice, i)).toSorted((a, b) => a - b)
        for (const one of steps) assert.isTrue(one >= 0 && one < 1)
        const gaps = steps.map((one, i) => (i === 0 ? one + 1 - (steps.at(-1) ?? 0) : one - (steps[i - 1] ?? 0)))
        assert.isAtMost(Math.max(...gaps), 3 / size)
      })
    )
  })
})

describe("an unknown outcome", () => {
  it("is never tried again by a carrier that would send the message twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(2 * QUEUE_MILLIS), random, (attempt, age, dice) => {
        const now = sending.createdAt + age
        const { report, verdict } = consequenceOf(attempted(UNKNOWN, { attempt }), now, dice)
        assert.deepStrictEqual(verdict, { _tag: "Park", until: now + UNKNOWN_MILLIS })
        assert.deepStrictEqual(report, { _tag: "OutcomeUnknown", detail: "no answer" })
      })
    )
  })

  it("is tried again by a carrier that knows a repeated submit, for four hours", () => {
    const knows = { idempotentSubmits: true, attempt: 2 }
    assert.deepStrictEqual(consequence(UNKNOWN, knows).verdict, { _tag: "Retry", at: NOW + retryDelay(2, 0.5) })
    const late = sending.createdAt + QUEUE_MILLIS
    assert.deepStrictEqual(consequence(UNKNOWN, knows, late).verdict, { _tag: "Park", until: late + UNKNOWN_MILLIS })
  })
})

describe("a message that a receipt has shown to be sent in the meantime", () => {
  it("is not attempted again, nor given up, whatever the carrier answers", () => {
    const status = fc.constantFrom<Message["status"]>("sent", "delivered", "failed")
    fc.assert(
      fc.property(status, anyOutcome, fc.boolean(), fc.nat(2 * QUEUE_MILLIS), (is, outcome, idempotent, age) => {
        const { report, verdict } = consequence(
          outcome,
          { message: { ...sending, status: is }, idempotentSubmits: idempotent },
          sending.createdAt + age
        )
        assert.deepStrictEqual(verdict, DONE)
        assert.notStrictEqual(report._tag, "Expired")
      })
    )
  })
})

it("gives up waiting for an answer before its lease ends", () => {
  assert.isBelow(SUBMIT_MILLIS, LEASE_MILLIS)
})
