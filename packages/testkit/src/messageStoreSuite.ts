/** What every `MessageStore` must do. */
import {
  type Change,
  EUR,
  type Message,
  type MessageId,
  type MessageQuery,
  MessageStore,
  money,
  type OwnedNumber,
  type PageKey,
  type RefMatch,
  type Part,
  queuedEntry,
  type TimelineEntry,
  type Tracked,
  UnitOfWork
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, type Layer } from "effect"
import fc from "fast-check"
import { anyMessage, anyQuery, anyRow, messageOf } from "./anyMessages.ts"
import { Fixture } from "./Fixture.ts"
import { sampleMessage } from "./sampleMessage.ts"
import { ATONCE, forAll, freshName, LAYER_OPTIONS, type SuiteOptions } from "./suite.ts"

export const messageStoreSuite = <E>(
  name: string,
  ports: Layer.Layer<MessageStore | UnitOfWork | Fixture, E>,
  { runs = 50 }: SuiteOptions = {}
) =>
  layer(ports, LAYER_OPTIONS)(`MessageStore (${name})`, (it) => {
    it.effect("gives ids that rise and that nobody else gets", () =>
      Effect.gen(function* () {
        const store = yield* MessageStore
        const calls = yield* Effect.all(
          Array.from({ length: 20 }, (_, i) => store.nextIds(1 + (i % 7))),
          ATONCE
        )
        for (const [i, ids] of calls.entries()) {
          assert.lengthOf(ids, 1 + (i % 7))
          assert.deepStrictEqual(
            ids,
            ids.toSorted((a, b) => a - b)
          )
        }
        assert.strictEqual(new Set(calls.flat()).size, calls.flat().length)
        const [later = 0] = yield* store.nextIds(1)
        assert.isAbove(later, Math.max(...calls.flat()))
      })
    )

    it.effect("gives back what it was given", () =>
      forAll(anyMessage, runs, (any) =>
        Effect.gen(function* () {
          const store = yield* MessageStore
          const number = yield* freshNumber
          const { carrier: _, ...given } = any
          const message = sampleMessage(number, yield* oneId, given)
          const entry = { ...queuedEntry(message.createdAt), status: message.status, detail: message.body }
          yield* store.insert([{ message, entry }])
          assert.deepStrictEqual(yield* store.history(message), { message, timeline: [entry] })
          assert.deepStrictEqual(yield* store.lock([message]), [{ message, parts: [], entries: 1 }])
        })
      )
    )

    it.effect("shows nothing to another account", () =>
      Effect.gen(function* () {
        const store = yield* MessageStore
        const message = yield* insertOne(yield* freshNumber)
        const { accountId } = yield* freshNumber
        const foreign = { accountId, id: message.id }
        assert.isUndefined(yield* store.history(foreign))
        assert.deepStrictEqual(yield* store.lock([foreign]), [])
        assert.deepStrictEqual(yield* store.page(accountId, { limit: 10 }), [])
        assert.deepStrictEqual(yield* store.countSince(accountId, [0]), [{ messages: 0, delivered: 0, failed: 0 }])
      })
    )

    it.effect("counts several periods as they are at one time, while messages come in", () =>
      Effect.gen(function* () {
        const store = yield* MessageStore
        const number = yield* freshNumber
        const inserting = yield* Effect.forkChild(
          Effect.forEach(Array.from({ length: 40 }), () => insertOne(number), { discard: true })
        )
        for (let done = false; !done;) {
          done = inserting.pollUnsafe() !== undefined
          const [first, ...others] = yield* store.countSince(number.accountId, [0, 0, 0])
          for (const other of others) assert.deepStrictEqual(other, first)
        }
        yield* Fiber.join(inserting)
        assert.strictEqual((yield* store.countSince(number.accountId, [0]))[0]?.messages, 40)
      })
    )

    it.effect("locks messages in id order, without those that do not exist", () =>
      Effect.gen(function* () {
        const store = yield* MessageStore
        const [one, two] = [yield* freshNumber, yield* freshNumber]
        const messages = [yield* insertOne(one), yield* insertOne(two), yield* insertOne(one)]
        const id = yield* oneId
        const held = yield* store.lock([...messages.toReversed(), { accountId: one.accountId, id }])
        assert.deepStrictEqual(
          held.map(({ message }) => message),
          messages
        )
      })
    )

    it.effect("keeps what became of a message: status, parts and timeline", () =>
      Effect.gen(function* () {
        const store = yield* MessageStore
        const number = yield* freshNumber
        const first = yield* change(yield* insertOne(number), { status: "sending" }, [])
        const [message, untouched] = [first.after.message, yield* insertOne(number)]
        const sent = yield* change(
          message,
          { status: "sent", sentAt: 1_790_000_000_555, updatedAt: 1_790_000_000_777 },
          [
            { ref: "0Ab", status: "sent" },
            { ref: "c", status: "delivered" }
          ]
        )
        const failed = yield* change(message, { status: "failed", reason: "undeliverable" }, [
          { ref: "0Ab", status: "failed" },
          { ref: "c", status: "delivered" }
        ])
        assert.deepStrictEqual((yield* store.history(message))?.message, failed.after.message)
        assert.deepStrictEqual(yield* store.lock([message]), [failed.after])
        assert.deepStrictEqual((yield* store.history(message))?.timeline, [
          queuedEntry(message.createdAt),
          ...first.entries,
          ...sent.entries,
          ...failed.entries
        ])
        assert.deepStrictEqual((yield* store.history(untouched))?.message, untouched)
      })
    )

    it.effect(
      "finds messages by their carrier's ids, under the normal spelling, and names the id as it was given",
      () =>
        Effect.gen(function* () {
          const store = yield* MessageStore
          const carrier = freshName("carrier")
          const number = yield* freshNumberOf(carrier)
          const { accountId, id } = yield* insertOne(number)
          yield* change({ accountId, id }, {}, [
            { ref: "00AB-1", status: "sent" },
            { ref: "7", status: "sent" }
          ])

          const found = yield* store.matchRefs(carrier, ["7", "ab-1", "other"])
          assert.deepStrictEqual(
            found.map(withoutTime).toSorted((a, b) => (a.asked < b.asked ? -1 : 1)),
            [
              { accountId, id, asked: "7", ref: "7" },
              { accountId, id, asked: "ab-1", ref: "00AB-1" }
            ]
          )
          assert.deepStrictEqual(yield* store.matchRefs(freshName("carrier"), ["7"]), [])
        })
    )

    it.effect("means the latest message by an id that its carrier has used again", () =>
      Effect.gen(function* () {
        const store = yield* MessageStore
        const carrier = freshName("carrier")
        const number = yield* freshNumberOf(carrier)
        for (const message of [yield* insertOne(number), yield* insertOne(yield* freshNumberOf(carrier))]) {
          yield* change(message, {}, [{ ref: "1", status: "sent" }])
          const found = yield* store.matchRefs(carrier, ["1"])
          assert.deepStrictEqual(found.map(withoutTime), [
            { accountId: message.accountId, id: message.id, asked: "1", ref: "1" }
          ])
        }
      })
    )

    it.effect("holds a locked message until the unit of work ends", () =>
      Effect.gen(function* () {
        const store = yield* MessageStore
        const message = yield* insertOne(yield* freshNumber)
        yield* Effect.all(
          Array.from({ length: 15 }, () => change(message, {}, [])),
          ATONCE
        )
        const timeline = (yield* store.history(message))?.timeline ?? []
        assert.deepStrictEqual(
          timeline.map(({ seq }) => seq),
          Array.from({ length: 16 }, (_, i) => i + 1)
        )
        assert.strictEqual((yield* store.lock([message]))[0]?.entries, 16)
      })
    )

    it.effect("pages and counts like a sorted, filtered list", () =>
      forAll(
        fc.record({ rows: fc.array(anyRow, { maxLength: 30 }), queries: fc.array(anyQuery, { minLength: 6 }) }),
        runs,
        (any) =>
          Effect.gen(function* () {
            const store = yield* MessageStore
            const fixture = yield* Fixture
            const [mine, other] = [yield* freshNumber, yield* freshNumber]
            const numbers = [mine, yield* fixture.number(mine.accountId)]
            yield* insertOne(other)
            const ids = yield* store.nextIds(any.rows.length)
            // Written in any order: the page's order is not that of insertion.
            const messages = any.rows.map((given, i) => messageOf(given, numbers, ids[i] as MessageId))
            if (messages.length > 0) yield* insert(messages.toSorted((a, b) => (a.body < b.body ? -1 : 1)))

            for (const { limit, which, ...filters } of any.queries) {
              const query = { ...filters, numberId: which === undefined ? undefined : numbers[which]?.id }
              const wanted = messages.filter((one) => matches(query, one)).sort(newestFirst)
              assert.deepStrictEqual(yield* walk(mine, query, limit), wanted)

              const since = query.since ?? 0
              const counted = messages.filter(
                (one) => one.createdAt >= since && (query.numberId === undefined || one.numberId === query.numberId)
              )
              const outbound = counted.filter(({ direction }) => direction === "outbound")
              const nothing = { messages: 0, delivered: 0, failed: 0 }
              const wantedCounts = {
                messages: counted.length,
                delivered: outbound.filter(({ status }) => status === "delivered").length,
                failed: outbound.filter(({ status }) => status === "failed").length
              }
              assert.deepStrictEqual(yield* store.countSince(mine.accountId, [LATER, since, LATER], query.numberId), [
                nothing,
                wantedCounts,
                nothing
              ])

              const days = yield* store.countDays(mine.accountId, midnight(since), query.numberId)
              assert.deepStrictEqual(
                days.map(({ day }) => day),
                days.map(({ day }) => midnight(day)).sort((a, b) => a - b)
              )
              for (const { day, delivered, failed, messages } of days) {
                assert.isAbove(messages, 0)
                const rest = days.filter((one) => one.day > day)
                const [all] = yield* store.countSince(mine.accountId, [day], query.numberId)
                assert.deepStrictEqual(all, {
                  messages: messages + sum(rest.map((one) => one.messages)),
                  delivered: delivered + sum(rest.map((one) => one.delivered)),
                  failed: failed + sum(rest.map((one) => one.failed))
                })
              }
              const [all] = yield* store.countSince(mine.accountId, [midnight(since)], query.numberId)
              assert.strictEqual(all?.messages, sum(days.map((one) => one.messages)))
            }
          })
      )
    )
  })

const freshNumberOf = (carrier: string) =>
  Fixture.use((fixture) =>
    Effect.flatMap(fixture.account({ balance: money(0n, EUR).micros }), (account) =>
      fixture.number(account, { carrier })
    )
  )

const freshNumber = freshNumberOf("fake")

// `nextIds` gives as many as were asked for.
const oneId = MessageStore.use((store) => Effect.map(store.nextIds(1), ([id]) => id as MessageId))

const insert = (messages: ReadonlyArray<Message>) =>
  MessageStore.use((store) =>
    store.insert(messages.map((message) => ({ message, entry: queuedEntry(message.createdAt) })))
  )

const insertOne = Effect.fnUntraced(function* (number: OwnedNumber) {
  const message = sampleMessage(number, yield* oneId)
  yield* insert([message])
  return message
})

/** One unit of work that locks a message and saves it with one more entry. */
const change = Effect.fnUntraced(function* (
  key: Pick<Message, "accountId" | "id">,
  given: Partial<Message>,
  parts: ReadonlyArray<Part>
) {
  const store = yield* MessageStore
  const unit = yield* UnitOfWork
  return yield* unit.run(
    Effect.gen(function* () {
      const [before] = yield* store.lock([key])
      if (before === undefined) return yield* Effect.die(new Error(`there is no message ${key.id}`))
      yield* Effect.yieldNow
      const message = { ...before.message, ...given }
      const entry: TimelineEntry = {
        seq: before.entries + 1,
        status: message.status,
        at: message.updatedAt,
        source: "carrier",
        detail: "because",
        changed: given.status !== undefined
      }
      const after: Tracked = { message, parts, entries: entry.seq }
      const made: Change = { before, after, entries: [entry] }
      yield* store.save([made])
      return made
    })
  )
})

const walk = Effect.fnUntraced(function* (number: OwnedNumber, filters: Omit<MessageQuery, "limit">, limit: number) {
  const store = yield* MessageStore
  const found: Array<Message> = []
  let after: PageKey | undefined
  for (;;) {
    const page = yield* store.page(number.accountId, { ...filters, limit, after })
    assert.isAtMost(page.length, limit)
    found.push(...page)
    const last = page.at(-1)
    if (last === undefined || found.length > 100) return found
    after = { createdAt: last.createdAt, id: last.id }
  }
})

const DAY_MILLIS = 24 * 60 * 60 * 1000
const LATER = Date.UTC(3000, 0)
const midnight = (at: number) => at - (at % DAY_MILLIS)
const sum = (some: ReadonlyArray<number>) => some.reduce((all, one) => all + one, 0)

/** A store may tell when the message was created, or not. */
const withoutTime = ({ accountId, asked, id, ref }: RefMatch) => ({ accountId, asked, id, ref })

const newestFirst = (a: PageKey, b: PageKey) => b.createdAt - a.createdAt || b.id - a.id

const matches = (query: Omit<MessageQuery, "limit">, message: Message): boolean =>
  [query.direction ?? message.direction, query.numberId ?? message.numberId, query.status ?? message.status].join() ===
    [message.direction, message.numberId, message.status].join() &&
  (query.to ?? message.to) === message.to &&
  (query.from ?? message.from) === message.from &&
  (query.contact === undefined || [message.from, message.to].includes(query.contact)) &&
  message.createdAt >= (query.since ?? -Infinity) &&
  message.createdAt < (query.until ?? Infinity)
