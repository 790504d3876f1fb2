/** What becomes of what people write, end to end: parts in, messages, opt-outs and answers out. */
import {
  Body,
  CLOSING_GROUP,
  decode,
  E164,
  encode,
  EUR,
  type InboundPart,
  InboundStore,
  type Message,
  OptOutList,
  type OwnedNumber,
  ReceiveMessage,
  Sms,
  UnitOfWork,
  WINDOW_MILLIS,
  zero
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Clock, Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { Bench, layerHosts, newcomer, type StoragePorts } from "./Hosts.ts"
import type { Fixture } from "./Fixture.ts"
import { ATONCE, forAll, freshName, type SuiteOptions, TIMEOUT } from "./suite.ts"

const PERSON = E164.make("+31612345678")
const PRICE = 8_000n
const body = Body.make("Hello")

export const receiveSuite = <E>(
  name: string,
  ports: Layer.Layer<StoragePorts | Fixture, E>,
  { runs = 100 }: SuiteOptions = {}
) =>
  layer(layerHosts.pipe(Layer.provideMerge(ports)), { timeout: TIMEOUT })(`What people write (${name})`, (it) => {
    it.effect("a message is in the inbox of its number's account, free of charge, and is told of", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const { account, carrier, number } = yield* newcomer(PRICE)
        const received = yield* receive([whole(number, "Thanks, got the tracking! 🚀", { encoding: "UCS-2" })])
        const { messages } = yield* sms.messages(account, { limit: 10 })
        assert.deepStrictEqual(messages, received)
        assert.deepInclude(messages[0], {
          direction: "inbound",
          status: "received",
          numberId: number.id,
          from: PERSON,
          to: number.number,
          body: "Thanks, got the tracking! 🚀",
          segments: 1,
          encoding: "UCS-2",
          carrier: carrier.name,
          price: zero(EUR),
          reason: null
        })
        const { timeline } = yield* sms.message(messages[0] ?? assert.fail())
        assert.deepInclude(timeline[0], { seq: 1, status: "received", source: "carrier", changed: true })
        assert.lengthOf(timeline, 1)
        assert.deepInclude(yield* sms.number(number), { lastInboundAt: yield* Clock.currentTimeMillis })
        assert.strictEqual((yield* sms.balance(account)).micros, PRICE)
        const { events } = yield* Bench
        assert.deepStrictEqual(
          events.get(account)?.map(({ message }) => message),
          received
        )
      })
    )

    it.effect("the same part is stored once, however often and wherever it comes", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const { account, number } = yield* newcomer(PRICE)
        const one = whole(number, "once")
        yield* receive([one, one])
        yield* Effect.all(
          Array.from({ length: 8 }, () => receive([one, whole(number, "another")])),
          ATONCE
        )
        assert.lengthOf(yield* receive([one]), 0)
        const { messages } = yield* sms.messages(account, { limit: 20 })
        assert.lengthOf(messages, 9)
        assert.lengthOf(
          messages.filter((message) => message.body === "once"),
          1
        )
      })
    )

    it.effect("parts that hosts receive at once, in any order and repeated, make one message", () =>
      Effect.gen(function* () {
        const { number } = yield* newcomer(PRICE)
        const text = fc.string({ unit: "grapheme", minLength: 161, maxLength: 700 })
        let ref = 0
        yield* forAll(fc.tuple(text, fc.constantFrom(8 as const, 16 as const), fc.nat()), runs, ([long, bits, seed]) =>
          Effect.gen(function* () {
            ref++
            const parts = partsOf(number, long, bits, ref)
            // Some at once, some of them twice, the last ones first.
            const turned = [...parts.slice(seed % parts.length), ...parts.slice(0, seed % parts.length)].reverse()
            const received = yield* Effect.forEach(
              [...turned, ...turned.slice(0, 1)],
              (part) => receive([part]),
              ATONCE
            )
            assert.deepStrictEqual(
              received.flat().map((message) => [message.body, message.segments, message.reason]),
              [[long, parts.length, null]]
            )
          })
        )
      })
    )

    it.effect("messages of one person under references of both sizes are kept apart", () =>
      Effect.gen(function* () {
        const { number } = yield* newcomer(PRICE)
        const [a1, a2] = partsOf(number, "a".repeat(200), 8, 7)
        const [b1, b2] = partsOf(number, "b".repeat(200), 16, 7)
        const [c1, c2] = partsOf(number, "c".repeat(200), 8, 8)
        const mixed = [b2, a1, c2, a2, c1, b1].flatMap((part) => part ?? [])
        const received = yield* receive(mixed)
        assert.deepStrictEqual(
          received.map((message) => message.body[0]),
          ["a", "c", "b"]
        )
      })
    )

    it.effect("what stays incomplete for half an hour is delivered as far as it came, and says so", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const { account, number } = yield* newcomer(PRICE)
        const parts = partsOf(number, "x".repeat(153) + "y".repeat(153) + "z", 8, 9)
        yield* receive([parts[2], parts[0]].flatMap((part) => part ?? []))
        yield* TestClock.adjust(WINDOW_MILLIS - 1)
        yield* sweep
        assert.deepStrictEqual((yield* sms.messages(account, { limit: 1 })).messages, [])
        yield* TestClock.adjust(1)
        yield* Effect.all([sweep, sweep, sweep], ATONCE)
        const { messages } = yield* sms.messages(account, { limit: 10 })
        assert.lengthOf(messages, 1)
        assert.deepInclude(messages[0], {
          body: `${"x".repeat(153)} [...] z`,
          segments: 2,
          reason: "parts_missing",
          status: "received"
        })
        yield* receive(parts)
        assert.lengthOf((yield* sms.messages(account, { limit: 10 })).messages, 1, "its events are known")
      })
    )

    it.effect("a sender who uses a reference again ends the message before", () =>
      Effect.gen(function* () {
        const { number } = yield* newcomer(PRICE)
        const [old] = partsOf(number, "old ".repeat(50), 8, 1)
        const fresh = partsOf(number, "new ".repeat(50), 8, 1)
        const received = yield* receive([old, ...fresh].flatMap((part) => part ?? []))
        assert.deepStrictEqual(
          received.map(({ body: text, reason }) => [text.slice(0, 3), reason]),
          [
            ["old", "parts_missing"],
            ["new", null]
          ]
        )
      })
    )

    it.effect("what is nobody's is kept with the reason, and holds up none of its neighbours", () =>
      Effect.gen(function* () {
        const { account, number } = yield* newcomer(PRICE)
        const off = yield* newcomer(PRICE, {}, { state: "off" })
        const pastDue = yield* newcomer(PRICE, {}, { state: "past_due" })
        const suspended = yield* newcomer(PRICE, {}, { status: "suspended" })
        const before = yield* dead
        const letters: ReadonlyArray<readonly [string, InboundPart]> = [
          ["unknown_number", { ...whole(number, "x"), to: "+999000000000000" }],
          ["unknown_number", { ...whole(number, "x"), to: "\u0000".repeat(5000) }],
          ["sms_off", whole(off.number, "x")],
          ["number_not_active", whole(suspended.number, "x")],
          ["invalid_sender", { ...whole(number, "x"), from: "ACME" }],
          ["invalid_sender", { ...whole(number, "x"), from: "4321" }]
        ]
        const good = [whole(number, "one"), whole(pastDue.number, "paid late")]
        const received = yield* receive([...letters.map(([, part]) => part), ...good])
        assert.deepStrictEqual(
          received.map(({ accountId, body: text }) => [accountId, text]),
          [
            [account, "one"],
            [pastDue.account, "paid late"]
          ]
        )
        // They are known by their events as well.
        assert.deepStrictEqual(yield* receive(letters.map(([, part]) => part)), [])
        const after = yield* dead
        for (const [reason, all] of Map.groupBy(letters, ([why]) => why)) {
          assert.strictEqual(after(reason) - before(reason), all.length, reason)
        }
      })
    )

    it.effect("any text is received, as far as it can be held", () =>
      Effect.gen(function* () {
        const { number } = yield* newcomer(PRICE)
        const impossible = { bits: 8, ref: 300, total: 2, index: 3 } as const
        const received = yield* receive([
          whole(number, ""),
          whole(number, "long ".repeat(1000)),
          whole(number, "nul \u0000, half \uD83D"),
          whole(number, "e", { eventId: "\u0000" + "e".repeat(5000) }),
          whole(number, "nowhere", { concat: impossible }),
          whole(number, "alone", { concat: { ...impossible, ref: 3, total: 1, index: 1 } })
        ])
        assert.deepStrictEqual(
          received.map((message) => message.body),
          ["", "long ".repeat(1000), "nul , half \uFFFD", "e", "nowhere", "alone"]
        )
      })
    )

    it.effect("STOP ends what that number writes to that person, at no charge, and START begins it again", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const { account, number } = yield* newcomer(10n * PRICE)
        const other = yield* newcomer(10n * PRICE)
        const send = sms.send(account, { fromNumberId: number.id, to: PERSON, body })
        yield* receive([whole(number, "please stop by"), whole(number, " s t o p. ")])
        assert.strictEqual((yield* Effect.flip(send))._tag, "OptedOut")
        assert.strictEqual((yield* sms.balance(account)).micros, 10n * PRICE)
        assert.deepStrictEqual(
          (yield* optOuts(account)).map(({ number: from, person }) => [from, person]),
          [[number.number, PERSON]]
        )
        yield* sms.send(other.account, { fromNumberId: other.number.id, to: PERSON, body })
        yield* sms.send(account, { fromNumberId: number.id, to: "+31612345679", body })
        yield* receive([whole(number, "start")])
        yield* send
        assert.deepStrictEqual(yield* optOuts(account), [])
        const stopped = yield* receive([whole(number, "ARRÊT", { from: "+33612345678" })])
        assert.lengthOf(stopped, 1)
        assert.lengthOf(yield* optOuts(account), 1)
      })
    )

    it.effect("a number whose SMS is off hears a STOP all the same", () =>
      Effect.gen(function* () {
        const { account, number } = yield* newcomer(PRICE, {}, { state: "off" })
        assert.deepStrictEqual(yield* receive([whole(number, "STOP")]), [])
        assert.lengthOf(yield* optOuts(account), 1)
      })
    )

    it.effect("an owner sees opt-outs page by page, and undoes their own alone", () =>
      Effect.gen(function* () {
        const list = yield* OptOutList
        const { account, number } = yield* newcomer(PRICE)
        const other = yield* newcomer(PRICE)
        const people = Array.from({ length: 5 }, (_, i) => `+3161234560${i}`)
        for (const from of people) {
          yield* TestClock.adjust(1)
          yield* receive([whole(number, "STOP", { from })])
        }
        const first = yield* list.page(account, { limit: 3 })
        const second = yield* list.page(account, { limit: 3, after: first.next ?? undefined })
        assert.deepStrictEqual(
          [...first.optOuts, ...second.optOuts].map(({ person }) => person as string),
          people.toReversed()
        )
        assert.isNull(second.next)
        const [one] = first.optOuts
        if (one === undefined) return assert.fail()
        const foreign = yield* Effect.flip(list.undo({ ...one, accountId: other.account }))
        assert.strictEqual(foreign._tag, "OptOutNotFound")
        yield* list.undo(one)
        assert.strictEqual((yield* Effect.flip(list.undo(one)))._tag, "OptOutNotFound")
        assert.lengthOf(yield* optOuts(account), 4)
      })
    )

    it.effect("HELP is answered once, with the number's own text, as a message like any other", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const { account, number } = yield* newcomer(10n * PRICE)
        yield* receive([whole(number, "help")])
        yield* sms.setHelpText(number, Body.make("Write to help@example.com"))
        const asked = whole(number, "Help!")
        yield* Effect.all([receive([asked]), receive([asked])], ATONCE)
        const answer = yield* outbound(account, 1)
        assert.deepInclude(answer[0], { body: "Write to help@example.com", to: PERSON, from: number.number })
        assert.strictEqual((yield* sms.balance(account)).micros, 9n * PRICE)
      })
    )

    it.effect("HELP of one of our own numbers, or that cannot be paid, is not answered", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const one = yield* newcomer(10n * PRICE)
        const poor = yield* newcomer(0n)
        for (const { number } of [one, poor]) yield* sms.setHelpText(number, Body.make("HELP"))
        yield* receive([whole(one.number, "HELP", { from: poor.number.number }), whole(poor.number, "HELP")])
        // Whatever was to be answered is answered before this one.
        yield* receive([whole(one.number, "HELP")])
        assert.lengthOf(yield* outbound(one.account, 1), 1)
        assert.lengthOf(yield* outbound(poor.account, 0), 0)
      })
    )

    it.effect("a unit of work that fails has received nothing", () =>
      Effect.gen(function* () {
        const sms = yield* Sms
        const unit = yield* UnitOfWork
        const { account, number } = yield* newcomer(PRICE)
        yield* sms.setHelpText(number, Body.make("None"))
        const parts = [whole(number, "HELP"), ...partsOf(number, "x".repeat(200), 8, 3), whole(number, "STOP")]
        yield* Effect.flip(unit.run(Effect.andThen(receive(parts), Effect.fail("undone"))))
        assert.deepStrictEqual((yield* sms.messages(account, { limit: 1 })).messages, [])
        assert.deepStrictEqual(yield* optOuts(account), [])
        assert.isNull((yield* sms.number(number)).lastInboundAt)
        assert.lengthOf(yield* receive(parts), 3)
      })
    )
  })

const receive = (parts: ReadonlyArray<InboundPart>) => ReceiveMessage.use((receiving) => receiving.receive(parts))

/** All that is overdue, also what other tests have left. */
const sweep = ReceiveMessage.use((receiving) => receiving.sweep).pipe(
  Effect.repeat({ while: (count) => count >= CLOSING_GROUP })
)

const dead = InboundStore.use(({ dead: counts }) =>
  Effect.map(counts, (all) => (reason: string) => new Map<string, number>(all).get(reason) ?? 0)
)

const optOuts = (account: Message["accountId"]) =>
  OptOutList.use((list) => Effect.map(list.page(account, { limit: 10 }), ({ optOuts: all }) => all))

/** A message of one part. */
const whole = ({ carrier, number }: OwnedNumber, text: string, given: Partial<InboundPart> = {}): InboundPart => ({
  carrier,
  eventId: freshName("event"),
  from: PERSON,
  to: number,
  body: text,
  encoding: "GSM-7",
  concat: null,
  ...given
})

/** A long text as a phone sends it. */
const partsOf = (number: OwnedNumber, text: string, bits: 8 | 16, ref: number): ReadonlyArray<InboundPart> =>
  Result.getOrThrow(encode(text, { reference: { bits, value: ref } })).map((part) =>
    whole(number, decode([part]), {
      encoding: part.encoding,
      concat: { bits, ref: ref % 2 ** bits, total: part.total, index: part.sequence }
    })
  )

/** What an account has sent, once there are so many. */
const outbound = Effect.fnUntraced(function* (account: Message["accountId"], count: number) {
  const sms = yield* Sms
  for (let tries = 0; ; tries++) {
    const { messages } = yield* sms.messages(account, { direction: "outbound", limit: 10 })
    if (messages.length >= count || tries === 1000) return messages
    yield* Effect.yieldNow
  }
})
