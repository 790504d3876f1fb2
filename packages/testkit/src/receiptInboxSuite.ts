/**
 * What every `ReceiptInbox` must do. A claim sees the receipts of all carriers, so each test looks for those of its own
 * and finishes them before it ends.
 */
import { type Receipt, ReceiptInbox, type StoredReceipt, UnitOfWork } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { ATONCE, freshName, LAYER_OPTIONS } from "./suite.ts"

const NOW = 1_790_000_000_000
const ALL = 10_000

const receipt = (carrier: string, id: string, given: Partial<Receipt> = {}): Receipt => ({
  carrier,
  eventId: `event of ${id}`,
  ref: { _tag: "Carrier", id },
  status: "delivered",
  reason: null,
  detail: null,
  ...given
})

export const receiptInboxSuite = <E>(name: string, ports: Layer.Layer<ReceiptInbox | UnitOfWork, E>) =>
  layer(ports, LAYER_OPTIONS)(`ReceiptInbox (${name})`, (it) => {
    it.effect("gives receipts back as they came, in the order of arrival", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const carrier = freshName("carrier")
        const first = [
          receipt(carrier, "b", { status: "sent" }),
          receipt(carrier, "a", { status: "failed", reason: "undeliverable", detail: "Über 🚀" }),
          receipt(carrier, "1.2", { ref: { _tag: "Client", ref: "1.2" } })
        ]
        const second = [receipt(carrier, "0")]
        yield* inbox.put(first, NOW)
        yield* inbox.put(second, NOW - 5)
        const stored = yield* due(carrier, NOW)
        assert.deepStrictEqual(
          stored.map((one) => one.receipt),
          [...first, ...second]
        )
        assert.deepStrictEqual(
          stored.map(({ receivedAt }) => receivedAt),
          [NOW, NOW, NOW, NOW - 5]
        )
        yield* finish(stored)
      })
    )

    it.effect("stores an event of a carrier once, also after it was applied", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const [carrier, other] = [freshName("carrier"), freshName("carrier")]
        const event = receipt(carrier, "a")
        yield* inbox.put([event, event], NOW)
        yield* Effect.all(
          Array.from({ length: 10 }, () => inbox.put([event, receipt(carrier, "b")], NOW)),
          ATONCE
        )
        yield* inbox.put(
          [
            { ...event, status: "failed" },
            { ...event, carrier: other }
          ],
          NOW
        )

        const stored = yield* due(carrier, NOW)
        assert.sameDeepMembers(
          stored.map((one) => one.receipt),
          [event, receipt(carrier, "b")]
        )
        yield* finish(stored)
        yield* inbox.put([event], NOW + 1)
        assert.deepStrictEqual(yield* due(carrier, NOW + 2), [])

        const others = yield* due(other, NOW)
        assert.lengthOf(others, 1, "another carrier's event is another one")
        yield* finish(others)
      })
    )

    it.effect("gives what is not finished again, and never more than was asked for", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const unit = yield* UnitOfWork
        const carrier = freshName("carrier")
        yield* inbox.put(
          ["a", "b", "c"].map((id) => receipt(carrier, id)),
          NOW
        )
        assert.isAtMost((yield* unit.run(inbox.claim(NOW, 2))).length, 2)
        assert.deepStrictEqual(yield* due(carrier, NOW - 1), [], "not due yet")

        const [first, ...rest] = yield* due(carrier, NOW)
        yield* finish([first as StoredReceipt])
        assert.deepStrictEqual(yield* due(carrier, NOW), rest)
        yield* finish(rest)
        assert.deepStrictEqual(yield* due(carrier, NOW), [])
      })
    )

    it.effect("gives each receipt to one of those who ask at once", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const carrier = freshName("carrier")
        yield* inbox.put(
          Array.from({ length: 60 }, (_, i) => receipt(carrier, `r${i}`)),
          NOW
        )
        const applied = yield* Effect.all(
          Array.from({ length: 8 }, () => applyAll(carrier)),
          ATONCE
        )
        assert.lengthOf(applied.flat(), 60)
        assert.strictEqual(new Set(applied.flat()).size, 60)
      })
    )

    it.effect("postpones what matches nothing yet", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const carrier = freshName("carrier")
        yield* inbox.put([receipt(carrier, "a"), receipt(carrier, "b")], NOW)
        const [a, b] = yield* due(carrier, NOW)
        yield* inbox.postpone([(a as StoredReceipt).id], NOW + 1000)
        assert.deepStrictEqual(yield* due(carrier, NOW + 999), [b as StoredReceipt])
        const both = yield* due(carrier, NOW + 1000)
        assert.deepStrictEqual(both, [a as StoredReceipt, b as StoredReceipt], "still received when it was")
        yield* finish(both)
      })
    )

    it.effect("hastens what waits for an id of its carrier, however that spells it", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const [carrier, other] = [freshName("carrier"), freshName("carrier")]
        const own = ["a1", "b2", "c3"].map((id) => receipt(carrier, id))
        yield* inbox.put([...own, receipt(other, "a1")], NOW)
        const stored = [...(yield* due(carrier, NOW)), ...(yield* due(other, NOW))]
        yield* inbox.postpone(
          stored.map(({ id }) => id),
          NOW + 60_000
        )
        const [, , c] = stored
        yield* finish([c as StoredReceipt])

        assert.strictEqual(yield* inbox.hasten(carrier, ["d4"], NOW + 10), 0)
        assert.strictEqual(yield* inbox.hasten(carrier, ["00A1", "c3"], NOW + 10), 1)
        assert.deepStrictEqual(yield* due(carrier, NOW + 9), [])
        assert.deepStrictEqual(yield* due(carrier, NOW + 10), stored.slice(0, 1))
        assert.deepStrictEqual(yield* due(other, NOW + 10), [])
        yield* finish(stored)
      })
    )

    it.effect("leaves what is due already due when it is hastened", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const carrier = freshName("carrier")
        yield* inbox.put([receipt(carrier, "a")], NOW)
        assert.strictEqual(yield* inbox.hasten(carrier, ["a"], NOW), 1)
        const stored = yield* due(carrier, NOW)
        assert.lengthOf(stored, 1)
        yield* finish(stored)
      })
    )

    it.effect("forgets what a unit of work that fails has done", () =>
      Effect.gen(function* () {
        const inbox = yield* ReceiptInbox
        const unit = yield* UnitOfWork
        const carrier = freshName("carrier")
        yield* inbox.put([receipt(carrier, "a")], NOW)
        const stored = yield* due(carrier, NOW)
        yield* unit
          .run(
            finish(stored).pipe(
              Effect.andThen(inbox.put([receipt(carrier, "b")], NOW)),
              Effect.andThen(Effect.fail("no"))
            )
          )
          .pipe(Effect.flip)
        assert.deepStrictEqual(yield* due(carrier, NOW), stored)
        yield* inbox.put([receipt(carrier, "b")], NOW)
        assert.lengthOf(yield* due(carrier, NOW), 2, "an event that was not stored is not known")
        yield* finish(yield* due(carrier, NOW))
      })
    )
  })

const due = Effect.fnUntraced(function* (carrier: string, now: number) {
  const inbox = yield* ReceiptInbox
  const unit = yield* UnitOfWork
  const all = yield* unit.run(inbox.claim(now, ALL))
  return all.filter(({ receipt: { carrier: of } }) => of === carrier)
})

const finish = (stored: ReadonlyArray<StoredReceipt>) =>
  ReceiptInbox.use((inbox) => inbox.finish(stored.map(({ id }) => id)))

/** As the receipts' loop does, in small groups until nothing of the carrier is left. */
const applyAll = Effect.fnUntraced(function* (carrier: string) {
  const inbox = yield* ReceiptInbox
  const unit = yield* UnitOfWork
  const applied: Array<string> = []
  for (let idle = 0; idle < 3;) {
    const group = yield* unit.run(
      Effect.gen(function* () {
        const claimed = (yield* inbox.claim(NOW, 7)).filter((one) => one.receipt.carrier === carrier)
        yield* Effect.yieldNow
        yield* finish(claimed)
        return claimed.map((one) => one.receipt.eventId)
      })
    )
    applied.push(...group)
    idle = group.length === 0 ? idle + 1 : 0
  }
  return applied
})
