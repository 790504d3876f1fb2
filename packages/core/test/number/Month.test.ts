import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { monthsAfter, nextMonthEnd } from "../../src/number/Month.ts"
import { DAY, monthEnd } from "./calendar.ts"

const MINUTE = 60_000
const anchor = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2033, 0, 1) })
const at = (text: string) => Date.parse(`${text}T10:15:30.123Z`)
const day = (moment: number) => new Date(moment).toISOString().slice(0, 10)

describe("months", () => {
  it("keep the day, or take the last one of a month that is too short", () => {
    const ends = (from: string, count: number) =>
      Array.from({ length: count }, (_, i) => day(monthsAfter(at(from), i + 1)))
    assert.deepStrictEqual(ends("2026-01-31", 5), [
      "2026-02-28",
      "2026-03-31",
      "2026-04-30",
      "2026-05-31",
      "2026-06-30"
    ])
    assert.deepStrictEqual(ends("2028-01-31", 2), ["2028-02-29", "2028-03-31"])
    assert.deepStrictEqual(ends("2026-12-30", 3), ["2027-01-30", "2027-02-28", "2027-03-30"])
    assert.deepStrictEqual(ends("2028-02-29", 12).at(-1), "2029-02-28")
  })

  it("keep the time of day, to the millisecond", () => {
    fc.assert(
      fc.property(anchor, fc.integer({ min: 0, max: 240 }), (from, count) => {
        const end = monthsAfter(from, count)
        assert.strictEqual(end % (24 * 60 * MINUTE), from % (24 * 60 * MINUTE))
        const [first, last] = [new Date(from), new Date(end)]
        assert.strictEqual(
          last.getUTCFullYear() * 12 + last.getUTCMonth(),
          first.getUTCFullYear() * 12 + first.getUTCMonth() + count
        )
        const lastOfMonth = new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1, 0)).getUTCDate()
        assert.strictEqual(last.getUTCDate(), Math.min(first.getUTCDate(), lastOfMonth))
      })
    )
  })

  it("end next at the first of them that lies after a moment", () => {
    fc.assert(
      fc.property(
        anchor,
        fc.integer({ min: -40, max: 800 }),
        fc.integer({ min: 0, max: 1440 }),
        (from, days, minutes) => {
          const moment = from + (days * 1440 + minutes) * MINUTE
          const expected = Array.from({ length: 40 }, (_, i) => monthsAfter(from, i + 1)).find((end) => end > moment)
          assert.strictEqual(nextMonthEnd(from, moment), expected)
        }
      )
    )
  })

  it("rise strictly, each by the calendar and counted from the beginning, through leap years and 2100", () => {
    const anyMoment = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2150, 0, 1) })
    fc.assert(
      fc.property(fc.oneof(anyMoment, anyMoment.map(toMonthEnd)), (from) => {
        let end = from
        for (let count = 1; count <= 60; count++) {
          const next = nextMonthEnd(from, end)
          assert.isAbove(next, end)
          assert.strictEqual(next, monthEnd(from, count))
          assert.strictEqual(next, monthsAfter(from, count))
          end = next
        }
      })
    )
  })

  it("are never further away than the longest month, whenever one looks", () => {
    fc.assert(
      fc.property(anchor, fc.nat({ max: 3000 * DAY }), (from, later) => {
        const next = nextMonthEnd(from, from + later)
        assert.isAbove(next, from + later)
        assert.isAtMost(next, from + later + 31 * DAY)
      })
    )
  })
})

/** The same time on the last day of its month. */
const toMonthEnd = (moment: number): number => {
  const date = new Date(moment)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) + (moment % DAY)
}
