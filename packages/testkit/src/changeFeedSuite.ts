/** What every `ChangeFeed` must do. */
import {
  ChangeFeed,
  type FeedPosition,
  isAfter,
  type Message,
  type MessageChange,
  type MessageId,
  MessageStore,
  Micros,
  type OwnedNumber,
  queuedEntry,
  type Status,
  type TimelineEntry,
  UnitOfWork
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Clock, Deferred, Effect, Fiber, type Layer } from "effect"
import fc from "fast-check"
import { Fixture } from "./Fixture.ts"
import { sampleMessage } from "./sampleMessage.ts"
import { ATONCE, forAll, LAYER_OPTIONS, type SuiteOptions } from "./suite.ts"

type Ports = ChangeFeed | MessageStore | UnitOfWork | Fixture

export const changeFeedSuite = <E>(name: string, ports: Layer.Layer<Ports, E>, { runs = 20 }: SuiteOptions = {}) =>
  layer(ports, LAYER_OPTIONS)(`ChangeFeed (${name})`, (it) => {
    it.effect("tells what each transition left of a message, in their order, and nothing of other reports", () =>
      Effect.gen(function* () {
        const start = yield* now
        const message = yield* send(yield* freshNumber)
        yield* advanceTo(message, "sending")
        yield* advanceTo(message, undefined)
        yield* advanceTo(message, "sent")
        yield* advanceTo(message, "delivered")

        const told = yield* read(message, start)
        assert.deepStrictEqual(told.map(whatOf), [
          { id: message.id, status: "queued", created: true, seq: 1, sentAt: null },
          { id: message.id, status: "sending", created: false, seq: 2, sentAt: null },
          { id: message.id, status: "sent", created: false, seq: 4, sentAt: SENT_AT },
          { id: message.id, status: "delivered", created: false, seq: 5, sentAt: SENT_AT }
        ])
        assert.deepStrictEqual(told[0]?.message, message)
        assertRising(told)
      })
    )

    it.effect("begins with what comes after its place, and tells nothing to another account", () =>
      Effect.gen(function* () {
        const start = yield* now
        const before = yield* send(yield* freshNumber)
        const other = yield* freshNumber
        yield* read(before, start)
        const between = yield* now
        yield* advanceTo(before, "sending")
        assert.deepStrictEqual(
          (yield* read(before, between)).map(({ message }) => message.status),
          ["sending"]
        )
        assert.deepStrictEqual(yield* read(other, start), [])
      })
    )

    it.effect("reads many accounts at once, each after its own place and no more than the limit", () =>
      Effect.gen(function* () {
        const feed = yield* ChangeFeed
        const start = yield* now
        const [one, two] = [yield* freshNumber, yield* freshNumber]
        const ones = [yield* send(one), yield* send(one), yield* send(one)]
        const twos = [yield* send(two), yield* send(two)]
        const [first] = yield* read(two, start)
        const told = yield* feed.since(
          [
            { accountId: two.accountId, after: first?.position ?? start },
            { accountId: one.accountId, after: start }
          ],
          2
        )
        assert.deepStrictEqual(
          told.map(({ message }) => message.id),
          [twos[1], ones[0], ones[1]].map((message) => message?.id)
        )
        assert.deepStrictEqual(yield* feed.since([], 2), [])
      })
    )

    it.effect("tells nothing that was undone", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const start = yield* now
        const number = yield* freshNumber
        yield* Effect.flip(unit.run(Effect.andThen(send(number), Effect.fail("no"))))
        const kept = yield* send(number)
        assert.deepStrictEqual(
          (yield* read(number, start)).map(({ message }) => message.id),
          [kept.id]
        )
      })
    )

    it.effect("loses nothing of a unit of work that commits after one that began later", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const start = yield* now
        const number = yield* freshNumber
        const begun = yield* Deferred.make<void>()
        const letGo = yield* Deferred.make<void>()
        const slow = yield* Effect.forkChild(
          unit.run(
            Effect.gen(function* () {
              const message = yield* send(number)
              yield* Deferred.succeed(begun, undefined)
              yield* Deferred.await(letGo)
              return message
            })
          )
        )
        yield* Deferred.await(begun)
        const reader = yield* follower(number, start)
        const quick = yield* Effect.forkChild(send(number))
        // A store whose units run one after another lets it through only later.
        yield* Effect.timeoutOption(Fiber.await(quick), "500 millis")
        yield* Effect.sleep("50 millis")
        yield* Deferred.succeed(letGo, undefined)
        const ids = [(yield* Fiber.join(slow)).id, (yield* Fiber.join(quick)).id]

        const heard = yield* reader.until(2)
        assert.sameMembers(
          heard.map(({ message }) => message.id),
          ids
        )
        assertRising(heard)
      })
    )

    it.effect(
      "whoever follows units that run at once hears each change once; from any place on, exactly the rest",
      () =>
        forAll(anyUnits, Math.min(runs, MOST_RUNS), (units) =>
          Effect.gen(function* () {
            const feed = yield* ChangeFeed
            const unit = yield* UnitOfWork
            const start = yield* now
            const number = yield* freshNumber
            const reader = yield* follower(number, start)
            const made = yield* Effect.forEach(
              units,
              ({ fails, messages, pause, steps }) =>
                Effect.gen(function* () {
                  yield* Effect.sleep(pause)
                  const sent = yield* send(number)
                  for (let i = 1; i < messages; i++) yield* send(number)
                  for (const status of ORDER.slice(0, steps)) yield* advanceTo(sent, status)
                  if (fails) return yield* Effect.fail("no")
                  return messages + steps
                }).pipe(
                  unit.run,
                  Effect.orElseSucceed(() => 0)
                ),
              ATONCE
            )
            const heard = yield* reader.until(made.reduce((sum, count) => sum + count, 0))
            assertRising(heard)
            assert.deepStrictEqual(yield* read(number, start), heard)
            for (const [i, { position }] of heard.entries()) {
              const rest = yield* feed.since([{ accountId: number.accountId, after: position }], 1000)
              assert.deepStrictEqual(rest, heard.slice(i + 1))
            }
          })
        )
    )
  })

/** Units take time, even in memory. */
const MOST_RUNS = 40

const SENT_AT = 1_790_000_000_555

const ORDER = ["sending", "sent", "delivered"] as const

const anyUnits = fc.array(
  fc.record({
    pause: fc.nat(5),
    messages: fc.integer({ min: 1, max: 3 }),
    steps: fc.nat(ORDER.length),
    fails: fc.boolean()
  }),
  { minLength: 1, maxLength: 6 }
)

const now = Effect.flatMap(ChangeFeed, (feed) => feed.now)

const freshNumber = Effect.flatMap(Fixture, (fixture) =>
  Effect.flatMap(fixture.account({ balance: Micros.make(0n) }), (account) => fixture.number(account))
)

const send = Effect.fnUntraced(function* (number: OwnedNumber) {
  const store = yield* MessageStore
  const at = yield* Clock.currentTimeMillis
  const [id] = yield* store.nextIds(1)
  const message = sampleMessage(number, id as MessageId, { createdAt: at, updatedAt: at })
  yield* store.insert([{ message, entry: queuedEntry(at) }])
  return message
})

/** One more entry of its timeline; without a status one that changed nothing. */
const advanceTo = Effect.fnUntraced(function* (key: Pick<Message, "accountId" | "id">, status: Status | undefined) {
  const store = yield* MessageStore
  const unit = yield* UnitOfWork
  yield* unit.run(
    Effect.gen(function* () {
      const [before] = yield* store.lock([key])
      if (before === undefined) return yield* Effect.die(new Error(`there is no message ${key.id}`))
      const { message } = before
      const entry: TimelineEntry = {
        seq: before.entries + 1,
        status: status ?? message.status,
        at: message.updatedAt,
        source: "carrier",
        detail: null,
        changed: status !== undefined
      }
      const sentAt = status === "sent" ? SENT_AT : message.sentAt
      const after = { message: { ...message, status: entry.status, sentAt }, parts: [], entries: entry.seq }
      yield* store.save([{ before, after, entries: [entry] }])
    })
  )
})

/**
 * Waits until everything that is committed is told: it is once something later is. Whatever else is under way in the store
 * may hold it back for a while.
 */
const settled = Effect.gen(function* () {
  const feed = yield* ChangeFeed
  const after = yield* feed.now
  const { accountId } = yield* send(yield* freshNumber)
  yield* Effect.repeat(Effect.delay(feed.since([{ accountId, after }], 1), "2 millis"), {
    until: ({ length }) => length > 0
  })
})

/** All there is after a place. */
const read = Effect.fnUntraced(function* ({ accountId }: Pick<Message, "accountId">, after: FeedPosition) {
  yield* settled
  return yield* ChangeFeed.use((feed) => feed.since([{ accountId, after }], 1000))
})

/** Reads on from its last place without a rest, two changes at a time. */
const follower = Effect.fnUntraced(function* ({ accountId }: Pick<Message, "accountId">, start: FeedPosition) {
  const feed = yield* ChangeFeed
  const heard: Array<MessageChange> = []
  const step = Effect.gen(function* () {
    heard.push(...(yield* feed.since([{ accountId, after: heard.at(-1)?.position ?? start }], 2)))
    yield* Effect.sleep("1 millis")
  })
  const reading = yield* Effect.forkChild(Effect.forever(step))
  return {
    /** Once it has heard that many; one look more shows that there are no others. */
    until: Effect.fnUntraced(function* (count: number) {
      yield* Effect.repeat(Effect.sleep("2 millis"), { until: () => heard.length >= count, times: 5000 })
      yield* Fiber.interrupt(reading)
      yield* step
      assert.lengthOf(heard, count)
      return heard
    })
  }
})

const assertRising = (changes: ReadonlyArray<MessageChange>) => {
  for (const [i, { position }] of changes.entries()) {
    const before = changes[i - 1]
    if (before !== undefined) assert.isTrue(isAfter(position, before.position))
  }
}

const whatOf = ({ created, message, position }: MessageChange) => ({
  id: message.id,
  status: message.status,
  created,
  seq: position.seq,
  sentAt: message.sentAt
})
