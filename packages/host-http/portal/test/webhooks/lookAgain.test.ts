import { expect, it } from "vitest"
import { lookAgainMillis } from "../../src/webhooks/lookAgain.ts"

const NOW = Date.parse("2026-04-03T10:00:00Z")

const pending = (next_attempt_at: string | null) => ({ status: "pending" as const, next_attempt_at })
const settled = { status: "succeeded" as const, next_attempt_at: null }

it("Nobody looks again at deliveries that are all settled", () => {
  expect(lookAgainMillis([], NOW)).toBeNull()
  expect(lookAgainMillis([settled, { status: "failed", next_attempt_at: null }], NOW)).toBeNull()
})

it("A delivery that is under way or overdue is looked at soon", () => {
  expect(lookAgainMillis([settled, pending(null)], NOW)).toBe(1000)
  expect(lookAgainMillis([pending("2026-04-03T09:00:00.000000Z")], NOW)).toBe(1000)
})

it("One that is tried again later is looked at just after its attempt, the first of several", () => {
  const deliveries = [pending("2026-04-03T15:00:00.000000Z"), pending("2026-04-03T10:05:00.000000Z")]
  expect(lookAgainMillis(deliveries, NOW)).toBe(5 * 60_000 + 1000)
})

it("A wait is never longer than a timer takes", () => {
  expect(lookAgainMillis([pending("2027-04-03T10:00:00.000000Z")], NOW)).toBe(2 ** 31 - 1)
})
