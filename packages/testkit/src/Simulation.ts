/**
 * One account's traffic, step by step: a test says what happens next, so that every interleaving, crash and disorder is one
 * that it chose. Beside the system it keeps a model of what must come of each message, made from the carrier's own log and
 * from what the steps let through. Several fibers may take steps at once; then the store chooses what comes first.
 */
import {
  type AccountId,
  Body,
  clientRef,
  Dispatch,
  LEASE_MILLIS,
  type Leased,
  type Message,
  type OwnedNumber,
  type Receipt,
  type ReceiptStatus,
  Receipts,
  type Status,
  statusOfParts,
  type SubmitOutcome,
  Sms
} from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Behaviour, FakeCarrier } from "./FakeCarrier.ts"

export type Step =
  | { readonly _tag: "Send"; readonly segments: number; readonly fates: ReadonlyArray<Behaviour> }
  | { readonly _tag: "Claim"; readonly limit: number }
  | { readonly _tag: "Submit"; readonly which: number }
  | { readonly _tag: "Settle"; readonly which: number; readonly count: number }
  /** An answer that has counted is written back once more. */
  | { readonly _tag: "SettleAgain"; readonly which: number }
  /** The host dies with a message in hand, before the call or after it. */
  | { readonly _tag: "Crash"; readonly which: number }
  /** `again`: the carrier will tell these once more. */
  | { readonly _tag: "Deliver"; readonly which: number; readonly count: number; readonly again: boolean }
  | { readonly _tag: "Process" }
  | { readonly _tag: "Wait"; readonly millis: number }
  | { readonly _tag: "Wake" }
  | { readonly _tag: "Sweep" }

/** What the steps did to the system, beside what the carrier did. */
export const MISHAPS = [
  "crash before the call",
  "crash after the call",
  "answer under a lost lease",
  "answer twice",
  "receipt processed before the answer",
  "receipt delivered twice",
  "funds too low"
] as const
export type Mishap = (typeof MISHAPS)[number]

interface Sent {
  readonly message: Message
  readonly fates: ReadonlyArray<Behaviour>
}

/** What a host holds of a message: its lease, and the carrier's answer once there is one. */
interface InHand extends Leased {
  readonly until: number
  /** A sweep has taken the lease over. */
  lost: boolean
  outcome?: SubmitOutcome
}

/** What must have become of a message in the end. */
export interface Expected {
  readonly message: Message
  readonly status: Status
  readonly refunded: boolean
  readonly acceptances: number
}

export interface Simulation {
  inTurn(steps: ReadonlyArray<Step>): Effect.Effect<void>
  /** Each course in turn, beside the others. Time may not pass while they run. */
  atOnce(courses: ReadonlyArray<ReadonlyArray<Step>>): Effect.Effect<void>
  /** Everything that is still to come comes: answers, receipts, retries, ends of waits. Gives the model's verdicts. */
  readonly settleDown: Effect.Effect<ReadonlyArray<Expected>>
}

const DAY_MILLIS = 24 * 60 * 60 * 1000

/** Of one segment, by the list. */
export const PRICE = 8000n

/** One, two or three segments of GSM-7. */
export const bodyOf = (segments: number): Body => Body.make("x".repeat(segments === 1 ? 1 : 153 * segments))

export const makeSimulation = Effect.fnUntraced(function* (
  account: AccountId,
  number: OwnedNumber,
  carrier: FakeCarrier,
  hit: (mishap: Mishap) => void
) {
  const sms = yield* Sms
  const dispatch = yield* Dispatch
  const receipts = yield* Receipts

  const sent = new Map<string, Sent>()
  /** Messages whose acceptance by the carrier has been written back. */
  const told = new Set<string>()
  let alone = true
  const leased: Array<InHand> = []
  const answered: Array<InHand> = []
  const counted: Array<InHand> = []
  const outbox: Array<Receipt> = []
  const delivered = new Map<string, Array<Receipt>>()
  carrier.script(({ attempt, clientRef: ref }) => sent.get(ref)?.fates[attempt - 1] ?? { _tag: "Accepts" })

  const send = Effect.fnUntraced(function* (segments: number, fates: ReadonlyArray<Behaviour>) {
    const before = (yield* Effect.orDie(sms.balance(account))).micros
    const price = PRICE * BigInt(segments)
    const request = { fromNumberId: number.id, to: "+31612345678", body: bodyOf(segments) }
    const result = yield* Effect.result(sms.send(account, request))
    const after = (yield* Effect.orDie(sms.balance(account))).micros
    if (result._tag === "Failure") {
      assert.strictEqual(result.failure._tag, "InsufficientBalance")
      if (alone) assert.isTrue(before < price && after === before)
      return hit("funds too low")
    }
    const { message } = result.success
    assert.strictEqual(message.status, "queued")
    assert.strictEqual(message.price.micros, price)
    if (alone) assert.strictEqual(after, before - price)
    sent.set(clientRef(message), { message, fates })
  })

  const claim = Effect.fnUntraced(function* (limit: number) {
    const until = (yield* Clock.currentTimeMillis) + LEASE_MILLIS
    const claimed = yield* dispatch.claim(carrier.name, limit)
    for (const one of claimed) {
      leased.push({ ...one, until, lost: false })
    }
    return claimed.length
  })

  const submit = Effect.fnUntraced(function* (which: number) {
    const one = takeAt(leased, which)
    if (one === undefined) return
    const {
      lease: { attempt },
      message
    } = one
    one.outcome = yield* carrier.submit({ message, clientRef: clientRef(message), attempt })
    outbox.push(...carrier.takeReceipts())
    answered.push(one)
  })

  const settle = Effect.fnUntraced(function* (which: number, count: number) {
    const group = takeMany(answered, which, count)
    const standing = group.filter(({ lost }) => !lost)
    if (standing.length < group.length) hit("answer under a lost lease")
    assert.strictEqual(yield* dispatch.settle(group.map(answerOf)), standing.length)
    for (const one of standing) {
      if (one.outcome?._tag === "Accepted") told.add(clientRef(one.message))
      counted.push(one)
    }
  })

  const settleAgain = Effect.fnUntraced(function* (which: number) {
    const one = counted[which % counted.length]
    if (one === undefined) return
    hit("answer twice")
    assert.strictEqual(yield* dispatch.settle([answerOf(one)]), 0)
  })

  const crash = (which: number) => {
    if (takeAt(leased, which) !== undefined) return hit("crash before the call")
    if (takeAt(answered, which) !== undefined) hit("crash after the call")
  }

  const deliver = Effect.fnUntraced(function* (which: number, count: number, again: boolean) {
    const batch = takeMany(outbox, which, count)
    yield* receipts.receive(batch)
    for (const one of batch) {
      const known = delivered.get(one.eventId) ?? []
      if (known.length > 0) hit("receipt delivered twice")
      delivered.set(one.eventId, [...known, one])
    }
    if (again) outbox.push(...batch)
  })

  const process = Effect.fnUntraced(function* () {
    if (answered.some(({ message }) => mentions(message))) hit("receipt processed before the answer")
    let count = 0
    for (let more = 1; more > 0; count += more) more = yield* receipts.process
    return count
  })

  const mentions = (message: Message) => {
    const refs = acceptancesOf(message).flatMap((one) => one.refs)
    return [...delivered.values()].some(([one]) => one !== undefined && speaksOf(one, message, refs))
  }

  const sweep = Effect.fnUntraced(function* () {
    const now = yield* Clock.currentTimeMillis
    for (const one of [...leased, ...answered]) if (one.until < now) one.lost = true
    let count = 0
    for (let more = 1; more > 0; count += more) more = yield* dispatch.sweep
    return count
  })

  const acceptancesOf = (message: Message) => carrier.accepted.filter((one) => one.clientRef === clientRef(message))

  const expectedOf = ({ message }: Sent): Expected => {
    const acceptances = acceptancesOf(message)
    const refs = acceptances.flatMap((one) => one.refs)
    const reports = [...delivered.values()].flatMap(([one]) =>
      one !== undefined && speaksOf(one, message, refs) ? [one] : []
    )
    const byName = reports.some(({ ref }) => ref._tag === "Client")
    // Nobody knows that the carrier has it, so its outcome stays unknown to the end of the wait.
    if (acceptances.length === 0 || (!told.has(clientRef(message)) && !byName)) {
      return { message, status: "failed", refunded: true, acceptances: acceptances.length }
    }
    const status = byName
      ? strongest(reports)
      : statusOfParts(
          refs.map((ref) => ({
            ref,
            status: strongest(reports.filter((one) => speaksOf(one, message, [ref])))
          }))
        )
    return { message, status, refunded: false, acceptances: acceptances.length }
  }

  const speaksOf = ({ ref }: Receipt, message: Message, refs: ReadonlyArray<string>): boolean =>
    ref._tag === "Client" ? ref.ref === clientRef(message) : refs.some((one) => carrier.spelt(one) === ref.id)

  const run = (step: Step): Effect.Effect<unknown> => {
    switch (step._tag) {
      case "Send":
        return send(step.segments, step.fates)
      case "Claim":
        return claim(step.limit)
      case "Submit":
        return submit(step.which)
      case "Settle":
        return settle(step.which, step.count)
      case "SettleAgain":
        return settleAgain(step.which)
      case "Crash":
        return Effect.sync(() => crash(step.which))
      case "Deliver":
        return deliver(step.which, step.count, step.again)
      case "Process":
        return process()
      case "Wait":
        return TestClock.adjust(step.millis)
      case "Wake":
        return dispatch.wake
      case "Sweep":
        return sweep()
    }
  }

  const settleDown = Effect.gen(function* () {
    for (let moved = 1; moved > 0;) {
      moved = yield* claim(100)
      while (leased.length > 0) yield* submit(0)
      while (answered.length > 0) yield* settle(0, 100)
      moved += outbox.length
      yield* deliver(0, 1000, false)
      yield* process()
      // Retries come within a minute, and so do leases that nobody gives back.
      yield* TestClock.adjust(LEASE_MILLIS + 1)
      moved += (yield* dispatch.wake) + (yield* sweep()) + (yield* process())
    }
    yield* TestClock.adjust(3 * DAY_MILLIS + 1)
    yield* sweep()
    yield* process()
    return [...sent.values()].map(expectedOf)
  })

  const inTurn = (steps: ReadonlyArray<Step>) => Effect.forEach(steps, run, { discard: true })

  const atOnce = (courses: ReadonlyArray<ReadonlyArray<Step>>) =>
    Effect.suspend(() => {
      alone = false
      return Effect.forEach(courses, inTurn, { concurrency: "unbounded", discard: true })
    })

  return { inTurn, atOnce, settleDown }
})

const answerOf = ({ lease, outcome }: InHand) => {
  if (outcome === undefined) throw new Error("there is no answer yet")
  return { lease, outcome }
}

const takeAt = <A>(from: Array<A>, which: number): A | undefined => from.splice(which % from.length, 1)[0]

/** Some, beginning anywhere: out of order, and round the end. */
const takeMany = <A>(from: Array<A>, which: number, count: number): ReadonlyArray<A> => {
  const taken: Array<A> = []
  while (taken.length < count && from.length > 0) taken.push(...from.splice(which % from.length, 1))
  return taken
}

const strongest = (reports: ReadonlyArray<{ readonly status: ReceiptStatus }>): ReceiptStatus =>
  reports.find(({ status }) => status !== "sent")?.status ?? "sent"
