/**
 * The invariants of the design, through the use cases, on whatever stores what they do. No loop runs by itself: a test
 * says what happens next, and its clock says when. The numbers are those of the design's list.
 */
import { KEPT_MILLIS, type Message, Micros, NumberId, Sms, UnitOfWork, Wallet } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Clock, Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { assertOnly, assertOutcome } from "./assertOutcome.ts"
import { type Fault, FAULTS } from "./FakeCarrier.ts"
import type { Fixture } from "./Fixture.ts"
import { Bench, Hosts, layerHosts, newcomer, type StoragePorts } from "./Hosts.ts"
import { bodyOf, makeSimulation, type Mishap, MISHAPS, PRICE, type Step } from "./Simulation.ts"
import { anyOrders, anySteps } from "./simulationSteps.ts"
import { ATONCE, forAll, type SuiteOptions, TIMEOUT } from "./suite.ts"

export const invariantsSuite = <E>(
  name: string,
  ports: Layer.Layer<StoragePorts | Fixture, E>,
  { runs = 100 }: SuiteOptions = {}
) =>
  layer(layerHosts.pipe(Layer.provideMerge(ports)), { timeout: TIMEOUT })(`Invariants (${name})`, (it) => {
    it.effect.each([
      { kind: "that forgets", options: {}, never: ["submit repeated"] },
      { kind: "that respells its ids", options: { receiptIds: "decimal_of_hex" as const }, never: ["submit repeated"] },
      { kind: "that knows a repeated submit", options: { idempotentSubmits: true }, never: [] }
    ])(
      "3, 4, 5, 8: one charge, one refund at most, one acceptance, no way back, by a carrier $kind",
      ({ never, options }) =>
        Effect.gen(function* () {
          const hits = new Map<Fault | Mishap, number>([...FAULTS, ...MISHAPS].map((fault) => [fault, 0]))
          const hit = (fault: Fault | Mishap, count: number) => hits.set(fault, (hits.get(fault) ?? 0) + count)
          yield* forAll(
            fc.record({ steps: anySteps, funds: fc.constantFrom(3, 8, 50, 100) }),
            runs,
            ({ funds, steps }) =>
              Effect.gen(function* () {
                const { account, carrier, number } = yield* newcomer(PRICE * BigInt(funds), options)
                const simulation = yield* makeSimulation(account, number, carrier, (mishap) => void hit(mishap, 1))
                yield* simulation.inTurn(steps)
                yield* assertOutcome(account, yield* simulation.settleDown)
                for (const [fault, count] of carrier.faults) hit(fault, count)
              })
          )
          // 11: each fault that could be injected was.
          const missed = [...hits].filter(([, count]) => count === 0).map(([fault]) => fault)
          assert.sameMembers(missed, [...never, "answer late"], "faults that were never hit")
        }),
      10 * TIMEOUT
    )

    it.effect(
      "3, 4, 5, 8: the same with all of it going on at once",
      () =>
        forAll(
          fc.record({ courses: fc.array(anySteps, { minLength: 3, maxLength: 6 }), idempotentSubmits: fc.boolean() }),
          runs / 3,
          ({ courses, idempotentSubmits }) =>
            Effect.gen(function* () {
              const { account, carrier, number } = yield* newcomer(PRICE * 1000n, { idempotentSubmits })
              const simulation = yield* makeSimulation(account, number, carrier, () => {})
              yield* simulation.atOnce(courses.map((steps) => steps.filter(({ _tag }) => _tag !== "Wait")))
              yield* assertOutcome(account, yield* simulation.settleDown)
            })
        ),
      10 * TIMEOUT
    )

    it.effect(
      "4: any order and number of the same receipts ends in the same status and money",
      () =>
        forAll(anyOrders, runs, ({ namesMessage, orders, segments }) =>
          Effect.gen(function* () {
            const ends = yield* Effect.forEach(orders, ({ answerAfter, reports }) =>
              Effect.gen(function* () {
                const { account, carrier, number } = yield* newcomer(PRICE * 3n)
                const simulation = yield* makeSimulation(account, number, carrier, () => {})
                const fate = { _tag: "Accepts", idPerPart: true, namesMessage, receipts: reports } as const
                const before: ReadonlyArray<Step> = [
                  { _tag: "Send", segments, fates: [fate] },
                  { _tag: "Claim", limit: 1 },
                  { _tag: "Submit", which: 0 }
                ]
                yield* simulation.inTurn(before)
                yield* simulation.inTurn(
                  reports.flatMap((_, i): ReadonlyArray<Step> => [
                    ...(i === answerAfter ? [{ _tag: "Settle", which: 0, count: 1 } as const] : []),
                    { _tag: "Deliver", which: 0, count: 1, again: false },
                    { _tag: "Process" }
                  ])
                )
                const [expected] = yield* assertOutcome(account, yield* simulation.settleDown)
                const balance = yield* Sms.use((sms) => sms.balance(account))
                return { status: expected?.status, balance: balance.micros }
              })
            )
            assert.deepStrictEqual(ends[0], ends[1])
            assert.strictEqual(ends[0]?.balance, PRICE * BigInt(3 - segments), "no receipt gives money back")
          })
        ),
      10 * TIMEOUT
    )

    it.effect(
      "2: with funds for exactly K messages and any number of senders at once, exactly K are accepted",
      () =>
        forAll(
          fc.record({ funds: fc.nat(12), senders: fc.integer({ min: 1, max: 40 }) }),
          runs / 2,
          ({ funds, senders }) =>
            Effect.gen(function* () {
              const hosts = yield* Hosts
              const { account, number } = yield* newcomer(PRICE * BigInt(funds) + PRICE - 1n)
              const request = { fromNumberId: number.id, to: "+31612345678", body: bodyOf(1) }
              const results = yield* Effect.all(
                Array.from({ length: senders }, (_, i) => Effect.result(hosts(i).send(account, request))),
                ATONCE
              )
              const accepted = results.filter(Result.isSuccess)
              assert.lengthOf(accepted, Math.min(funds, senders))
              for (const result of results.filter(Result.isFailure)) {
                assert.strictEqual(result.failure._tag, "InsufficientBalance")
              }
              assert.strictEqual(new Set(accepted.map(({ success }) => success.message.id)).size, accepted.length)
              yield* assertOnly(
                account,
                accepted.map(({ success }) => success.message)
              )
            })
        ),
      10 * TIMEOUT
    )

    it.effect(
      "6: one key is one message, one charge and one answer for 24 hours; with another body it is nothing",
      () =>
        forAll(anyKeyed, runs / 2, (rounds) =>
          Effect.gen(function* () {
            const hosts = yield* Hosts
            const { account, number } = yield* newcomer(PRICE * 1000n)
            const ask = ({ body, key }: Keyed, i: number) =>
              hosts(i)
                .send(
                  account,
                  { fromNumberId: number.id, to: "+31612345678", body: bodyOf(body) },
                  {
                    idempotency: { key: `key ${key}`, fingerprint: `body ${body}` }
                  }
                )
                .pipe(
                  Effect.tapError(() => Effect.yieldNow),
                  Effect.retry({ while: (error) => error._tag === "IdempotencyInProgress" }),
                  Effect.result,
                  Effect.map((result) => ({ body, key, result }))
                )

            const messages: Array<Message> = []
            for (const { groups } of rounds) {
              const answers: Array<Effect.Success<ReturnType<typeof ask>>> = []
              for (const group of groups)
                answers.push(...(yield* Effect.forEach(group, (one, i) => ask(one, i), ATONCE)))
              for (const key of new Set(answers.map((answer) => answer.key))) {
                const ofKey = answers.filter((answer) => answer.key === key)
                const fresh = ofKey.filter(({ result }) => Result.isSuccess(result) && !result.success.replayed)
                assert.lengthOf(fresh, 1)
                const [first] = fresh
                if (first === undefined || Result.isFailure(first.result)) continue
                messages.push(first.result.success.message)
                for (const { body, result } of ofKey) {
                  if (body !== first.body) assert.strictEqual(result._tag, "Failure")
                  if (Result.isFailure(result)) {
                    assert.strictEqual(result.failure._tag, "IdempotencyMismatch")
                    assert.notStrictEqual(body, first.body)
                  } else assert.deepStrictEqual(result.success.message, first.result.success.message)
                }
              }
              yield* TestClock.adjust(KEPT_MILLIS)
            }
            yield* assertOnly(account, messages)
          })
        ),
      10 * TIMEOUT
    )

    it.effect("6: a request that was refused leaves its key free", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const { account, number } = yield* newcomer(PRICE - 1n)
        const wallet = yield* Wallet
        const ask = (body: number) =>
          Effect.result(
            sms.send(
              account,
              { fromNumberId: number.id, to: "+31612345678", body: bodyOf(body) },
              {
                idempotency: { key: "key", fingerprint: `body ${body}` }
              }
            )
          )
        const [one, two] = [yield* ask(1), yield* ask(2)]
        for (const refused of [one, two]) {
          assert.strictEqual(Result.isFailure(refused) && refused.failure._tag, "InsufficientBalance")
        }
        const amount = { ...(yield* sms.balance(account)), micros: Micros.make(2n * PRICE) }
        yield* wallet.post([{ accountId: account, kind: "top_up", amount, reference: "more", at: 0 }])
        const three = yield* ask(2)
        assert.isTrue(Result.isSuccess(three) && !three.success.replayed)
      })
    )

    it.effect("6: a replay of several messages gives each its verdict again", () =>
      Effect.gen(function* () {
        const hosts = yield* Hosts
        const { account, number } = yield* newcomer(PRICE * 2n)
        const request = { fromNumberId: number.id, to: "+31612345678", body: bodyOf(1) }
        const requests = [
          request,
          { ...request, to: "0612345678" },
          { ...request, fromNumberId: NumberId.make(Number.MAX_SAFE_INTEGER) },
          { ...request, body: bodyOf(2) },
          request
        ]
        const idempotency = { key: "key", fingerprint: "all of them" }
        const first = yield* hosts(0).sendBatch(account, requests, { idempotency })
        const again = yield* hosts(1).sendBatch(account, requests, { idempotency })
        assert.deepStrictEqual(
          first.results.map((result) => (Result.isSuccess(result) ? "accepted" : result.failure._tag)),
          ["accepted", "InvalidDestination", "NumberNotFound", "InsufficientBalance", "accepted"]
        )
        assert.deepStrictEqual(again.results, first.results)
        assert.deepStrictEqual([first.replayed, again.replayed, again.bucket], [false, true, null])
        yield* assertOnly(
          account,
          first.results.flatMap((result) => (Result.isSuccess(result) ? [result.success] : []))
        )
      })
    )

    it.effect("3, 8: a send inside a unit of work is a part of it, as its caller means it to be", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const sms = yield* Sms
        const { events } = yield* Bench
        const { account, number } = yield* newcomer(PRICE * 2n)
        const request = { fromNumberId: number.id, to: "+31612345678", body: bodyOf(1) }
        const send = sms.send(account, request, { idempotency: { key: "key", fingerprint: "f" } })
        const told = () => events.get(account)?.length ?? 0

        yield* unit.run(Effect.andThen(send, Effect.fail("no"))).pipe(Effect.flip)
        yield* assertOnly(account, [])
        assert.strictEqual(told(), 0)
        const { message, seen } = yield* unit.run(Effect.map(send, (sent) => ({ ...sent, seen: told() })))
        yield* assertOnly(account, [message])
        assert.deepStrictEqual([seen, told()], [0, 1])
        assert.isTrue((yield* send).replayed)
      })
    )

    it.effect(
      "9: no second has more than 10 messages and a burst of 10, whoever sends them and when",
      () =>
        forAll(anySchedule, runs / 2, (schedule) =>
          Effect.gen(function* () {
            const hosts = yield* Hosts
            const { account, number } = yield* newcomer(PRICE * 10_000n, {}, { perSecond: 10 })
            const request = { fromNumberId: number.id, to: "+31612345678", body: bodyOf(1) }
            const accepted: Array<number> = []
            const messages: Array<Message> = []
            const begun = yield* Clock.currentTimeMillis
            for (const { senders, wait } of schedule) {
              yield* TestClock.adjust(wait)
              const now = yield* Clock.currentTimeMillis
              const results = yield* Effect.all(
                Array.from({ length: senders }, (_, i) => Effect.result(hosts(i).send(account, request))),
                ATONCE
              )
              const taken = results.filter(Result.isSuccess)
              accepted.push(...taken.map(() => now))
              messages.push(...taken.map(({ success }) => success.message))
              const whole = 10 + (now - begun) / 100
              assert.isAtMost(accepted.length, whole, "no token is made of nothing")
              for (const start of accepted) {
                assert.isAtMost(accepted.filter((at) => at >= start && at < start + 1000).length, 20)
              }
              const refused = results.filter(Result.isFailure).map(({ failure }) => failure)
              for (const failure of refused) {
                assert.strictEqual(failure._tag, "RateLimited")
                if (failure._tag !== "RateLimited") continue
                assert.isAtLeast(failure.retryAfterMillis, 1)
                assert.isAtMost(failure.retryAfterMillis, 100)
              }
              if (refused.length === 0) continue
              // It may be tried again exactly then.
              const [first] = refused
              const retryAfter = first?._tag === "RateLimited" ? first.retryAfterMillis : 0
              yield* TestClock.adjust(retryAfter - 1)
              assert.isTrue(Result.isFailure(yield* Effect.result(hosts(1).send(account, request))))
              yield* TestClock.adjust(1)
              accepted.push(yield* Clock.currentTimeMillis)
              messages.push((yield* hosts(2).send(account, request)).message)
            }
            yield* assertOnly(account, messages)
          })
        ),
      10 * TIMEOUT
    )

    it.effect("10: nothing of an account is shown or done to another one", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const [one, two] = [yield* newcomer(PRICE), yield* newcomer(PRICE)]
        const request = { fromNumberId: one.number.id, to: "+31612345678", body: bodyOf(1) }
        const { message } = yield* sms.send(one.account, request)

        assert.strictEqual((yield* Effect.flip(sms.send(two.account, request)))._tag, "NumberNotFound")
        const foreign = { accountId: two.account, id: message.id }
        assert.strictEqual((yield* Effect.flip(sms.message(foreign)))._tag, "MessageNotFound")
        const number = { accountId: two.account, id: one.number.id }
        assert.strictEqual((yield* Effect.flip(sms.number(number)))._tag, "NumberNotFound")
        assert.deepStrictEqual(yield* sms.numbers(two.account), [two.number])
        yield* assertOnly(one.account, [message])
        yield* assertOnly(two.account, [])
      })
    )
  })

interface Keyed {
  readonly key: number
  readonly body: number
}

/** Rounds that are a day apart, in each of them groups one after the other, in each of those requests at once. */
const anyKeyed = fc.array(
  fc.record({
    groups: fc.array(
      fc.array(fc.record<Keyed>({ key: fc.nat(2), body: fc.integer({ min: 1, max: 2 }) }), {
        minLength: 1,
        maxLength: 6
      }),
      { minLength: 1, maxLength: 3 }
    )
  }),
  { minLength: 1, maxLength: 3 }
)

const anySchedule = fc.array(
  fc.record({
    senders: fc.integer({ min: 1, max: 25 }),
    wait: fc.oneof(fc.nat(150), fc.nat(1500))
  }),
  { minLength: 1, maxLength: 12 }
)
