/** The whole core with its loops running, in memory, on a carrier that keeps the truth and a clock that the test moves. */
import {
  AccountId,
  advances,
  type CarrierShape,
  Carriers,
  DispatchQueue,
  E164,
  layerMemory,
  LEASE_MILLIS,
  type Message,
  type MessageEvent,
  MessageStore,
  Micros,
  Notifier,
  NumberId,
  RateDeck,
  type Receipt,
  Receipts,
  type SendRequest,
  Sms,
  type Status,
  SUBMIT_MILLIS,
  type SubmitOutcome
} from "@cliqtel/sms-core"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, References, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  type Behaviour,
  bodyOf,
  chaotic,
  type FakeCarrier,
  type FakeCarrierOptions,
  type Fault,
  FAULTS,
  makeFakeCarrier
} from "../src/index.ts"

const ACCOUNT = AccountId.make(1)
const NUMBER = NumberId.make(1)
const OPENING = 100_000_000n

class Fake extends Context.Service<Fake, FakeCarrier>()("@cliqtel/sms-testkit/Fake") {}

const layerStorage = () =>
  layerMemory({
    accounts: [{ id: ACCOUNT, balance: Micros.make(OPENING), perSecond: 1000 }],
    numbers: [{ id: NUMBER, accountId: ACCOUNT, number: E164.make("+31201234567"), carrier: "fake" }]
  })

const layerAll = (options: FakeCarrierOptions = {}, as: (fake: FakeCarrier) => CarrierShape = (fake) => fake) =>
  Sms.layer.pipe(
    Layer.provide(
      Layer.effect(
        Carriers,
        Effect.map(Fake, (fake) => new Map([[fake.name, as(fake)]]))
      )
    ),
    Layer.provide([RateDeck.layerMemory, Notifier.layerMemory()]),
    Layer.provide(layerStorage()),
    Layer.provideMerge(Layer.sync(Fake, () => makeFakeCarrier(options)))
  )

const send = (segments = 1) => {
  const request: SendRequest = { fromNumberId: NUMBER, to: "+31612345678", body: bodyOf(segments) }
  return Sms.use((sms) => Effect.map(sms.send(ACCOUNT, request), ({ message }) => message))
}

const statusOf = ({ accountId, id }: Message) =>
  Sms.use((sms) => Effect.map(sms.message({ accountId, id }), ({ message }) => message.status))

const balance = Sms.use((sms) => Effect.map(sms.balance(ACCOUNT), ({ micros }): bigint => micros))

/** Moves the clock, and lets everybody do what there is to do then. */
const pass = (millis: number) =>
  TestClock.adjust(millis).pipe(Effect.andThen(Effect.repeat(Effect.yieldNow, { times: 50 })))

/** Sends one message to such a fate; gives its status after each of these waits. */
const follow = (fates: ReadonlyArray<Behaviour>, waits: ReadonlyArray<number>, options: FakeCarrierOptions = {}) =>
  Effect.gen(function* () {
    const carrier = yield* Fake
    carrier.script(({ attempt }) => fates[attempt - 1] ?? { _tag: "Accepts" })
    const message = yield* send()
    assert.strictEqual(message.status, "queued")
    yield* pass(0)
    const seen: Array<Status> = []
    for (const wait of waits) {
      yield* pass(wait)
      seen.push(yield* statusOf(message))
    }
    const { timeline } = yield* Sms.use((sms) => sms.message({ accountId: ACCOUNT, id: message.id }))
    return {
      seen,
      spent: OPENING - (yield* balance),
      acceptances: carrier.accepted.length,
      changes: timeline.filter(({ changed }) => changed).map(({ status }) => status)
    }
  }).pipe(Effect.provide(layerAll(options)))

const HOUR = 60 * 60 * 1000

it.effect("a message is queued, sending, sent and delivered", () =>
  Effect.gen(function* () {
    const fate: Behaviour = {
      _tag: "Accepts",
      answersAfterMillis: 100,
      receipts: [{ part: 0, status: "delivered" }],
      receiptsAfterMillis: 5000
    }
    assert.deepStrictEqual(yield* follow([fate], [0, 99, 1, 4899, 1]), {
      seen: ["sending", "sending", "sent", "sent", "delivered"],
      spent: 8000n,
      acceptances: 1,
      changes: ["queued", "sending", "sent", "delivered"]
    })
  })
)

it.effect("a message is announced as it moves on, to whoever listens", () =>
  Effect.gen(function* () {
    const sms = yield* Sms
    const events: Array<MessageEvent> = []
    yield* Effect.forkScoped(
      Stream.runForEach(sms.events, (event) => Effect.sync(() => events.push(event))),
      {
        startImmediately: true
      }
    )
    const { id } = yield* send()
    yield* pass(0)
    yield* pass(1000)
    assert.deepStrictEqual(
      events.map(({ entry, message }) => [message.id, entry.seq, entry.status]),
      [
        [id, 1, "queued"],
        [id, 2, "sending"],
        [id, 3, "sent"],
        [id, 4, "delivered"]
      ]
    )
  }).pipe(Effect.provide(layerAll()))
)

it.effect("a message that the carrier rejects has failed and is refunded", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* follow([{ _tag: "Rejects" }], [0]), {
      seen: ["failed"],
      spent: 0n,
      acceptances: 0,
      changes: ["queued", "sending", "failed"]
    })
  })
)

it.effect("a carrier that is busy is asked again, later each time", () =>
  Effect.gen(function* () {
    const refuses: Behaviour = { _tag: "Refuses" }
    // In half a second at most and in a second, each found by the next poll.
    assert.deepStrictEqual(yield* follow([refuses, refuses], [0, 999, 1, 999, 1]), {
      seen: ["sending", "sending", "sending", "sending", "sent"],
      spent: 8000n,
      acceptances: 1,
      changes: ["queued", "sending", "sent"]
    })
  })
)

it.effect("a carrier that is busy for four hours has the message no more, and the account its money back", () =>
  Effect.gen(function* () {
    const refuses = Array.from({ length: 1000 }, (): Behaviour => ({ _tag: "Refuses" }))
    assert.deepStrictEqual(yield* follow(refuses, [4 * HOUR - 61_000, 62_000]), {
      seen: ["sending", "failed"],
      spent: 0n,
      acceptances: 0,
      changes: ["queued", "sending", "failed"]
    })
  })
)

it.effect("a lost answer is not asked for again: a receipt tells what came of it", () =>
  Effect.gen(function* () {
    const fate: Behaviour = {
      _tag: "Accepts",
      losesAnswer: true,
      namesMessage: true,
      receipts: [{ part: 0, status: "delivered" }],
      receiptsAfterMillis: 2 * HOUR
    }
    assert.deepStrictEqual(yield* follow([fate], [0, 2 * HOUR - 1, 1, HOUR]), {
      seen: ["sending", "sending", "delivered", "delivered"],
      spent: 8000n,
      acceptances: 1,
      changes: ["queued", "sending", "delivered"]
    })
  })
)

it.effect("an answer that does not come in time is one that was lost", () =>
  Effect.gen(function* () {
    const fate: Behaviour = {
      _tag: "Accepts",
      answersAfterMillis: 20_000,
      namesMessage: true,
      receipts: [{ part: 0, status: "delivered" }],
      receiptsAfterMillis: 60_000
    }
    assert.deepStrictEqual(yield* follow([fate], [15_000, 44_999, 1]), {
      seen: ["sending", "sending", "delivered"],
      spent: 8000n,
      acceptances: 1,
      changes: ["queued", "sending", "delivered"]
    })
  })
)

it.effect("a host that stood still since its claim submits nothing, and the message is sent later, once", () =>
  Effect.gen(function* () {
    const carrier = makeFakeCarrier()
    carrier.script(() => ({ _tag: "Accepts" }))
    let stands = true
    const slow = Layer.effect(
      DispatchQueue,
      Effect.map(DispatchQueue, (queue) => ({
        ...queue,
        claim: (...asked: Parameters<typeof queue.claim>) =>
          Effect.tap(queue.claim(...asked), (leases) => {
            if (leases.length === 0 || !stands) return Effect.void
            stands = false
            return Effect.sleep(LEASE_MILLIS - SUBMIT_MILLIS + 1)
          })
      }))
    )
    const layer = Sms.layer.pipe(
      Layer.provide([Carriers.layer([carrier]), RateDeck.layerMemory, Notifier.layerMemory()]),
      Layer.provide(slow),
      Layer.provide(layerStorage())
    )
    yield* Effect.gen(function* () {
      const message = yield* send()
      yield* pass(LEASE_MILLIS - SUBMIT_MILLIS + 1)
      assert.isFalse(stands)
      assert.lengthOf(carrier.accepted, 0)
      yield* pass(60_000)
      assert.strictEqual(yield* statusOf(message), "sent")
      const { timeline } = yield* Sms.use((sms) => sms.message({ accountId: ACCOUNT, id: message.id }))
      assert.include(String(timeline.map(({ detail }) => detail)), "too slow")
      yield* pass(HOUR)
      assert.lengthOf(carrier.accepted, 1)
    }).pipe(Effect.provide(layer))
  })
)

it.effect("a receipt counts only from the carrier that has the message", () =>
  Effect.gen(function* () {
    const fake = yield* Fake
    fake.script(() => ({ _tag: "Accepts" }))
    const message = yield* send()
    yield* pass(0)
    const [accepted] = fake.accepted
    if (accepted === undefined) return assert.fail("nothing was submitted")
    const tell = (carrier: string, eventId: string, ref: Receipt["ref"]) =>
      Receipts.use((receipts) =>
        receipts.receive([{ carrier, eventId, ref, status: "failed", reason: "undeliverable", detail: null }])
      )
    yield* tell("other", "1", { _tag: "Client", ref: accepted.clientRef })
    yield* tell("other", "2", { _tag: "Carrier", id: accepted.refs[0] ?? "" })
    yield* pass(HOUR)
    assert.strictEqual(yield* statusOf(message), "sent")
    yield* tell("fake", "1", { _tag: "Client", ref: accepted.clientRef })
    yield* pass(1000)
    assert.strictEqual(yield* statusOf(message), "failed")
  }).pipe(Effect.provide(layerAll()))
)

it.effect.each(["as_answered", "decimal_of_hex", "hex_of_decimal"] as const)(
  "a receipt is its message's, in whatever base its carrier spells ids (%s)",
  (receiptIds) =>
    Effect.gen(function* () {
      const fate: Behaviour = { _tag: "Accepts", receipts: [{ part: 0, status: "delivered" }], receiptsAfterMillis: 10 }
      const { changes } = yield* follow([fate], [1000], { receiptIds })
      assert.deepStrictEqual(changes, ["queued", "sending", "sent", "delivered"])
    })
)

it.effect("a receipt in the other base waits for its own message, though another's id reads like it", () =>
  Effect.gen(function* () {
    const fake = yield* Fake
    fake.script(() => ({ _tag: "Accepts" }))
    const messages = [yield* send(), yield* send()]
    yield* pass(1000)
    assert.deepStrictEqual(yield* Effect.forEach(messages, statusOf), ["sent", "sent"])
    // The carrier called them 10 and 16, in hex: its receipts call them 16 and 22.
    const tell = (id: string) =>
      Receipts.use((receipts) =>
        receipts.receive([
          { carrier: "fake", eventId: id, ref: { _tag: "Carrier", id }, status: "failed", reason: null, detail: null }
        ])
      )
    yield* tell("10")
    yield* pass(HOUR)
    assert.deepStrictEqual(yield* Effect.forEach(messages, statusOf), ["sent", "sent"])
    yield* tell("22")
    yield* pass(1000)
    assert.deepStrictEqual(yield* Effect.forEach(messages, statusOf), ["sent", "failed"])
  }).pipe(
    Effect.provide(
      layerAll({ receiptIds: "decimal_of_hex" }, (fake) => ({
        ...fake,
        submit: ({ message }) => Effect.succeed({ _tag: "Accepted", refs: [message.id % 2 === 1 ? "10" : "16"] })
      }))
    )
  )
)

it.effect("a carrier that knows a repeated submit is asked again, and has the message once", () =>
  Effect.gen(function* () {
    const lost: Behaviour = { _tag: "Accepts", losesAnswer: true }
    assert.deepStrictEqual(yield* follow([lost, lost], [0, 4000], { idempotentSubmits: true }), {
      seen: ["sending", "sent"],
      spent: 8000n,
      acceptances: 1,
      changes: ["queued", "sending", "sent"]
    })
  })
)

it.effect("a receipt that overtakes the answer is applied once the answer is there", () =>
  Effect.gen(function* () {
    const fate: Behaviour = {
      _tag: "Accepts",
      answersAfterMillis: 2500,
      receipts: [
        { part: 0, status: "delivered" },
        { part: 0, status: "sent" }
      ]
    }
    assert.deepStrictEqual(yield* follow([fate], [0, 2499, 1]), {
      seen: ["sending", "sending", "delivered"],
      spent: 8000n,
      acceptances: 1,
      changes: ["queued", "sending", "sent", "delivered"]
    })
  })
)

it.effect("a receipt that reports a failure is not refunded", () =>
  Effect.gen(function* () {
    const fate: Behaviour = { _tag: "Accepts", receipts: [{ part: 0, status: "failed" }], receiptsAfterMillis: 10 }
    const { changes, spent } = yield* follow([fate], [10])
    assert.deepStrictEqual({ changes, spent }, { changes: ["queued", "sending", "sent", "failed"], spent: 8000n })
  })
)

it.effect("a host that stops waits for the answers that are under way, and begins nothing new", () =>
  Effect.gen(function* () {
    const carrier = makeFakeCarrier({ window: 1 })
    carrier.script(() => ({ _tag: "Accepts", answersAfterMillis: 3000 }))
    const host = Sms.layer.pipe(
      Layer.provide([Carriers.layer([carrier]), RateDeck.layerMemory, Notifier.layerMemory()])
    )
    const scope = yield* Scope.make()
    const running = yield* Layer.buildWithScope(host, scope)
    const [first, second] = yield* Effect.all([send(), send()]).pipe(Effect.provide(running))
    yield* TestClock.adjust(1000)

    const stopping = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
    yield* TestClock.adjust(1999)
    assert.isUndefined(stopping.pollUnsafe())
    yield* TestClock.adjust(1)
    yield* Fiber.join(stopping)
    yield* pass(60_000)
    const store = yield* MessageStore
    assert.strictEqual((yield* store.history(first))?.message.status, "sent")
    assert.strictEqual((yield* store.history(second))?.message.status, "queued")
    assert.lengthOf(carrier.accepted, 1)
  }).pipe(Effect.provide(layerStorage()))
)

it.effect("whatever a carrier does, all that is left after its worst are outcomes that nobody knows", () =>
  Effect.gen(function* () {
    const carrier = yield* Fake
    const sms = yield* Sms
    carrier.script(chaotic(42))
    const messages: Array<Message> = []
    for (let i = 0; i < 300; i++) {
      messages.push(yield* send(1 + (i % 3)))
      if (i % 10 === 0) yield* pass(500)
    }
    yield* pass(15 * 60_000)

    let [spent, unknown] = [0n, 0]
    for (const { accountId, id } of messages) {
      const { message, timeline } = yield* sms.message({ accountId, id })
      if (message.status === "sending") unknown++
      else assert.include(["sent", "delivered", "failed"], message.status)
      if (message.sentAt !== null || message.status === "sending") spent += message.price.micros
      const changes = timeline.filter(({ changed }) => changed)
      for (const [i, next] of changes.slice(1).entries()) {
        assert.isTrue(advances((changes[i] ?? next).status, next.status))
      }
    }
    assert.strictEqual(OPENING - (yield* balance), spent)
    const faults = (names: ReadonlyArray<Fault>) =>
      names.reduce((sum, name) => sum + (carrier.faults.get(name) ?? 0), 0)
    assert.isAtMost(unknown, faults(["request lost", "answer lost", "answer late"]))
    const names = carrier.accepted.map(({ clientRef }) => clientRef)
    assert.strictEqual(new Set(names).size, names.length, "accepted once at most")
    assert.deepStrictEqual(
      FAULTS.filter((fault) => faults([fault]) === 0),
      ["submit repeated"]
    )
  }).pipe(Effect.provide(layerAll()))
)

it.effect("no carrier waits for a poll because another one was quicker to wake up", () =>
  Effect.gen(function* () {
    const sms = yield* Sms
    const messages: Array<Message> = []
    for (let i = 0; i < 200; i++) {
      const number = NumberId.make(1 + (i % 2))
      const request = { fromNumberId: number, to: "+31612345678", body: bodyOf(1) }
      messages.push((yield* sms.send(ACCOUNT, request)).message)
      // As many steps as it takes for one to be busy and the other to wait.
      yield* Effect.repeat(Effect.yieldNow, { times: i % 23 })
    }
    // Groups keep their pace, but nobody waits for a poll.
    for (let i = 0; i < 6; i++) yield* pass(50)
    const statuses = yield* Effect.forEach(messages, statusOf)
    assert.deepStrictEqual([...new Set(statuses)], ["sent"])
  }).pipe(
    Effect.provide(
      Sms.layer.pipe(
        Layer.provide([
          Carriers.layer(["one", "two"].map((name) => makeFakeCarrier({ name }))),
          RateDeck.layerMemory,
          Notifier.layerMemory()
        ]),
        Layer.provide(
          layerMemory({
            accounts: [{ id: ACCOUNT, balance: Micros.make(OPENING), perSecond: 1000 }],
            numbers: [
              { id: NUMBER, accountId: ACCOUNT, number: E164.make("+31201234567"), carrier: "one" },
              { id: NumberId.make(2), accountId: ACCOUNT, number: E164.make("+31201234568"), carrier: "two" }
            ]
          })
        )
      )
    )
  )
)

it.effect("of hosts that share a queue one claims for all under load, and the next one when that stops", () =>
  Effect.gen(function* () {
    const start = Effect.gen(function* () {
      const carrier = makeFakeCarrier()
      const scope = yield* Scope.make()
      const host = Sms.layer.pipe(
        Layer.provide([Carriers.layer([carrier]), RateDeck.layerMemory, Notifier.layerMemory()])
      )
      const running = yield* Layer.buildWithScope(Layer.fresh(host), scope)
      return { carrier, scope, send: Effect.provide(send(), running) }
    })
    const [one, two] = [yield* start, yield* start]
    const messages: Array<Message> = []
    /** How many of 640 messages that both accept in two seconds each of them submits. */
    const submits = Effect.gen(function* () {
      const before = [one.carrier.accepted.length, two.carrier.accepted.length] as const
      for (let i = 0; i < 80; i++) {
        for (const { send: accept } of [one, two]) {
          messages.push(...(yield* Effect.all(Array.from({ length: 4 }, () => accept))))
        }
        yield* pass(25)
      }
      return [one.carrier.accepted.length - before[0], two.carrier.accepted.length - before[1]] as const
    })
    yield* submits
    const [first, second] = yield* submits
    assert.strictEqual(Math.min(first, second), 0, `${first} and ${second}`)
    assert.isAbove(first + second, 600)

    const [leader, other] = first > 0 ? [one, two] : [two, one]
    yield* Effect.forkChild(Scope.close(leader.scope, Exit.void))
    yield* pass(1000)
    const late = yield* other.send
    yield* pass(50)
    const store = yield* MessageStore
    assert.include(["sent", "delivered"], (yield* store.history(late))?.message.status)
    for (const message of messages) {
      assert.include(["sent", "delivered"], (yield* store.history(message))?.message.status)
    }
    const names = [...one.carrier.accepted, ...two.carrier.accepted].map(({ clientRef }) => clientRef)
    assert.strictEqual(new Set(names).size, names.length, "submitted once")
    assert.lengthOf(names, messages.length + 1)
  }).pipe(Effect.provide(layerStorage()))
)

it.effect("an answer that cannot be read is none, and those behind it are submitted", () =>
  Effect.gen(function* () {
    const odd = yield* Effect.all(Array.from({ length: 5 }, () => send()))
    const last = yield* send()
    for (let i = 0; i < 20; i++) yield* pass(1000)
    for (const one of odd) assert.strictEqual(yield* statusOf(one), "sending")
    assert.strictEqual(yield* statusOf(last), "delivered")
  }).pipe(
    Effect.provideService(References.MinimumLogLevel, "None"),
    Effect.provide(
      layerAll({ window: 1 }, (fake) => {
        let calls = 0
        return {
          ...fake,
          // What a careless adapter may answer.
          submit: (one) =>
            calls++ < 5 ? Effect.succeed({ _tag: "Accepted" } as unknown as SubmitOutcome) : fake.submit(one)
        }
      })
    )
  )
)

it.effect("a carrier adapter that breaks is listened to again", () =>
  Effect.gen(function* () {
    const carrier = yield* Fake
    const message = yield* send()
    yield* pass(0)
    yield* pass(1000)
    assert.strictEqual(yield* statusOf(message), "sent")
    yield* pass(5000)
    assert.strictEqual(yield* statusOf(message), "delivered")
    assert.lengthOf(carrier.accepted, 1)
  }).pipe(
    Effect.provideService(References.MinimumLogLevel, "None"),
    Effect.provide(
      layerAll({}, (fake) => {
        let calls = 0
        return {
          ...fake,
          listen: (sink) => Effect.suspend(() => (calls++ < 2 ? Effect.die("a bug") : fake.listen(sink)))
        }
      })
    )
  )
)
