/**
 * A year and more of an add-on by the rules alone: while hosts are awake, whatever falls due is tried right then. Moments
 * are counted without the time in which the number is not active, so that what was paid for can be laid side by side.
 */
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { EUR, money } from "../../src/Money.ts"
import {
  addonOff,
  type AddonStep,
  pause,
  renew,
  resume,
  type SmsAddon,
  turnOff,
  turnOn
} from "../../src/number/SmsAddon.ts"
import { DAY, monthEnd } from "./calendar.ts"

const PRICE = money(750_000n, EUR)
const DAYS = 400

type Op = "on" | "off" | "top up" | "spend" | "deactivate" | "activate" | "hosts go" | "hosts come"

interface Move {
  readonly op: Op
  /** Milliseconds after it, or after what falls due next. */
  readonly wait: number
  readonly due: boolean
}

const anyMoves = fc.array(
  fc.record<Move>({
    op: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<Op>("on", "spend", "top up") },
      { weight: 1, arbitrary: fc.constantFrom<Op>("off", "deactivate", "activate", "hosts go", "hosts come") }
    ),
    wait: fc.oneof(fc.nat(60_000), fc.nat(4 * DAY), fc.constantFrom(0, 1, DAY, 28 * DAY, 31 * DAY), fc.nat(70 * DAY)),
    due: fc.boolean()
  }),
  { minLength: 5, maxLength: 60 }
)

const anyStart = fc.oneof(
  fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2033, 0, 1) }),
  fc.constantFrom(
    Date.UTC(2026, 0, 31),
    Date.UTC(2027, 11, 31, 23, 59, 59, 999),
    Date.UTC(2028, 1, 29, 12),
    Date.UTC(2026, 7, 30, 8)
  )
)

/** What happened over all runs: a property that never met one of these has shown nothing of it. */
const seen = { charges: 0, suspensions: 0, resumptions: 0, "paid late": 0, rests: 0, "months made up for": 0 }

class Life {
  now: number
  addon: SmsAddon = addonOff(PRICE)
  funded = true
  awake = true
  inactiveSince: number | null = null
  idle = 0
  /** The first try that was not paid, counted. */
  unpaidSince: number | null = null
  readonly charged: Array<{ readonly from: number; readonly until: number }> = []

  constructor(start: number) {
    this.now = start
  }

  do(op: Op) {
    const { addon, inactiveSince, now } = this
    const active = inactiveSince === null
    switch (op) {
      case "on":
        // An add-on that is not paid for is not switched on without money.
        if (active && (this.funded || turnOn(addon, now).charged === null)) this.take(turnOn(addon, now))
        break
      case "off":
        this.take({ addon: turnOff(addon), charged: null })
        break
      case "top up":
        this.funded = true
        if (active && (addon.state === "past_due" || addon.state === "suspended")) this.addon = { ...addon, dueAt: now }
        break
      case "spend":
        this.funded = false
        break
      case "deactivate":
        if (active) Object.assign(this, { inactiveSince: now, addon: pause(addon) })
        break
      case "activate": {
        if (inactiveSince === null) break
        seen.rests++
        this.idle += now - inactiveSince
        Object.assign(this, { inactiveSince: null, addon: resume(addon, now - inactiveSince) })
        break
      }
      default:
        this.awake = op === "hosts come"
    }
    this.wake()
  }

  /** Time passes, and stops wherever something falls due that a host sees. */
  pass(millis: number) {
    const end = this.now + millis
    for (;;) {
      const { dueAt } = this.addon
      const next = this.awake && dueAt !== null && dueAt <= end ? dueAt : end
      this.assertPaidUntil(next)
      this.now = next
      if (next === end && (dueAt === null || dueAt > end || !this.awake)) return this.assertSound()
      this.wake()
    }
  }

  /** All that is due, as a host does it. */
  private wake() {
    for (let tries = 0; this.awake && this.addon.dueAt !== null && this.addon.dueAt <= this.now; tries++) {
      assert.isBelow(tries, 100, "it is never due for ever")
      if (tries > 0 && this.addon.state === "on") seen["months made up for"]++
      this.take(renew(this.addon, this.funded, this.now))
    }
    this.assertSound()
  }

  private take({ addon, charged }: AddonStep) {
    const before = this.addon
    this.addon = addon
    if (charged !== null) this.book(before, charged)
    if (addon.state === "past_due") this.unpaidSince ??= this.now - this.idle
    if (addon.state === "suspended" && before.state !== "suspended") {
      seen.suspensions++
      assert.isAtLeast(this.now - this.idle - (this.unpaidSince ?? Infinity), 3 * DAY, "three days were given")
    }
    if (before.state === "suspended" && addon.state === "on") {
      seen.resumptions++
      assert.isNotNull(charged, "suspended is left by paying alone")
    }
    if (addon.state !== "past_due") this.unpaidSince = null
  }

  private book(before: SmsAddon, charged: number) {
    seen.charges++
    if (before.state === "past_due") seen["paid late"]++
    const [from, until] = [charged - this.idle, (this.addon.paidUntil ?? 0) - this.idle]
    assert.isAtMost(charged, this.now, "nothing is charged before its time")
    assert.isAtLeast(from, this.charged.at(-1)?.until ?? -Infinity, "no time is charged twice")
    assert.isAtLeast(until - from, 28 * DAY)
    assert.isAtMost(until - from, 31 * DAY)
    if (before.state === "suspended" || before.state === "off") {
      assert.strictEqual(charged, this.now, "a new month begins with its payment")
      assert.strictEqual(this.addon.paidUntil, monthEnd(charged, 1))
    }
    assert.strictEqual(this.addon.state, "on")
    assert.strictEqual(this.addon.dueAt, this.addon.paidUntil)
    this.charged.push({ from, until })
  }

  /** From now to `end` it is paid for, if it is on and somebody looks. */
  private assertPaidUntil(end: number) {
    if (!this.awake || this.inactiveSince !== null || this.addon.state !== "on" || end <= this.now) return
    const last = this.charged.at(-1)
    assert.isAtLeast(this.now - this.idle, last?.from ?? Infinity)
    assert.isAtMost(end - this.idle, last?.until ?? -Infinity)
  }

  private assertSound() {
    const { addon, awake, charged, idle, inactiveSince, now } = this
    const last = charged.at(-1)
    if (last !== undefined) assert.strictEqual((addon.paidUntil ?? 0) - idle, last.until, "what is paid is not lost")
    if (inactiveSince !== null) assert.isNull(addon.dueAt, "nothing falls due meanwhile")
    if (!awake || inactiveSince !== null) return
    if (this.funded) assert.include(["on", "off"], addon.state, "with money nothing stays unpaid")
    if (addon.state === "suspended" || addon.state === "off") assert.isNull(addon.dueAt)
    if (addon.state !== "past_due") return
    const since = this.unpaidSince ?? Infinity
    const dueAt = (addon.dueAt ?? Infinity) - idle
    assert.isBelow(now - idle - since, 3 * DAY, "after three days it is suspended")
    assert.isAbove(dueAt, now - idle)
    assert.isAtMost(dueAt, now - idle + DAY, "it is tried daily")
    assert.strictEqual((dueAt - since) % DAY, 0, "at the time of day of the first try")
  }
}

const live = (start: number, moves: ReadonlyArray<Move>): Life => {
  const life = new Life(start)
  life.do("on")
  while (life.now < start + DAYS * DAY) {
    for (const { due, op, wait } of moves) {
      life.do(op)
      life.pass(wait + (due ? Math.max(0, (life.addon.dueAt ?? 0) - life.now) : 0))
    }
    life.pass(5 * DAY)
  }
  return life
}

describe("more than a year of an add-on", () => {
  it("is charged for time that it is on, once, keeps what is paid and gives three days, whatever happens", () => {
    fc.assert(
      fc.property(anyStart, anyMoves, (start, moves) => void live(start, moves)),
      { numRuns: 1000 }
    )
    for (const [what, count] of Object.entries(seen)) assert.isAbove(count, 20, what)
  })

  it("with money is charged at each end of a month by the calendar, however often it is switched meanwhile", () => {
    const anySwitches = fc.array(
      fc.record({ after: fc.nat(40 * DAY), off: fc.double({ min: 0, max: 1, noNaN: true }) })
    )
    fc.assert(
      fc.property(anyStart, anySwitches, (start, switches) => {
        const life = new Life(start)
        const end = start + 366 * DAY
        life.do("on")
        for (const { after, off } of switches) {
          if (life.now + after > end) break
          life.pass(after)
          life.do("off")
          // On again before the month is over, within the year.
          const left = Math.min(end, life.addon.paidUntil ?? 0) - life.now
          life.pass(Math.floor(off * Math.max(0, left - 1)))
          life.do("on")
        }
        life.pass(Math.max(0, end - life.now))
        const begins = life.charged.map(({ from }) => from)
        assert.deepStrictEqual(
          begins,
          begins.map((_, i) => monthEnd(start, i))
        )
        assert.isAbove(monthEnd(start, begins.length), end, "none is left out")
        assert.include([12, 13], begins.length)
      })
    )
  })

  it("is resumed by money that came while its number was not active", () => {
    fc.assert(
      fc.property(anyStart, fc.nat(70 * DAY), (start, rest) => {
        const life = new Life(start)
        life.do("on")
        life.do("spend")
        life.pass(40 * DAY)
        assert.strictEqual(life.addon.state, "suspended")
        life.do("deactivate")
        life.do("top up")
        life.pass(rest)
        assert.strictEqual(life.addon.state, "suspended")
        life.do("activate")
        assert.strictEqual(life.addon.state, "on")
        assert.strictEqual(life.addon.paidUntil, monthEnd(life.now, 1))
      })
    )
  })
})
