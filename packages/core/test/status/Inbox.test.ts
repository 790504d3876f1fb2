import * as fc from "fast-check"
import { assert, test } from "vitest"
import { everyDay } from "../../src/status/Inbox.ts"

const DAY = 24 * 60 * 60 * 1000
const now = fc.integer({ min: 100 * DAY, max: Date.UTC(2199, 0) })

test("the last 30 days end today, follow each other, and tell what is known of each", () => {
  fc.assert(
    fc.property(now, fc.uniqueArray(fc.integer({ min: -3, max: 40 })), (now, ago) => {
      const today = Math.floor(now / DAY) * DAY
      const known = ago.map((days, i) => ({ day: today - days * DAY, messages: i + 3, delivered: i, failed: 1 }))
      const days = everyDay(known, now)
      assert.deepStrictEqual(
        days.map(({ day }) => day),
        Array.from({ length: 30 }, (_, i) => today - (29 - i) * DAY)
      )
      for (const { day, ...counts } of days) {
        const { day: _, ...wanted } = known.find((one) => one.day === day) ?? {
          messages: 0,
          delivered: 0,
          failed: 0,
          day
        }
        assert.deepStrictEqual(counts, wanted)
      }
    })
  )
})

test("a day begins and ends at midnight, UTC", () => {
  const last = (now: string) => new Date(everyDay([], Date.parse(now)).at(-1)?.day ?? 0).toISOString()
  assert.strictEqual(last("2026-02-28T23:59:59.999Z"), "2026-02-28T00:00:00.000Z")
  assert.strictEqual(last("2026-03-01T00:00:00.000Z"), "2026-03-01T00:00:00.000Z")
  assert.strictEqual(everyDay([], Date.parse("2026-03-01T00:00:00Z"))[0]?.day, Date.UTC(2026, 0, 31))
})
