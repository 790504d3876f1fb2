/** A year of renewals, day by day, by several hosts on one store, with wallets that run dry and hosts that die. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { AccountId, NumberId } from "../../src/Account.ts"
import { layerMemory } from "../../src/memory/layerMemory.ts"
import { EUR, Micros, money } from "../../src/Money.ts"
import { EventLog } from "../../src/notify/AccountEvent.ts"
import { NumberRegistry } from "../../src/number/NumberRegistry.ts"
import { Renewals } from "../../src/number/Renewals.ts"
import { addonOff } from "../../src/number/SmsAddon.ts"
import { SwitchSms } from "../../src/number/SwitchSms.ts"
import { CountryCode, E164 } from "../../src/PhoneNumber.ts"
import { Coverage } from "../../src/price/Coverage.ts"
import { topUpLine } from "../../src/wallet/Ledger.ts"
import { Wallet } from "../../src/wallet/Wallet.ts"

const DAY = 24 * 60 * 60 * 1000
const DAYS = 366
const FEE = 750_000n
const NUMBERS = 3
const RICH = AccountId.make(1)
const POOR = AccountId.make(2)
const NL = CountryCode.make("NL")

const free = { local: false, mobile: false, toll_free: false }
const coverage = Coverage.layer([
  {
    country: NL,
    name: "Netherlands",
    sms: { local: true, mobile: true, toll_free: true },
    needsVerification: free,
    smsMonthly: money(FEE, EUR),
    numberMonthly: money(FEE, EUR),
    outboundSegment: null
  }
])

const store = layerMemory({
  accounts: [
    { id: RICH, balance: Micros.make(1000n * FEE) },
    { id: POOR, balance: Micros.make(2n * FEE), lowBalance: Micros.make(FEE) }
  ],
  numbers: [RICH, POOR].flatMap((accountId) =>
    Array.from({ length: NUMBERS }, (_, i) => ({
      accountId,
      number: E164.make(`+3161234${accountId}00${i}`),
      carrier: "fake",
      sms: addonOff(money(FEE, EUR))
    }))
  )
})

/** Hosts whose next write of a charge dies while there are `faults` left, as if they were killed there. */
const flaky = (faults: { left: number; hit: number }) =>
  Layer.effect(
    Wallet,
    Effect.map(Wallet, (wallet) => ({
      ...wallet,
      post: (lines) =>
        Effect.suspend(() => {
          if (faults.left === 0) return wallet.post(lines)
          faults.left--
          faults.hit++
          return Effect.die(new Error("the host died"))
        })
    }))
  )

interface Day {
  readonly op: "nothing" | "top up" | "off" | "on" | "outage"
  readonly which: number
  readonly faults: number
  readonly hosts: number
}

const days = fc.array(
  fc.record<Day>({
    op: fc.oneof(
      { weight: 30, arbitrary: fc.constant<Day["op"]>("nothing") },
      { weight: 2, arbitrary: fc.constantFrom<Day["op"]>("top up", "on") },
      { weight: 1, arbitrary: fc.constantFrom<Day["op"]>("off", "outage") }
    ),
    which: fc.nat({ max: NUMBERS - 1 }),
    faults: fc.constantFrom(0, 0, 0, 1, 2),
    hosts: fc.integer({ min: 1, max: 3 })
  }),
  { minLength: DAYS, maxLength: DAYS }
)

const firstDay = fc.constantFrom(
  Date.UTC(2026, 0, 31, 10),
  Date.UTC(2028, 0, 31, 23, 59, 59, 999),
  Date.UTC(2026, 4, 15),
  Date.UTC(2027, 11, 29, 12)
)

describe("a year of renewals", () => {
  const seen = { years: 0, renewals: 0, suspensions: 0, resumptions: 0, faults: 0, falls: 0 }

  it.effect(
    "charges each month once, tells each suspension once and loses nothing",
    () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(firstDay, days, (start, course) =>
            Effect.runPromise(
              year(start, course, seen).pipe(Effect.scoped, Effect.provide([TestClock.layer(), Logger.layer([])]))
            )
          ),
          { numRuns: 25 }
        )
      ).pipe(
        Effect.andThen(
          Effect.sync(() => {
            for (const [what, count] of Object.entries(seen)) assert.isAbove(count, 20, what)
          })
        )
      ),
    120_000
  )
})

const year = Effect.fnUntraced(function* (start: number, course: ReadonlyArray<Day>, seen: Record<string, number>) {
  yield* TestClock.setTime(start)
  const faults = { left: 0, hit: 0 }
  const ports = yield* Layer.build(store)
  const host = Layer.mergeAll(Renewals.layer, SwitchSms.layer).pipe(
    Layer.provide([flaky(faults), coverage]),
    Layer.provide(Layer.succeedContext(ports))
  )
  const hosts = yield* Effect.all(Array.from({ length: 3 }, () => Layer.build(Layer.fresh(host))))
  const wallet = Context.get(ports, Wallet)
  const registry = Context.get(ports, NumberRegistry)
  const log = Context.get(ports, EventLog)
  // There are three.
  const first = hosts[0] as (typeof hosts)[number]
  const set = (accountId: AccountId, id: number, enabled: boolean) =>
    Context.get(first, SwitchSms).set({ accountId, id: NumberId.make(id) }, enabled)

  for (let i = 0; i < NUMBERS; i++) yield* Effect.orDie(set(RICH, i + 1, true))
  const states = new Map<number, string>()
  let switched = 0
  for (const [i, day] of course.entries()) {
    yield* TestClock.setTime(start + (i + 1) * DAY)
    const number = NUMBERS + 1 + day.which
    if (day.op === "on" || day.op === "off") {
      switched++
      yield* Effect.ignore(set(POOR, number, day.op === "on"))
    }
    if (day.op === "top up") {
      const at = start + (i + 1) * DAY
      yield* wallet.post([topUpLine(POOR, `day ${i}`, money(FEE, EUR), at)])
      yield* registry.hastenRenewals(POOR, at)
    }
    faults.left = day.faults
    if (day.op !== "outage") {
      for (let round = 0; round < 2; round++) {
        yield* Effect.all(
          hosts.slice(0, day.hosts).map((one) => Context.get(one, Renewals).renew),
          { concurrency: "unbounded" }
        )
        // What a host that died has left is taken over once its lease is over.
        yield* TestClock.adjust(60_001)
      }
    }
    faults.left = 0
    for (const { id, sms } of yield* registry.list(POOR)) {
      if (sms.state === "suspended" && states.get(id) !== "suspended")
        seen["suspensions"] = (seen["suspensions"] ?? 0) + 1
      if (sms.state === "on" && states.get(id) === "suspended") seen["resumptions"] = (seen["resumptions"] ?? 0) + 1
      states.set(id, sms.state)
    }
    assert.isTrue(((yield* wallet.balance(POOR))?.micros ?? -1n) >= 0n)
  }
  assert.isAbove(switched, 0)

  for (const account of [RICH, POOR]) {
    const entries = (yield* wallet.entries(account, { limit: 10_000 })).toReversed()
    let balance = 0n
    const months = new Map<string, Array<number>>()
    for (const { amount, balanceAfter, kind, reference } of entries) {
      balance += amount.micros
      assert.strictEqual(balanceAfter.micros, balance)
      const month = /^(number:\d+):sms:(\S+)$/.exec(reference)
      if (kind !== "addon_fee") continue
      assert.strictEqual(amount.micros, -FEE)
      const [, number = "", begin] = month ?? []
      months.set(number, [...(months.get(number) ?? []), Date.parse(begin ?? "")])
    }
    assert.strictEqual((yield* wallet.balance(account))?.micros, balance)
    for (const begins of months.values()) {
      seen["renewals"] = (seen["renewals"] ?? 0) + begins.length - 1
      // The shortest month has 28 days: none overlaps the one before it.
      for (const [i, begin] of begins.entries()) assert.isAtLeast(begin - (begins[i - 1] ?? -Infinity), 28 * DAY)
      if (account === RICH) assert.include([12, 13], begins.length, "each month of the year, once")
    }
    if (account === RICH) assert.strictEqual(months.size, NUMBERS)
  }

  const events = (yield* log.page(POOR, { limit: 100_000 })).map(({ event }) => event.type)
  const suspended = events.filter((type) => type === "number.sms_suspended").length
  seen["told"] = (seen["told"] ?? 0) + suspended
  assert.isAtMost(suspended, seen["suspensions"] ?? 0)
  seen["falls"] = (seen["falls"] ?? 0) + events.filter((type) => type === "wallet.low_balance").length
  seen["faults"] = (seen["faults"] ?? 0) + faults.hit
  seen["years"] = (seen["years"] ?? 0) + 1
  assert.strictEqual(seen["told"], seen["suspensions"], "each suspension is told, once")
})
