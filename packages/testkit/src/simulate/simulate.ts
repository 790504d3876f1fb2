/**
 * Two hosts with all their loops on one store, customers, a carrier, crashes: everything that happens follows from the
 * seed. It goes on until everything is at rest, beyond leases, sweeps and unknown outcomes; then the invariants hold.
 */
import {
  AccountId,
  Carriers,
  creditReference,
  E164,
  layerMemory,
  type MessageEvent,
  Micros,
  Notifier,
  NumberId,
  RateDeck,
  Sms,
  UnitOfWork,
  UNKNOWN_MILLIS
} from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Clock, Context, Effect, Fiber, Layer, Random, References, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import { Bench } from "../Hosts.ts"
import { PRICE } from "../Simulation.ts"
import { type Coverage, type Fate, type Life, type Plan } from "./CrashPoint.ts"
import { CRASH_POINTS } from "./everyCrashPoint.ts"
import { type Answered, credit, send, sendOnce, type Wish } from "./Customer.ts"
import { type Dice, makeDice } from "./Dice.ts"
import { makeLeases } from "./Leases.ts"
import { makeSimulatedCarrier, type SimulatedCarrier, CARRIER } from "./SimulatedCarrier.ts"
import { type SimulatedHost, startHost, type World } from "./SimulatedHost.ts"
import { assertRest } from "./verdict.ts"

export interface Simulated {
  readonly carrier: SimulatedCarrier
  readonly answers: ReadonlyArray<Answered>
}

const ACCOUNTS = [1, 2, 3] as const
const HOSTS = [0, 1] as const

export const simulate = (seed: number, coverage: Coverage): Promise<Simulated> =>
  Effect.runPromise(
    course(seed, coverage).pipe(
      Random.withSeed(seed),
      Effect.provide(TestClock.layer()),
      // Microtasks alone: real time, and how busy the machine is, decide nothing.
      Effect.provideService(Scheduler.Scheduler, new Scheduler.MixedScheduler("sync")),
      // Crashes are what it is about.
      Effect.provideService(References.MinimumLogLevel, "None")
    )
  )

const course = Effect.fnUntraced(function* (seed: number, coverage: Coverage) {
  const dice = makeDice(`${seed} course`)
  const events = new Map<AccountId, ReadonlyArray<MessageEvent>>()
  const carrier = makeSimulatedCarrier(seed, yield* Clock.Clock)
  const balances = ACCOUNTS.map(() => PRICE * BigInt(dice.between(0, 8)) + 1n)
  const ports = yield* Effect.scoped(Layer.build(Layer.merge(layerStorage(balances), RateDeck.layerMemory)))
  const lives: Array<Life> = []
  const world: World = {
    ports,
    lives,
    carrier,
    coverage,
    leases: makeLeases(coverage, Context.get(ports, UnitOfWork), makeDice(`${seed} leases`)),
    committed: (all) => {
      for (const event of all) {
        const { accountId } = event.message
        events.set(accountId, [...(events.get(accountId) ?? []), event])
      }
    }
  }

  const hosts = new Map<number, SimulatedHost>()
  const start = Effect.fnUntraced(function* (which: number, plan: Plan) {
    if (hosts.get(which)?.life.isOver() === false) return
    hosts.set(which, yield* startHost(world, plan))
  })
  const alive = () => [...hosts.values()].filter(({ life }) => !life.isOver())
  const find = () => {
    const [first, ...others] = alive()
    return first && dice.pick([first, ...others])
  }
  const isStalled = () => alive().some(({ life }) => life.isStalled())
  const killAll = () => {
    for (const { life } of hosts.values()) life.end()
    hosts.clear()
  }

  const answers: Array<Answered> = []
  const topUps = new Map<AccountId, Array<string>>(ACCOUNTS.map((id) => [AccountId.make(id), ["opening"]]))
  const busy: Array<Fiber.Fiber<unknown, unknown>> = []
  let keys = 0

  const sends = Effect.gen(function* () {
    for (let count = dice.between(1, 4); count > 0; count--) {
      const account = AccountId.make(dice.pick(ACCOUNTS))
      const wish: Wish = {
        account,
        number: NumberId.make(account),
        key: `key ${++keys}`,
        segments: dice.between(1, 3),
        patience: dice.chance(0.1) ? 1 : 1000
      }
      const asks = Effect.map(send(find, wish), (answer) => void answers.push(answer))
      busy.push(yield* Effect.forkDetach(asks))
    }
  })

  /** A key that has been answered: the same answer again, and nothing for another body or from another's number. */
  const repeats = Effect.gen(function* () {
    const known = answers.filter(({ answer }) => answer !== null && typeof answer !== "string")
    const one = known[dice.below(Math.max(1, known.length))]
    if (one === undefined || one.answer === null || typeof one.answer === "string") return
    const { answer, wish } = one
    const foreign = { ...wish, key: `${wish.key} foreign`, number: NumberId.make((wish.number % ACCOUNTS.length) + 1) }
    const check = Effect.gen(function* () {
      const again = yield* sendOnce(find, wish, "as asked")
      if (again !== null) assert.deepStrictEqual(again, answer)
      const other = yield* sendOnce(find, { ...wish, segments: 1 }, "something else")
      if (other !== null) assert.strictEqual(other, "IdempotencyMismatch")
      const stolen = yield* sendOnce(find, foreign, "as asked")
      if (stolen !== null) assert.strictEqual(stolen, "NumberNotFound")
    })
    busy.push(yield* Effect.forkDetach(check))
  })

  const toppedUp = Effect.gen(function* () {
    const account = AccountId.make(dice.pick(ACCOUNTS))
    const references = topUps.get(account) ?? []
    const reference = `${account} ${references.length}`
    references.push(creditReference(reference))
    const amount = Micros.make(PRICE * BigInt(dice.between(1, 5)))
    busy.push(yield* Effect.forkDetach(credit(find, account, amount, reference)))
  })

  for (const which of HOSTS) yield* start(which, planOf(dice))
  for (let steps = dice.between(6, 12); steps > 0; steps--) {
    const step = dice.below(20)
    if (step < 8) yield* sends
    else if (step < 11) yield* toppedUp
    else if (step < 13) yield* repeats
    else if (step < 14) busy.push(yield* Effect.forkDetach(find()?.stop ?? Effect.void))
    else if (step < 15) find()?.life.end()
    else for (const which of HOSTS) if (dice.chance(0.7)) yield* start(which, planOf(dice))
    yield* TestClock.adjust(
      dice.chance(isStalled() ? 0.1 : 0.015) ? LEASES_OVER_MILLIS : dice.pick([0, 0, 30, 400, 1100, 2500])
    )
  }

  // Everybody is away, for longer than any lease; then one who stays, so that customers and carrier get to their ends.
  // Where somebody stands still, that one is there before he goes on.
  for (const { life } of alive()) if (!life.isStalled()) life.end()
  const comesBack = isStalled()
  if (comesBack) yield* start(HOSTS.length, { _tag: "Never" })
  yield* TestClock.adjust(LEASES_OVER_MILLIS)
  if (!comesBack) yield* start(HOSTS.length, { _tag: "Never" })
  // What was lost is submitted again, later each time, where that does no harm.
  const enough = carrier.idempotentSubmits ? 7 : 2
  for (let quiet = 0, rounds = 0; quiet < enough; rounds++) {
    const before = carrier.log.length
    yield* TestClock.adjust(RETRIES_OVER_MILLIS)
    const waits = busy.some((fiber) => fiber.pollUnsafe() === undefined)
    quiet = waits || isStalled() || carrier.isBusy() || carrier.log.length > before ? 0 : quiet + 1
    assert.isBelow(rounds, 80, `no end of ${waits ? "customers who wait" : "submits and receipts"}`)
  }
  for (const fiber of busy) yield* Fiber.join(fiber)
  // Who came back may have been stopped since, with messages in hand.
  if (comesBack) yield* TestClock.adjust(LEASES_OVER_MILLIS)
  // Then beyond the wait for unknown outcomes, with crashes at its end.
  killAll()
  yield* TestClock.adjust(UNKNOWN_MILLIS)
  for (const which of HOSTS) {
    yield* start(which, planOf(dice))
    yield* TestClock.adjust(1500)
  }
  killAll()
  yield* TestClock.adjust(LEASES_OVER_MILLIS)
  yield* start(0, { _tag: "Never" })
  yield* TestClock.adjust(3000)
  killAll()
  assert.isFalse(carrier.isBusy(), "receipts that nobody has acknowledged")
  assert.isEmpty(world.leases.heard, "8: a lost lease is heard still")

  yield* Effect.forEach(topUps, ([account, references]) => assertRest(account, world, answers, references)).pipe(
    Effect.provide(layerJudge),
    Effect.provideService(Bench, { carriers: new Map(), events }),
    Effect.provide(Layer.succeedContext(ports))
  )
  return { carrier, answers } satisfies Simulated
})

const LEASES_OVER_MILLIS = 80_000

/** Longer than the last retry of a submit waits. */
const RETRIES_OVER_MILLIS = 3000

const planOf = (dice: Dice): Plan => {
  if (dice.chance(0.15)) return { _tag: "Never" }
  const fate: Fate = dice.chance(0.35)
    ? { _tag: "Stalls", millis: dice.pick([61_000, 80_000, 100_000, 140_000]) }
    : { _tag: "Dies" }
  const nth = dice.pick([1, 1, 1, 2, 3, 5])
  if (fate._tag === "Stalls" && dice.chance(0.2)) return { _tag: "Point", point: dice.pick(HOLDING), nth, fate }
  if (dice.chance(0.4)) return { _tag: "Step", nth: dice.between(1, 400), fate }
  return { _tag: "Point", point: dice.pick(CRASH_POINTS), nth, fate }
}

/** Where a host that sends has messages in hand and nobody waits for it: their leases can be taken over. */
const HOLDING = ["Carrier.submit, before", "Carrier.submit, after", "UnitOfWork.run, before"] as const

const layerStorage = (balances: ReadonlyArray<bigint>) =>
  layerMemory({
    accounts: ACCOUNTS.map((id, i) => ({
      id: AccountId.make(id),
      balance: Micros.make(balances[i] ?? 0n),
      perSecond: 1000,
      lowBalance: Micros.make(PRICE * 2n)
    })),
    numbers: ACCOUNTS.map((id) => ({
      id: NumberId.make(id),
      accountId: AccountId.make(id),
      number: E164.make(`+3120123456${id}`),
      carrier: CARRIER
    }))
  })

/** The use cases alone, on the bare ports. */
const layerJudge = Sms.layerUseCases.pipe(Layer.provide([Carriers.layer([]), Notifier.layerMemory(1)]))
