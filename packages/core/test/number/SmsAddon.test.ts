import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { EUR, money } from "../../src/Money.ts"
import {
  addonOff,
  addonPaid,
  isSmsOn,
  pause,
  renew,
  resume,
  type SmsAddon,
  turnOff,
  turnOn
} from "../../src/number/SmsAddon.ts"

const DAY = 24 * 60 * 60 * 1000
const PRICE = money(750_000n, EUR)

type Op = "on" | "off" | "renew" | "renew without money" | "deactivate" | "activate" | "top-up"

interface Move {
  readonly wait: number
  readonly op: Op
}

const moves = fc.array(
  fc.record<Move>({
    wait: fc.oneof(
      fc.integer({ min: 0, max: 2 * DAY }),
      fc.constantFrom(0, 1, DAY, 28 * DAY, 31 * DAY),
      fc.integer({ min: 0, max: 70 * DAY })
    ),
    op: fc.constantFrom("on", "off", "renew", "renew", "renew without money", "deactivate", "activate", "top-up")
  }),
  { minLength: 40, maxLength: 80 }
)
const start = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2029, 0, 1) })

/** A month that was charged, in the time that counts: without that in which the number was not active. */
interface Charged {
  readonly start: number
  readonly end: number
}

interface World {
  readonly now: number
  readonly addon: SmsAddon
  readonly inactiveSince: number | null
  /** Milliseconds that have not counted so far. */
  readonly idle: number
  readonly charged: ReadonlyArray<Charged>
}

const apply = (world: World, op: Op): World => {
  const { addon, idle, inactiveSince, now } = world
  const charging = (step: { readonly addon: SmsAddon; readonly charged: number | null }): World => ({
    ...world,
    addon: step.addon,
    charged:
      step.charged === null
        ? world.charged
        : [...world.charged, { start: step.charged - idle, end: (step.addon.paidUntil ?? 0) - idle }]
  })
  switch (op) {
    case "on":
      return inactiveSince === null ? charging(turnOn(addon, now)) : world
    case "off":
      return { ...world, addon: turnOff(addon) }
    case "renew":
      return charging(renew(addon, true, now))
    case "renew without money":
      return charging(renew(addon, false, now))
    case "top-up": {
      const owed = addon.state === "past_due" || addon.state === "suspended"
      if (inactiveSince !== null || !owed) return world
      return charging(renew({ ...addon, dueAt: now }, true, now))
    }
    case "deactivate":
      return inactiveSince === null ? { ...world, inactiveSince: now, addon: pause(addon) } : world
    case "activate": {
      if (inactiveSince === null) return world
      const rested = now - inactiveSince
      return { ...world, inactiveSince: null, idle: idle + rested, addon: resume(addon, rested) }
    }
  }
}

/** Everything that is due and paid for, as the job does it. */
const settle = (world: World): World => {
  const { addon, now } = world
  return addon.dueAt !== null && addon.dueAt <= now ? settle(apply(world, "renew")) : world
}

const begin = (now: number): World => ({ now, addon: addonOff(PRICE), inactiveSince: null, idle: 0, charged: [] })

const run = (now: number, given: ReadonlyArray<Move>, check: (world: World, before: World, op: Op) => void) => {
  let world = begin(now)
  for (const { op, wait } of given) {
    const before = { ...world, now: world.now + wait }
    world = apply(before, op)
    check(world, before, op)
  }
  return world
}

describe("an add-on", () => {
  it("is never charged twice for one time, whatever is switched, retried, paused and paid late", () => {
    let charges = 0
    fc.assert(
      fc.property(start, moves, (now, given) => {
        const { charged } = run(now, given, () => undefined)
        charges += charged.length
        for (const [i, period] of charged.entries()) {
          assert.isAbove(period.end, period.start)
          assert.isAtLeast(period.start, charged[i - 1]?.end ?? -Infinity)
        }
      }),
      { numRuns: 500 }
    )
    assert.isAbove(charges, 1000)
  })

  it("that is on was paid for, up to now and beyond", () => {
    fc.assert(
      fc.property(start, moves, (now, given) => {
        run(now, given, (made) => {
          const world = settle(made)
          if (world.addon.state !== "on" || world.inactiveSince !== null) return
          const counted = world.now - world.idle
          const last = world.charged.at(-1)
          assert.isDefined(last)
          assert.isTrue((last?.start ?? 0) <= counted && counted < (last?.end ?? 0))
          assert.strictEqual(world.addon.dueAt, world.addon.paidUntil)
        })
      }),
      { numRuns: 500 }
    )
  })

  it("costs nothing to switch off and on within a month that is paid for, and ends it when it would have", () => {
    fc.assert(
      fc.property(
        start,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (now, part, times) => {
          const first = turnOn(addonOff(PRICE), now)
          assert.strictEqual(first.charged, now)
          const until = first.addon.paidUntil ?? 0
          let addon = first.addon
          for (let i = 0; i < times; i++) {
            const moment = now + Math.floor((until - 1 - now) * part)
            addon = turnOff(addon)
            assert.isNull(addon.dueAt)
            const again = turnOn(addon, moment)
            assert.isNull(again.charged)
            addon = again.addon
          }
          assert.deepStrictEqual(addon, first.addon)
          assert.strictEqual(turnOn(turnOff(addon), until).charged, until, "the month is over")
        }
      )
    )
  })

  it("is tried daily for three days, then suspended; a payment on the way keeps its month", () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 0, max: 3 * DAY }), (now, late) => {
        const paid = addonPaid(PRICE, now)
        const until = paid.paidUntil ?? 0
        let addon = renew(paid, false, until + late).addon
        for (let tries = 1; tries <= 3; tries++) {
          assert.strictEqual(addon.state, "past_due")
          assert.isTrue(isSmsOn(addon))
          assert.strictEqual(addon.dueAt, until + late + tries * DAY)
          const rescued = renew(addon, true, addon.dueAt ?? 0)
          assert.strictEqual(rescued.charged, until)
          assert.strictEqual(rescued.addon.state, "on")
          addon = renew(addon, false, addon.dueAt ?? 0).addon
        }
        assert.deepInclude(addon, { state: "suspended", dueAt: null, pastDueSince: null })
        const moment = until + late + 10 * DAY
        assert.deepStrictEqual(renew(addon, true, moment), { addon, charged: null }, "nothing tries it by itself")
        const again = renew({ ...addon, dueAt: moment }, true, moment)
        assert.strictEqual(again.charged, moment)
        assert.deepStrictEqual(again.addon, addonPaid(PRICE, moment))
      })
    )
  })

  it("changes nothing when the same is done again at the same moment", () => {
    fc.assert(
      fc.property(start, moves, (now, given) => {
        run(now, given, (world, _, op) => {
          if (op === "renew" && world.addon.dueAt !== null && world.addon.dueAt <= world.now) return
          assert.deepStrictEqual(apply(world, op), world)
        })
      })
    )
  })

  it("loses nothing of what is paid for while its number is not active", () => {
    fc.assert(
      fc.property(start, moves, (now, given) => {
        let left: number | null = null
        run(now, given, (world, before, op) => {
          const paidUntil = before.addon.paidUntil
          if (op === "deactivate" && before.inactiveSince === null) {
            left = paidUntil === null ? null : paidUntil - before.now
          }
          if (op === "activate" && before.inactiveSince !== null && left !== null) {
            assert.strictEqual((world.addon.paidUntil ?? 0) - world.now, left)
          }
        })
      })
    )
  })

  it("goes from Jan 31 to Feb 28, Mar 31 and Apr 30, and to Feb 29 in a leap year", () => {
    const dates = (first: string, count: number) => {
      let addon = addonPaid(PRICE, Date.parse(first))
      return Array.from({ length: count }, () => {
        const end = addon.paidUntil ?? 0
        addon = renew(addon, true, end).addon
        return new Date(end).toISOString()
      })
    }
    assert.deepStrictEqual(dates("2026-01-31T08:00:00.000Z", 3), [
      "2026-02-28T08:00:00.000Z",
      "2026-03-31T08:00:00.000Z",
      "2026-04-30T08:00:00.000Z"
    ])
    assert.deepStrictEqual(dates("2028-01-31T08:00:00.000Z", 2), [
      "2028-02-29T08:00:00.000Z",
      "2028-03-31T08:00:00.000Z"
    ])
  })
})
