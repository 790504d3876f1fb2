/** What a host learns from a sandbox in another process, also when the connection breaks. */
import {
  AccountId,
  type CarrierSink,
  E164,
  EUR,
  type Message,
  MessageId,
  money,
  NumberId,
  type Receipt
} from "@cliqtel/sms-core"
import { type Fate, startSimulator } from "@cliqtel/sms-testkit/simulator"
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { makeRemoteSandbox } from "../../src/sandbox/index.ts"

const FATE: Fate = {
  temporaryFailures: 0,
  answer: "accept",
  answerMillis: 0,
  early: false,
  namesMessage: true,
  receipts: []
}

const simulated = (fate: Partial<Fate>) =>
  Effect.acquireRelease(
    Effect.promise(() => startSimulator({ seed: 1, fate: () => ({ ...FATE, ...fate }) })),
    (simulator) => Effect.promise(() => simulator[Symbol.asyncDispose]())
  )

const message: Message = {
  id: MessageId.make(1),
  accountId: AccountId.make(1),
  direction: "outbound",
  numberId: NumberId.make(1),
  from: E164.make("+31201234567"),
  to: E164.make("+31612345678"),
  body: "Hello",
  status: "sending",
  segments: 1,
  encoding: "GSM-7",
  carrier: "sandbox",
  price: money(8000n, EUR),
  reason: null,
  createdAt: 0,
  updatedAt: 0,
  sentAt: null,
  deliveredAt: null
}

const submission = { message, clientRef: "1.1", attempt: 1 }

it.live.each([
  { fate: {}, outcome: "Accepted", acceptances: 1 },
  { fate: { answer: "reject" }, outcome: "Rejected", acceptances: 0 },
  { fate: { temporaryFailures: 1 }, outcome: "Temporary", acceptances: 0 },
  { fate: { answer: "accept and lose" }, outcome: "Unknown", acceptances: 1 },
  { fate: { answer: "vanish" }, outcome: "Unknown", acceptances: 0 },
  { fate: { answerMillis: 60_000 }, outcome: "Unknown", acceptances: 1 }
] as const)("$outcome: $fate", ({ acceptances, fate, outcome }) =>
  Effect.gen(function* () {
    const simulator = yield* simulated(fate)
    const sandbox = yield* makeRemoteSandbox({ url: simulator.url, answerMillis: 1000 })
    assert.strictEqual((yield* sandbox.submit(submission))._tag, outcome)
    assert.strictEqual(simulator.log().messages[0]?.acceptances, acceptances)
  })
)

it.live("nobody listens there: surely not taken", () =>
  Effect.gen(function* () {
    const sandbox = yield* makeRemoteSandbox({ url: "http://127.0.0.1:1" })
    assert.strictEqual((yield* sandbox.submit(submission))._tag, "Temporary")
  })
)

/** It brings no messages from people. */
const hearing = (receipts: CarrierSink["receipts"]): CarrierSink => ({
  receipts,
  inbound: () => Effect.die("an inbound message")
})

it.live("a receipt that was not stored comes again, and one that was is acknowledged", () =>
  Effect.gen(function* () {
    const simulator = yield* simulated({ receipts: [{ status: "delivered", afterMillis: 0, copies: 1 }] })
    const sandbox = yield* makeRemoteSandbox({ url: simulator.url })
    yield* sandbox.submit(submission)
    const unstored = yield* Deferred.make<ReadonlyArray<Receipt>>()
    const killed = yield* Effect.forkScoped(
      sandbox.listen(hearing((receipts) => Effect.andThen(Deferred.succeed(unstored, receipts), Effect.never)))
    )
    const lost = yield* Deferred.await(unstored)
    yield* Fiber.interrupt(killed)

    const stored = yield* Deferred.make<ReadonlyArray<Receipt>>()
    yield* Effect.forkScoped(sandbox.listen(hearing((receipts) => Effect.asVoid(Deferred.succeed(stored, receipts)))))
    assert.deepStrictEqual(yield* Deferred.await(stored), lost)
    assert.deepStrictEqual(lost[0]?.ref, { _tag: "Client", ref: "1.1" })
    const acknowledged = () => simulator.log().messages[0]?.receipts[0]?.acknowledged
    while (acknowledged() !== 1) yield* Effect.sleep("10 millis")
  })
)
