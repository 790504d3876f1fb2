import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { daysOf } from "../../src/sms/conversation/days.ts"
import { barsOf, mostOf } from "../../src/sms/inbox/bars.ts"
import { endsOf } from "../../src/sms/person.ts"
import { messageOf } from "./messageOf.ts"

const utcDay = (timestamp: string) => timestamp.slice(0, "2026-04-03".length)

describe("daysOf", () => {
  it("tells a conversation from its beginning, each day once", () => {
    const hours = fc.array(fc.integer({ min: 0, max: 24 * 10 }), { maxLength: 40 })
    fc.assert(
      fc.property(hours, (hours) => {
        const oldestFirst = hours
          .toSorted((one, other) => one - other)
          .map((hour, id) => messageOf({ id, created_at: new Date(hour * 3_600_000).toISOString() }))
        const days = daysOf(oldestFirst.toReversed(), utcDay)
        expect(days.flatMap(({ messages }) => messages)).toEqual(oldestFirst)
        const names = days.map(({ begins }) => utcDay(begins))
        expect(new Set(names).size).toBe(names.length)
        for (const { begins, messages } of days) {
          expect(messages.every(({ created_at }) => utcDay(created_at) === utcDay(begins))).toBe(true)
        }
      })
    )
  })
})

describe("barsOf", () => {
  it("fits every day into the chart, and has the busiest fill it", () => {
    const count = fc.nat({ max: 1_000_000 })
    const day = fc.record({ date: fc.constant("2026-04-03"), messages: count, delivered: count, failed: count })
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 30 }), (days) => {
        const heights = barsOf(days).map(({ delivered, failed, others }) => {
          for (const share of [delivered, failed, others]) expect(share).toBeGreaterThanOrEqual(0)
          return delivered + failed + others
        })
        const isQuiet = days.every(({ delivered, failed, messages }) => delivered + failed + messages === 0)
        expect(Math.max(...heights)).toBeCloseTo(isQuiet ? 0 : 1)
      })
    )
  })

  it("says how many the busiest day had", () => {
    const day = (messages: number) => ({ date: "2026-04-03", messages, delivered: 0, failed: 0 })
    expect(mostOf([day(3), day(12), day(0)])).toBe(12)
    expect(mostOf([])).toBe(0)
  })
})

describe("endsOf", () => {
  it("tells the other person from the own number", () => {
    const ends = { from: "+31201234567", to: "+31612345678" }
    expect(endsOf(messageOf({ id: 1, direction: "outbound", ...ends })).person).toBe("+31612345678")
    expect(endsOf(messageOf({ id: 1, direction: "inbound", ...ends })).person).toBe("+31201234567")
  })
})
