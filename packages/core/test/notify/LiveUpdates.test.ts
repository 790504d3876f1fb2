import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Stream } from "effect"
import { TestClock } from "effect/testing"
import { AccountId, MessageId } from "../../src/Account.ts"
import { ChangeFeed, type FeedPosition, isAfter, type MessageChange } from "../../src/notify/ChangeFeed.ts"
import { LiveUpdates } from "../../src/notify/LiveUpdates.ts"
import { Notifier } from "../../src/notify/Notifier.ts"
import { queuedEntry } from "../../src/status/Lifecycle.ts"
import { Unavailable } from "../../src/UnitOfWork.ts"
import { queuedMessage } from "../sample.ts"

const account = AccountId.make(7)
const away = new Unavailable({ message: "away", retryAfterMillis: 1000, undone: false })

const placeOf = (unit: number): FeedPosition => ({ unit: BigInt(unit), messageId: 0, seq: 0 })

/** A feed of one message after another, which a test may hold back or take away. */
const makeFeed = () => {
  const changes: Array<MessageChange> = []
  const feed = { changes, isAway: false, asked: 0, visible: Infinity, tell: (count = 1) => tell(changes, count) }
  const layer = Layer.succeed(ChangeFeed, {
    now: Effect.sync(() => placeOf(changes.length + 1)),
    since: (asks, limit) =>
      Effect.suspend(() => {
        feed.asked++
        if (feed.isAway) return Effect.die(away)
        return Effect.succeed(
          asks.flatMap(({ accountId, after }) =>
            changes
              .slice(0, feed.visible)
              .filter((one) => one.accountId === accountId && isAfter(one.position, after))
              .slice(0, limit)
          )
        )
      })
  })
  return { feed, layer: LiveUpdates.layer.pipe(Layer.provideMerge(Notifier.layerMemory()), Layer.provide(layer)) }
}

const tell = (changes: Array<MessageChange>, count: number) => {
  for (let i = 0; i < count; i++) {
    const id = MessageId.make(changes.length + 1)
    const position = { unit: BigInt(id), messageId: id, seq: 1 }
    changes.push({ accountId: account, position, message: { ...queuedMessage, id }, created: true })
  }
}

const publish = Effect.flatMap(Notifier, (notifier) =>
  notifier.publish([{ message: queuedMessage, entry: queuedEntry(0) }])
)

/** Listens beside the test; what it has heard so far, by message. */
const listen = Effect.fnUntraced(function* (after?: FeedPosition) {
  const { changes } = yield* LiveUpdates.use((live) => live.subscribe(account, after))
  const heard: Array<number> = []
  const fiber = yield* Effect.forkChild(
    Stream.runForEach(changes, ({ message }) => Effect.sync(() => heard.push(message.id)))
  )
  yield* TestClock.adjust("1 second")
  return { heard, fiber }
})

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe("live updates", () => {
  const looking = makeFeed()
  it.effect("look at once when something is published here, and again while it is held back", () =>
    Effect.gen(function* () {
      const { feed } = looking
      const { heard } = yield* listen()
      feed.visible = 0
      feed.tell()
      yield* publish
      yield* TestClock.adjust("30 millis")
      assert.deepStrictEqual(heard, [])
      feed.visible = Infinity
      yield* TestClock.adjust("30 millis")
      assert.deepStrictEqual(heard, [1])
    }).pipe(Effect.provide(looking.layer))
  )

  const polled = makeFeed()
  it.effect("look twice a second for what others do, and for nobody not at all", () =>
    Effect.gen(function* () {
      const { feed } = polled
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(feed.asked, 0)
      const { fiber, heard } = yield* listen()
      const before = feed.asked
      feed.tell()
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(heard, [1])
      assert.isAtMost(feed.asked - before, 21)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 second")
      const after = feed.asked
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(feed.asked, after)
    }).pipe(Effect.provide(polled.layer))
  )

  const resumed = makeFeed()
  it.effect("bring what was missed to who comes late, and share the rest", () =>
    Effect.gen(function* () {
      const { feed } = resumed
      feed.tell(250)
      const early = yield* listen(placeOf(0))
      const late = yield* listen(placeOf(101))
      const fresh = yield* listen()
      const stranded = yield* listen(placeOf(1_000_000))
      feed.tell(3)
      const before = feed.asked
      yield* TestClock.adjust("600 millis")
      assert.deepStrictEqual(early.heard, numbers(1, 253))
      assert.deepStrictEqual(late.heard, numbers(101, 253))
      assert.deepStrictEqual(fresh.heard, numbers(251, 253))
      assert.deepStrictEqual(stranded.heard, numbers(251, 253))
      assert.isAtMost(feed.asked - before, 2)
    }).pipe(Effect.provide(resumed.layer))
  )

  const slow = makeFeed()
  it.effect("end for a reader that falls behind, who misses nothing by coming back", () =>
    Effect.gen(function* () {
      const { feed } = slow
      const quick = yield* listen()
      const { changes } = yield* LiveUpdates.use((live) => live.subscribe(account))
      const heard: Array<MessageChange> = []
      const reading = yield* Effect.forkChild(
        Stream.runForEachArray(changes, (some) =>
          Effect.andThen(
            Effect.sync(() => heard.push(...some)),
            Effect.sleep("1 minute")
          )
        )
      )
      yield* TestClock.adjust("1 second")
      feed.tell()
      yield* TestClock.adjust("1 second")
      feed.tell(1000)
      yield* TestClock.adjust("5 minutes")
      yield* Fiber.join(reading)
      assert.deepStrictEqual(quick.heard, numbers(1, 1001))
      assert.deepStrictEqual(
        heard.map(({ message }) => message.id),
        numbers(1, heard.length) as never
      )
      assert.isBelow(heard.length, 300)
      const back = yield* listen(heard.at(-1)?.position)
      assert.deepStrictEqual(back.heard, numbers(heard.length + 1, 1001))
    }).pipe(Effect.provide(slow.layer))
  )

  const lost = makeFeed()
  const lines: Array<unknown> = []
  it.effect("wait for a store that is away, and say so once", () =>
    Effect.gen(function* () {
      const { feed } = lost
      const { heard } = yield* listen()
      feed.isAway = true
      feed.tell(2)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(heard, [])
      assert.lengthOf(lines, 1)
      feed.isAway = false
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(heard, [1, 2])
    }).pipe(
      Effect.provide(Layer.provide(lost.layer, Logger.layer([Logger.make(({ message }) => void lines.push(message))])))
    )
  )
})
