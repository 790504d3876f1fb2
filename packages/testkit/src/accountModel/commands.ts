/** What may happen, as fast-check makes it up: each command does it to the system and to the model, then compares. */
import {
  clientRef,
  Dispatch,
  Micros,
  NumberRegistry,
  Operator,
  type Receipt,
  Receipts,
  Renewals,
  Sms,
  SwitchSms,
  TopUps
} from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Clock, Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { FakeShop } from "../FakeShop.ts"
import { anyDeath, begin, canDie, DOINGS } from "./deaths.ts"
import { dying } from "./Dying.ts"
import type { Model, Told } from "./Model.ts"
import { amount, anyAnswer, answerFor, numberOf, request, segments, sender } from "./requests.ts"
import { compare, crash, type HostServices, on, type World, type WorldServices } from "./World.ts"

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

/** Runs an effect on what stores, with the clock of the test. */
export type Run = <A>(effect: Effect.Effect<A, unknown, WorldServices>) => Promise<A>

export type ModelCommand = fc.AsyncCommand<Model, World>

/** Gives what came of it, for the tally. */
type Act = (model: Model, world: World) => Effect.Effect<string, unknown, HostServices | WorldServices>

/** Every kind and outcome that must come up over all runs. */
export const OUTCOMES = {
  send: ["accepted", "SmsNotEnabled", "RateLimited", "InsufficientBalance"],
  batch: ["accepted", "SmsNotEnabled", "RateLimited", "InsufficientBalance", "partly"],
  claim: ["some", "none", "paused"],
  answer: [
    "accept",
    "reject",
    "temporary",
    "unknown",
    "accept too late",
    "reject too late",
    "temporary too late",
    "while another has it"
  ],
  overtake: ["some"],
  receive: ["known", "unknown"],
  process: ["done"],
  topUp: ["paid", "declined"],
  credit: ["credited", "repeated", "CreditMismatch"],
  switch: ["enabled", "disabled", "NumberNotActive", "InsufficientBalance"],
  number: ["active", "suspended"],
  wait: ["done"],
  renew: ["nothing", "on", "past_due", "suspended"],
  sweep: ["nothing", "refunded", "lease lost"],
  carrier: ["paused", "unpaused"],
  crash: ["with messages", "with nothing", "while renewing"],
  die: DOINGS.flatMap((doing) => [`${doing} undone`, `${doing} committed`]),
  recover: ["nothing", "paid"]
} as const
type Kind = keyof typeof OUTCOMES

export const anyCommands = (run: Run, maxCommands: number) => {
  const make = (kind: Kind, given: { readonly host: number }, act: Act, can?: (m: Model) => boolean): ModelCommand => ({
    // Only read from.
    check: (model) => can?.(model as Model) ?? true,
    run: (model, world) =>
      run(
        on(
          world,
          given.host,
          Effect.gen(function* () {
            world.hit(kind, yield* act(model, world))
            yield* compare(world, model)
          })
        )
      ),
    toString: () => `${kind}(${JSON.stringify(given, (_, value) => (typeof value === "bigint" ? `${value}n` : value))})`
  })
  const command = <A extends object>(
    kind: Kind,
    given: { readonly [K in keyof A]: fc.Arbitrary<A[K]> },
    act: (given: A & { readonly host: number }) => Act,
    can?: (given: A & { readonly host: number }) => (model: Model) => boolean
  ): fc.Arbitrary<ModelCommand> =>
    fc
      .tuple(fc.nat(1), fc.record(given))
      // fc.record of all keys gives all keys.
      .map(([host, rest]) => ({ ...(rest as unknown as A), host }))
      .map((all) => make(kind, all, act(all), can?.(all)))

  const send = command("send", { number: sender, segments }, ({ number, segments: count }) =>
    Effect.fnUntraced(function* (model, world) {
      const expected = model.send(number, count)
      const result = yield* Sms.use((sms) => Effect.result(sms.send(world.account, request(world, number, count))))
      assert.strictEqual(Result.isSuccess(result) ? "accepted" : result.failure._tag, expected)
      if (Result.isSuccess(result)) model.sent(result.success.message.id, count)
      return expected
    })
  )
  const batch = command(
    "batch",
    { items: fc.array(fc.record({ number: sender, segments }), { minLength: 1, maxLength: 5 }) },
    ({ items }) =>
      Effect.fnUntraced(function* (model, world) {
        const expected = items.map((one) => model.send(one.number, one.segments))
        const requests = items.map((one) => request(world, one.number, one.segments))
        const { results } = yield* Sms.use((sms) => sms.sendBatch(world.account, requests))
        assert.deepStrictEqual(
          results.map((one) => (Result.isSuccess(one) ? "accepted" : one.failure._tag)),
          expected
        )
        for (const [i, one] of results.entries()) {
          if (Result.isSuccess(one)) model.sent(one.success.id, items[i]?.segments ?? 0)
        }
        return new Set(expected).size > 1 ? "partly" : (expected[0] ?? "partly")
      })
  )
  const claim = command(
    "claim",
    { limit: fc.integer({ min: 1, max: 4 }) },
    ({ host, limit }) =>
      (model, world) =>
        claimSome(model, world, host, limit),
    () => (model) => model.messages.some(({ place }) => place.at !== "gone")
  )
  /** What a host has in hand for too long is taken from it, and another one has it in hand then. */
  const overtake = command(
    "overtake",
    {},
    ({ host }) =>
      Effect.fnUntraced(function* (model, world) {
        for (const millis of [61_000, 1000]) {
          yield* TestClock.adjust(millis)
          model.pass(millis)
          yield* sweepAll(model)
        }
        return yield* claimSome(model, world, host, 4)
      }),
    () => (model) => model.inHand > 0 && model.idempotent
  )
  const answer = command(
    "answer",
    anyAnswer,
    (given) =>
      Effect.fnUntraced(function* (model, world) {
        const one = answerFor(model, world, given)
        if (one === undefined) return "none"
        const { answered, held, message, said } = one
        const counts = model.answer(message, held.lease.attempt, said)
        const counted = yield* on(
          world,
          held.host,
          Dispatch.use((dispatch) => dispatch.settle([answered]))
        )
        assert.strictEqual(counted, counts ? 1 : 0, "whether the answer counts")
        if (counts) return said
        return message.place.at === "leased" ? "while another has it" : `${said} too late`
      }),
    () => (model) => model.inHand > 0
  )
  const receive = command(
    "receive",
    {
      told: fc.array(
        fc.record({
          which: fc.nat(7),
          part: fc.nat(1),
          final: fc.boolean(),
          byName: fc.nat(3).map((n) => n === 0),
          event: fc.nat(1)
        }),
        { minLength: 1, maxLength: 4 }
      ),
      process: fc.boolean()
    },
    ({ process: now, told }) =>
      Effect.fnUntraced(function* (model, world) {
        const taken = model.messages.flatMap((one, name) => (one.taken === null ? [] : [{ ...one.taken, one, name }]))
        const reports = told.flatMap((report): ReadonlyArray<Told> => {
          const about = taken[report.which % taken.length]
          if (about === undefined) return []
          const part = report.part % about.refs.length
          const [ref, end] = [about.refs[part] ?? "", about.ends[part] ?? "failed"]
          // What names a message speaks of all of it.
          const name = report.byName && about.refs.length === 1 ? about.name : null
          const status = report.final ? end : "sent"
          return [{ event: `${ref} ${status} ${report.event}`, name, ref, status }]
        })
        model.receive(reports)
        yield* Receipts.use((receipts) => receipts.receive(reports.map((one) => receiptOf(world, model, one))))
        if (now) yield* processAll(model)
        const known = reports.every(({ name, ref }) => name !== null || model.messages.some((m) => m.parts.has(ref)))
        return reports.length === 0 ? "none" : known ? "known" : "unknown"
      }),
    () => (model) => model.messages.some((one) => one.taken !== null)
  )
  const process = command("process", {}, () => (model) => Effect.as(processAll(model), "done"))
  const topUp = command("topUp", { amount, declined: fc.nat(4) }, ({ amount: micros, declined }) =>
    Effect.fnUntraced(function* (model, world) {
      const shop = yield* FakeShop
      if (declined === 0) shop.outcomes.push({ _tag: "Declined", reason: "no" })
      else model.fund(micros)
      const result = yield* TopUps.use((topUps) => Effect.result(topUps.topUp(world.account, Micros.make(micros))))
      if (Result.isFailure(result)) assert.strictEqual(result.failure._tag, "PaymentDeclined")
      assert.strictEqual(Result.isSuccess(result), declined !== 0)
      return declined === 0 ? "declined" : "paid"
    })
  )
  const credit = command("credit", { amount, reference: fc.nat(2) }, ({ amount: micros, reference }) =>
    Effect.fnUntraced(function* (model, world) {
      const expected = model.credit(reference, micros)
      const result = yield* TopUps.use((topUps) =>
        Effect.result(topUps.credit(world.account, Micros.make(micros), `gift ${reference}`))
      )
      assert.strictEqual(Result.isFailure(result) ? result.failure._tag : "booked", isBooked(expected))
      return expected
    })
  )
  const toggle = command("switch", { number: fc.nat(1), enabled: fc.nat(3).map((n) => n > 0) }, ({ enabled, number }) =>
    Effect.fnUntraced(function* (model, world) {
      const expected = enabled ? model.switchOn(number) : "disabled"
      if (!enabled) model.addon(number).turnOff()
      const result = yield* SwitchSms.use((sms) => Effect.result(sms.set(numberOf(world, number), enabled)))
      const done = enabled ? "enabled" : "disabled"
      assert.strictEqual(Result.isSuccess(result) ? done : result.failure._tag, expected)
      return expected
    })
  )
  const change = command(
    "number",
    { number: fc.nat(1), status: fc.constantFrom("active", "active", "active", "suspended") },
    ({ number, status }) =>
      Effect.fnUntraced(function* (model, world) {
        if (status === "active") model.addon(number).activate(model.now)
        else model.addon(number).deactivate(model.now)
        yield* Operator.use((operator) => operator.changeNumber(numberOf(world, number).id, { status }))
        return status
      })
  )
  const wait = command(
    "wait",
    {
      millis: fc.constantFrom(
        300,
        1000,
        61_000,
        61_000,
        61_000,
        5 * HOUR,
        DAY,
        3 * DAY,
        3 * DAY + 61_000,
        31 * DAY,
        31 * DAY
      ),
      renews: fc.nat(3).map((n) => n > 0),
      sweeps: fc.boolean()
    },
    ({ millis, renews, sweeps }) =>
      Effect.fnUntraced(function* (model, world) {
        yield* TestClock.adjust(millis)
        model.pass(millis)
        if (renews) world.hit("renew", yield* renewAll(model))
        if (sweeps) world.hit("sweep", yield* sweepAll(model))
        return "done"
      })
  )
  const renew = command("renew", {}, () => renewAll)
  const sweep = command("sweep", {}, () => sweepAll)
  const carrier = command("carrier", { paused: fc.nat(3).map((n) => n === 0) }, ({ paused }) =>
    Effect.fnUntraced(function* (model, world) {
      model.paused = paused
      yield* Operator.use((operator) => operator.pauseCarrier(world.carrier, paused))
      return paused ? "paused" : "unpaused"
    })
  )
  const crashed = command("crash", { renewing: fc.boolean() }, ({ host, renewing }) =>
    Effect.fnUntraced(function* (model, world) {
      const isDue = model.addons.some((addon) => addon.isDue(model.now))
      if (renewing) {
        model.dieRenewing()
        const now = yield* Clock.currentTimeMillis
        yield* NumberRegistry.use((numbers) => numbers.claimRenewals(now, now + 60_000, 200))
      }
      const had = yield* crash(world, host)
      model.inHand -= had
      return renewing && isDue ? "while renewing" : had > 0 ? "with messages" : "with nothing"
    })
  )
  const die = command(
    "die",
    anyDeath,
    (given) =>
      Effect.fnUntraced(function* (model, world) {
        const begun = begin(given, model, world)
        if (begun === undefined) return "none"
        const death = yield* dying(given.at, begun.what)
        yield* begun.then(death)
        return `${given.doing} ${death.inTheMiddle ? (death.commits > 0 ? "committed" : "undone") : "done"}`
      }),
    canDie
  )
  const recover = command("recover", {}, () =>
    Effect.fnUntraced(function* (model) {
      const paid = model.recover()
      yield* TopUps.use((topUps) => topUps.recover)
      return paid > 0 ? "paid" : "nothing"
    })
  )

  return fc.commands(
    [
      send,
      send,
      batch,
      claim,
      claim,
      claim,
      overtake,
      answer,
      answer,
      answer,
      receive,
      receive,
      process,
      topUp,
      credit,
      toggle
    ].concat([change, wait, wait, wait, renew, sweep, carrier, crashed, die, die, die, recover]),
    { maxCommands, size: "max" }
  )
}

const isBooked = (expected: string) => (expected === "CreditMismatch" ? expected : "booked")

const isLeased = (model: Model) => model.messages.filter(({ place }) => place.at === "leased").length

const claimSome = Effect.fnUntraced(function* (model: Model, world: World, host: number, limit: number) {
  const { perhaps, surely } = model.claimable()
  yield* Dispatch.use((dispatch) => dispatch.wake)
  const claimed = yield* Dispatch.use((dispatch) => dispatch.claim(world.carrier, limit))
  const messages = claimed.flatMap(({ message }) => perhaps.find(({ id }) => id === message.id) ?? [])
  assert.lengthOf(messages, claimed.length, "claimed what must not be sent")
  const left = surely.filter((one) => !messages.includes(one))
  if (claimed.length < limit) assert.isEmpty(left, "left what is to be sent")
  const oldest = left.every((one) => messages.every(({ id }) => id < one.id))
  assert.isTrue(oldest, "the oldest first")
  for (const one of messages) one.claim(model.now)
  world.inHand.push(...claimed.map((one) => ({ ...one, host })))
  model.inHand += claimed.length
  return model.paused ? "paused" : claimed.length > 0 ? "some" : "none"
})

const processAll = Effect.fnUntraced(function* (model: Model) {
  model.process()
  while ((yield* Receipts.use((receipts) => receipts.process)) > 0);
})

/** Gives what became of an add-on that was due. */
const renewAll = Effect.fnUntraced(function* (model: Model) {
  const due = model.addons.find((addon) => addon.isDue(model.now))
  model.renew()
  while ((yield* Renewals.use((renewals) => renewals.renew)) > 0);
  return due?.state ?? "nothing"
})

const sweepAll = Effect.fnUntraced(function* (model: Model) {
  const [before, leased] = [model.balance, isLeased(model)]
  model.sweep()
  while ((yield* Dispatch.use((dispatch) => dispatch.sweep)) > 0);
  return model.balance > before ? "refunded" : isLeased(model) < leased ? "lease lost" : "nothing"
})

const receiptOf = (world: World, model: Model, { event, name, ref, status }: Told): Receipt => {
  const message = name === null ? undefined : model.messages[name]
  // The ids are those that the system gave.
  const key = { accountId: world.account, id: (message?.id ?? 0) as Parameters<typeof clientRef>[0]["id"] }
  return {
    carrier: world.carrier,
    eventId: event,
    ref: name === null ? { _tag: "Carrier", id: ref } : { _tag: "Client", ref: clientRef(key) },
    status,
    reason: null,
    detail: null
  }
}
