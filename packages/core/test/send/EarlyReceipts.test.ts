/** Receipts that come before the carrier's answer is written back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { AccountId, MessageId } from "../../src/Account.ts"
import { gsm7 } from "../../src/segment/Alphabet.ts"
import type { CarrierProfile, Receipt, SubmitOutcome } from "../../src/send/Carrier.ts"
import { makeEarlyReceipts } from "../../src/send/EarlyReceipts.ts"

const profile: CarrierProfile = {
  alphabet: gsm7,
  maxParts: 10,
  idempotentSubmits: false,
  receiptIds: "as_answered",
  simulated: true,
  window: 10
}

const answerOf = (token: string, outcome: SubmitOutcome) => ({
  lease: { accountId: AccountId.make(1), messageId: MessageId.make(1), carrier: "fake", token, attempt: 1 },
  outcome
})

const accepted = (token: string, ...refs: ReadonlyArray<string>) => answerOf(token, { _tag: "Accepted", refs })

const receipt = (eventId: string, ref: Receipt["ref"]): Receipt => ({
  carrier: "fake",
  eventId,
  ref,
  status: "delivered",
  reason: null,
  detail: null
})

const about = (id: string) => receipt(`event of ${id}`, { _tag: "Carrier", id })

const make = (of: CarrierProfile = profile) => {
  const early = makeEarlyReceipts(of)
  const stored: Array<string> = []
  const store = (...receipts: ReadonlyArray<Receipt>) =>
    Effect.forkChild(
      early.store(receipts, (ones) =>
        Effect.sync(() => void stored.push(...ones.map(({ eventId }) => eventId.replace("event of ", ""))))
      ),
      { startImmediately: true }
    )
  return { early, store, stored }
}

describe("a receipt", () => {
  it.effect("is stored at once, unless it is about an answer that is not written back", () =>
    Effect.gen(function* () {
      const { early, store, stored } = make()
      early.answered(accepted("1", "a", "b"))
      early.answered(answerOf("2", { _tag: "Rejected", reason: "invalid_destination" }))
      yield* store(about("c"), receipt("ours", { _tag: "Client", ref: "a" }))
      assert.deepStrictEqual(stored, ["c", "ours"])
      const waiting = yield* store(about("b"))
      yield* TestClock.adjust(999)
      assert.deepStrictEqual(stored, ["c", "ours"])
      early.settled([accepted("1", "a", "b")])
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(stored, ["c", "ours", "b"])
    })
  )

  it.effect("keeps its place behind one that waits", () =>
    Effect.gen(function* () {
      const { early, store, stored } = make()
      early.answered(accepted("1", "b"))
      const waiting = yield* store(about("a"), about("b"), about("c"))
      assert.deepStrictEqual(stored, ["a"])
      early.settled([accepted("1", "b")])
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(stored, ["a", "b", "c"])
    })
  )

  it.effect("waits for all that it came with, and for each answer that bears its id", () =>
    Effect.gen(function* () {
      const { early, store, stored } = make()
      const [one, two, three] = [accepted("1", "a"), accepted("2", "a"), accepted("3", "b")]
      for (const answer of [one, two, three]) early.answered(answer)
      const waiting = yield* store(about("a"), about("b"))
      early.settled([one, three])
      early.settled([one, three])
      yield* TestClock.adjust(10)
      assert.deepStrictEqual(stored, [])
      early.settled([two])
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(stored, ["a", "b"])
    })
  )

  it.effect("is stored after a second though the answer is not, for the store may take it", () =>
    Effect.gen(function* () {
      const { early, store, stored } = make()
      early.answered(accepted("1", "a"))
      const waiting = yield* store(about("a"))
      yield* TestClock.adjust(999)
      assert.deepStrictEqual(stored, [])
      yield* TestClock.adjust(1)
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(stored, ["a"])
    })
  )

  it.effect("is known however its carrier spells the id", () =>
    Effect.gen(function* () {
      const { early, store, stored } = make({ ...profile, receiptIds: "decimal_of_hex" })
      early.answered(accepted("1", "00FF"))
      const waiting = yield* store(about("255"))
      assert.deepStrictEqual(stored, [])
      early.settled([accepted("1", "00FF")])
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(stored, ["255"])
    })
  )

  it.effect("that cannot be read is left to whoever stores it", () =>
    Effect.gen(function* () {
      const { early, store, stored } = make()
      early.answered(accepted("1", "a"))
      // What a careless adapter may bring.
      yield* store(receipt("odd", { _tag: "Carrier", id: 7 as unknown as string }), about("b"))
      assert.deepStrictEqual(stored, ["odd", "b"])
    })
  )

  it.effect("lets several batches wait, each for its own answer", () =>
    Effect.gen(function* () {
      const { early, store, stored } = make()
      const [one, two] = [accepted("1", "a"), accepted("2", "b")]
      for (const answer of [one, two]) early.answered(answer)
      const [first, second] = [yield* store(about("a")), yield* store(about("b"))]
      early.settled([two])
      yield* Fiber.join(second)
      assert.deepStrictEqual(stored, ["b"])
      early.settled([one])
      yield* Fiber.join(first)
      assert.deepStrictEqual(stored, ["b", "a"])
    })
  )
})
