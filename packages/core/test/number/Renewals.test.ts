/**
 * A year of add-ons through the use cases, day by day: accounts that are always in funds and accounts that run dry,
 * customers and an operator who switch, top up and block, and several hosts that renew all at once and die while they do.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Exit, Layer, Logger } from "effect"
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
import { Operator } from "../../src/operate/Operator.ts"
import { E164 } from "../../src/PhoneNumber.ts"
import { TopUps } from "../../src/wallet/TopUps.ts"
import { Wallet } from "../../src/wallet/Wallet.ts"
import { DAY, monthEnd } from "./calendar.ts"
import { askUntilAnswered, type Fault, Faults, FAULTS, FEE, isInjected, makeHosts } from "./faultyHosts.ts"
import { witness } from "./renewalWitness.ts"

const DAYS = 366
const THRESHOLD = 2n * FEE
/** A lease of a host that died is over then. */
const LEASE = 60_001

const RICH = AccountId.make(1)
const POOR = [AccountId.make(2), AccountId.make(3)] as const
const ACCOUNTS = [RICH, ...POOR]

/** Two each: 1 and 2 are the rich one's. */
const numbersOf = (account: AccountId) => [2 * account - 1, 2 * account].map((id) => NumberId.make(id))

const store = layerMemory({
  accounts: ACCOUNTS.map((id) => ({
    id,
    balance: Micros.make(id === RICH ? 30n * FEE : 3n * FEE),
    lowBalance: Micros.make(THRESHOLD)
  })),
  numbers: ACCOUNTS.flatMap((accountId) =>
    numbersOf(accountId).map((id) => ({
      id,
      accountId,
      number: E164.make(`+3161234500${id}`),
      carrier: "fake",
      sms: addonOff(money(FEE, EUR))
    }))
  )
})

type Op =
  | { readonly _tag: "Switch"; readonly enabled: boolean }
  | { readonly _tag: "Credit"; readonly fees: number }
  | { readonly _tag: "Activate"; readonly active: boolean }

interface Act {
  readonly op: Op
  readonly account: 0 | 1
  readonly number: 0 | 1
  readonly host: number
}

interface Day {
  /** Milliseconds after the last day at most; no two days are at the same time of day. */
  readonly at: number
  readonly acts: ReadonlyArray<Act>
  readonly faults: ReadonlyArray<Fault>
  /** Whether any host renews. */
  readonly awake: boolean
  /** How long each waits before it begins, so that they meet in other ways. */
  readonly delays: ReadonlyArray<number>
}

const anyOp: fc.Arbitrary<Op> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Op>({ _tag: "Switch", enabled: true }) },
  { weight: 1, arbitrary: fc.constant<Op>({ _tag: "Switch", enabled: false }) },
  { weight: 2, arbitrary: fc.constantFrom(1, 1, 1, 2).map((fees): Op => ({ _tag: "Credit", fees })) },
  { weight: 1, arbitrary: fc.constant<Op>({ _tag: "Activate", active: false }) },
  { weight: 2, arbitrary: fc.constant<Op>({ _tag: "Activate", active: true }) }
)

const anyAct = fc.record<Act>({
  op: anyOp,
  account: fc.constantFrom(0, 1),
  number: fc.constantFrom(0, 1),
  host: fc.nat(2)
})

const anyFaults = fc.array(fc.constantFrom(...FAULTS), { minLength: 1, maxLength: 3 })

/** `acts`: what is done on it. `faulty`: one in how many days has faults. */
const dayWith = (acts: fc.Arbitrary<ReadonlyArray<Act>>, faulty: number) =>
  fc.record<Day>({
    at: fc.nat(DAY - 20 * LEASE),
    acts,
    faults: fc.oneof(
      { weight: faulty - 1, arbitrary: fc.constant<ReadonlyArray<Fault>>([]) },
      { weight: 1, arbitrary: anyFaults }
    ),
    awake: fc.oneof({ weight: 19, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    delays: fc.array(fc.nat(8), { minLength: 6, maxLength: 6 })
  })

const anyDay = fc.oneof(
  { weight: 5, arbitrary: dayWith(fc.constant([]), 4) },
  { weight: 1, arbitrary: dayWith(fc.array(anyAct, { minLength: 1, maxLength: 3 }), 2) }
)

const anyYear = fc.record({
  start: fc.constantFrom(
    Date.UTC(2026, 0, 31, 10, 15, 30, 123),
    Date.UTC(2027, 7, 31),
    Date.UTC(2028, 0, 31, 23, 59, 59, 999),
    Date.UTC(2028, 1, 29, 12),
    Date.UTC(2026, 4, 15)
  ),
  hosts: fc.constantFrom(2, 3),
  /** Days without any renewal: at worst there are months to make up for. */
  outage: fc.record({ from: fc.nat(DAYS), length: fc.nat(80) }),
  days: fc.array(anyDay, { minLength: DAYS, maxLength: DAYS, size: "max" })
})

describe("a year of add-ons on several hosts", () => {
  it.effect(
    "charges each month once, suspends after three days, tells it once and resumes with the money",
    () =>
      Effect.promise(async () => {
        await fc.assert(
          fc.asyncProperty(anyYear, ({ days, hosts, outage, start }) => {
            const isOut = (i: number) => i >= outage.from && i < outage.from + outage.length
            return Effect.runPromise(
              run(
                start,
                hosts,
                days.map((day, i) => (isOut(i) ? { ...day, awake: false } : day))
              )
            )
          }),
          // A failure is shrunk for as long as that leaves time to say what it was.
          { numRuns: RUNS, interruptAfterTimeLimit: 240_000, markInterruptAsFailure: true }
        )
        for (const [what, count] of Object.entries(seen)) assert.isAtLeast(count, RUNS / 4, what)
        for (const [fault, count] of hits) assert.isAtLeast(count, RUNS, `hosts that died ${fault}`)
      }),
    300_000
  )
})

const RUNS = 20

/** Over all runs. */
const seen = {
  days: 0,
  charges: 0,
  suspensions: 0,
  resumptions: 0,
  "low balances": 0,
  rests: 0,
  "nights out": 0,
  "made up for": 0
}
const hits = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]))

const run = (start: number, count: number, days: ReadonlyArray<Day>) => {
  /** Warnings of what nobody injected. */
  const troubles: Array<unknown> = []
  const logger = Logger.make(({ cause, message }) => {
    if (!isInjected(cause) || cause.reasons.length === 0) troubles.push({ cause, message })
  })
  return year(start, count, days).pipe(
    Effect.andThen(Effect.sync(() => assert.deepStrictEqual(troubles, []))),
    Effect.scoped,
    Effect.provide([TestClock.layer(), Logger.layer([logger])])
  )
}

const year = Effect.fnUntraced(function* (start: number, count: number, days: ReadonlyArray<Day>) {
  yield* TestClock.setTime(start)
  const { falls, ports, storyOf } = yield* Effect.flatMap(Layer.build(store), witness)
  const faults = new Faults()
  const hosts = yield* makeHosts(ports, count, faults)
  const [wallet, registry] = [Context.get(ports, Wallet), Context.get(ports, NumberRegistry)]
  const log = Context.get(ports, EventLog)
  /** Number modulo hosts: it is there. */
  const host = (i: number) => hosts[i % count] as (typeof hosts)[number]
  let credited = 0n

  const act = ({ account, host: i, number, op }: Act, reference: string): Effect.Effect<void> => {
    const accountId = POOR[account]
    // Each has two.
    const id = numbersOf(accountId)[number] as NumberId
    switch (op._tag) {
      case "Switch":
        return askUntilAnswered(Context.get(host(i), SwitchSms).set({ accountId, id }, op.enabled))
      case "Activate": {
        const status = op.active ? "active" : "suspended"
        return askUntilAnswered(Context.get(host(i), Operator).changeNumber(id, { status }))
      }
      case "Credit": {
        const amount = Micros.make(BigInt(op.fees) * FEE)
        credited += amount
        return askUntilAnswered(Context.get(host(i), TopUps).credit(accountId, amount, reference))
      }
    }
  }

  const renewOn = (i: number) =>
    Effect.flatMap(Effect.exit(Context.get(host(i), Renewals).renew), (exit) =>
      Exit.isFailure(exit) && !isInjected(exit.cause) ? Effect.die(exit.cause) : Effect.void
    )

  const atOnce = (tasks: ReadonlyArray<Effect.Effect<void>>, delays: ReadonlyArray<number>) =>
    Effect.all(
      tasks.map((task, i) => Effect.andThen(Effect.repeat(Effect.yieldNow, { times: delays[i] ?? 0 }), task)),
      { concurrency: "unbounded", discard: true }
    )

  const everyHost = hosts.map((_, i) => renewOn(i))

  /** At any time, in the middle of things too. */
  const assertMoney = Effect.gen(function* () {
    let total = 0n
    for (const account of ACCOUNTS) {
      const entries = (yield* wallet.entries(account, { limit: 10_000 })).toReversed()
      let balance = 0n
      for (const { amount, balanceAfter } of entries) {
        balance += amount.micros
        assert.strictEqual(balanceAfter.micros, balance)
        assert.isTrue(balance >= 0n)
      }
      assert.strictEqual((yield* wallet.balance(account))?.micros, balance)
      const references = entries.map(({ kind, reference }) => `${kind} ${reference}`)
      assert.strictEqual(new Set(references).size, references.length)
      const fees = entries.filter(({ kind }) => kind === "addon_fee")
      for (const { amount } of fees) assert.strictEqual(amount.micros, -FEE)
      const charged = numbersOf(account).reduce((sum, id) => sum + storyOf(id).months.length, 0)
      assert.strictEqual(fees.length, charged)
      total += balance + BigInt(charged) * FEE
    }
    assert.strictEqual(total, 36n * FEE + credited, "no money is made or lost")
  })

  /** What was told is what has happened. */
  const assertTold = Effect.gen(function* () {
    for (const account of ACCOUNTS) {
      const events = (yield* log.page(account, { limit: 10_000 })).map(({ event }) => event)
      for (const id of numbersOf(account)) {
        const story = storyOf(id)
        const told = (type: string) =>
          events.filter((event) => event.type === type && "numberId" in event && event.numberId === id).length
        assert.strictEqual(told("number.sms_suspended"), story.suspended, "each suspension is told once")
        assert.strictEqual(told("number.sms_enabled"), story.enabled)
      }
      const low = events.filter(({ type }) => type === "wallet.low_balance").length
      assert.strictEqual(low, falls(account, THRESHOLD), "each fall is told once")
    }
  })

  /** Once hosts have seen to everything. */
  const assertSettled = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    for (const account of ACCOUNTS) {
      const funded = ((yield* wallet.balance(account))?.micros ?? 0n) >= FEE
      for (const { id, inactiveSince, sms } of yield* registry.list(account)) {
        if (inactiveSince !== null) continue
        const { idle, months, unpaidSince } = storyOf(id)
        if (sms.dueAt !== null) assert.isAbove(sms.dueAt, now, "nothing is left undone")
        if (sms.state === "past_due" || sms.state === "suspended") assert.isFalse(funded, "money resumes what is owed")
        if (sms.state === "past_due") assert.isBelow(now - idle - (unpaidSince ?? -Infinity), 3 * DAY)
        if (sms.state !== "on") continue
        const last = months.at(-1)
        assert.isTrue(last !== undefined && last.from <= now - idle && now - idle < last.until, "what is on is paid")
      }
    }
  })

  const switchOn = (accountId: AccountId) =>
    Effect.forEach(numbersOf(accountId), (id) => Context.get(host(0), SwitchSms).set({ accountId, id }, true))
  yield* Effect.orDie(Effect.forEach(ACCOUNTS, switchOn))

  for (const [i, { acts, at, awake, delays, faults: planned }] of days.entries()) {
    yield* TestClock.setTime(start + (i + 1) * DAY + at)
    faults.next.push(...planned)
    const acting = acts.map((one, k) => act(one, `${i}.${k}`))
    yield* atOnce(awake ? [...acting, ...everyHost] : acting, delays)
    if (!awake) seen["nights out"]++
    yield* TestClock.adjust(LEASE)
    if (awake) yield* atOnce(everyHost, delays.toReversed())
    faults.next.length = 0
    yield* assertMoney
    if (!awake) continue
    yield* TestClock.adjust(LEASE)
    yield* atOnce(everyHost, delays)
    yield* assertSettled
  }
  yield* TestClock.setTime(start + (DAYS + 2) * DAY)
  yield* atOnce(everyHost, [])
  yield* assertMoney
  yield* assertTold
  yield* assertSettled

  const end = yield* Clock.currentTimeMillis
  for (const id of numbersOf(RICH)) {
    const { begins } = storyOf(id)
    assert.deepStrictEqual(
      begins,
      begins.map((_, k) => monthEnd(start, k))
    )
    assert.isAbove(monthEnd(start, begins.length), end, "no month is left out")
    assert.strictEqual(begins.filter((begin) => begin < start + 365 * DAY).length, 12)
    assert.include([12, 13], begins.length)
  }

  seen.days += days.length
  for (const account of ACCOUNTS) {
    seen["low balances"] += falls(account, THRESHOLD)
    for (const id of numbersOf(account)) {
      const { idle, madeUpFor, months, resumed, suspended } = storyOf(id)
      seen.charges += months.length
      seen.suspensions += suspended
      seen.resumptions += resumed
      seen["made up for"] += madeUpFor
      if (idle > 0) seen.rests++
    }
  }
  for (const [fault, hit] of faults.hits) hits.set(fault, (hits.get(fault) ?? 0) + hit)
})
