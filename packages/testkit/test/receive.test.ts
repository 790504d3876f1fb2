/** Inbound messages through the loops of a host, in memory, on a store that refuses some of them or is away for a while. */
import {
  AccountId,
  Carriers,
  E164,
  type InboundPart,
  InboundStore,
  layerMemory,
  MessageStore,
  Micros,
  Notifier,
  RateDeck,
  ReceiveMessage,
  Sms,
  Unavailable,
  WINDOW_MILLIS
} from "@cliqtel/sms-core"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, References } from "effect"
import { TestClock } from "effect/testing"
import { makeFakeCarrier } from "../src/index.ts"

const ACCOUNT = AccountId.make(1)

const part = (eventId: string, body: string, given: Partial<InboundPart> = {}): InboundPart => ({
  carrier: "fake",
  eventId,
  from: "+31612345678",
  to: "+31201234567",
  body,
  encoding: "GSM-7",
  concat: null,
  ...given
})

/** What the store does with messages before it stores them. */
class Mood extends Context.Service<Mood, { isAway: boolean }>()("@cliqtel/sms-testkit/Mood") {}

const away = new Unavailable({ message: "away", retryAfterMillis: 1000, undone: true })

const layerMoody = Layer.effect(
  MessageStore,
  Effect.gen(function* () {
    const store = yield* MessageStore
    const mood = yield* Mood
    return {
      ...store,
      insert: (messages) =>
        Effect.suspend(() => {
          if (mood.isAway) return Effect.die(away)
          return messages.some(({ message }) => message.body === "poison")
            ? Effect.die(new Error("the store refuses this"))
            : store.insert(messages)
        })
    }
  })
)

const carrier = makeFakeCarrier()

const layerAll = () =>
  Sms.layer.pipe(
    Layer.provide([
      Layer.succeed(Carriers, new Map([[carrier.name, carrier]])),
      RateDeck.layerMemory,
      Notifier.layerMemory()
    ]),
    Layer.provide(layerMoody),
    Layer.provideMerge(
      layerMemory({
        accounts: [{ id: ACCOUNT, balance: Micros.make(0n) }],
        numbers: [{ accountId: ACCOUNT, number: E164.make("+31201234567"), carrier: "fake" }]
      })
    ),
    Layer.provideMerge(Layer.sync(Mood, () => ({ isAway: false }))),
    Layer.provideMerge(Layer.succeed(References.MinimumLogLevel, "None"))
  )

const inbox = Sms.use((sms) =>
  Effect.map(sms.messages(ACCOUNT, { limit: 10 }), ({ messages }) => messages.map(({ body }) => body).toReversed())
)

const dead = InboundStore.use(({ dead: counts }) => Effect.map(counts, (all) => [...all]))

it.effect("a part that the store refuses is kept apart, and its neighbours are received", () =>
  Effect.gen(function* () {
    const { receive } = yield* ReceiveMessage
    const parts = [part("a", "before"), part("b", "poison"), part("c", "after")]
    assert.deepStrictEqual(
      (yield* receive(parts)).map(({ body }) => body),
      ["before", "after"]
    )
    assert.deepStrictEqual(yield* inbox, ["before", "after"])
    assert.deepStrictEqual(yield* dead, [["refused", 1]])
    assert.deepStrictEqual(yield* receive(parts), [])
    assert.deepStrictEqual(yield* dead, [["refused", 1]])
  }).pipe(Effect.provide(layerAll()))
)

it.effect("while the store is away nothing is acknowledged, and all of it is received afterwards", () =>
  Effect.gen(function* () {
    const mood = yield* Mood
    mood.isAway = true
    carrier.brings([part("a", "one"), part("b", "poison"), part("c", "two")])
    yield* TestClock.adjust("10 seconds")
    assert.deepStrictEqual(yield* inbox, [])
    mood.isAway = false
    yield* TestClock.adjust("10 seconds")
    assert.sameMembers([...(yield* inbox)], ["one", "two"])
    assert.deepStrictEqual(yield* dead, [["refused", 1]])
  }).pipe(Effect.provide(layerAll()))
)

it.effect("a host closes what stays incomplete by itself, and drops what cannot be delivered", () =>
  Effect.gen(function* () {
    const place = { bits: 8, ref: 1, total: 2, index: 2 } as const
    carrier.brings([
      part("a", "tail", { concat: place }),
      part("b", "poison", { concat: { ...place, ref: 2 }, from: "+31612345679" })
    ])
    yield* TestClock.adjust(WINDOW_MILLIS - 15_000)
    assert.deepStrictEqual(yield* inbox, [])
    yield* TestClock.adjust("30 seconds")
    assert.deepStrictEqual(yield* inbox, [" [...] tail", " [...] poison"])
    const { overdue } = yield* InboundStore
    assert.deepStrictEqual(yield* overdue(WINDOW_MILLIS, 10), [])
  }).pipe(Effect.provide(layerAll()))
)
