/** What every `InboundStore` must do. What is overdue is seen by all, so each test looks for its own. */
import {
  E164,
  type GroupKey,
  type HeldGroup,
  type InboundPart,
  InboundStore,
  Micros,
  type Piece,
  UnitOfWork
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, freshName, LAYER_OPTIONS } from "./suite.ts"

const NOW = 1_790_000_000_000
const ALL = 10_000

const part = (carrier: string, eventId: string, given: Partial<InboundPart> = {}): InboundPart => ({
  carrier,
  eventId,
  from: "+31612345678",
  to: "+31201234567",
  body: "Hello",
  encoding: "GSM-7",
  concat: null,
  ...given
})

const idsOf = (parts: ReadonlyArray<InboundPart>) => parts.map(({ eventId }) => eventId)

export const inboundStoreSuite = <E>(name: string, ports: Layer.Layer<InboundStore | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`InboundStore (${name})`, (it) => {
    it.effect("gives an event of a carrier once, in order, however often and wherever it is noted", () =>
      Effect.gen(function* () {
        const store = yield* InboundStore
        const [carrier, other] = [freshName("carrier"), freshName("carrier")]
        const [a, b, c] = [part(carrier, "a"), part(carrier, "b"), part(carrier, "c")]
        assert.deepStrictEqual(idsOf(yield* store.note([b, a, b], NOW)), ["b", "a"])
        const noted = yield* Effect.all(
          Array.from({ length: 10 }, () => store.note([c, a], NOW)),
          ATONCE
        )
        assert.deepStrictEqual(idsOf(noted.flat()), ["c"])
        assert.deepStrictEqual(idsOf(yield* store.note([part(other, "a")], NOW)), ["a"])
      })
    )

    it.effect("knows nothing of what a unit of work that fails has noted", () =>
      Effect.gen(function* () {
        const store = yield* InboundStore
        const unit = yield* UnitOfWork
        const one = part(freshName("carrier"), "a")
        yield* Effect.flip(unit.run(Effect.andThen(store.note([one], NOW), Effect.fail("undone"))))
        assert.deepStrictEqual(yield* store.note([one], NOW), [one])
      })
    )

    it.effect("holds groups as they were held last, each under its own key", () =>
      Effect.gen(function* () {
        const store = yield* InboundStore
        const key = yield* someKey
        const others = [
          { ...key, person: E164.make("+31612345679") },
          { ...key, bits: 16 as const },
          { ...key, ref: 8 },
          { ...key, total: 4 },
          yield* someKey
        ]
        const pieces: ReadonlyArray<Piece> = [
          { index: 1, body: 'half \uD83D "\u0000"', encoding: "UCS-2" },
          { index: 3, body: "", encoding: "GSM-7" }
        ]
        const group: HeldGroup = { ...key, carrier: "acme", since: NOW, pieces, before: [] }
        yield* store.hold([group, ...others.map((other) => ({ ...group, ...other, since: NOW + 1 }))])
        assert.deepStrictEqual(yield* store.groups([key]), [group])
        const later: HeldGroup = { ...group, carrier: "other", since: NOW + 2, pieces: [], before: pieces }
        yield* store.hold([later])
        assert.deepStrictEqual(yield* store.groups([key]), [later])
        assert.lengthOf(yield* store.groups([key, ...others]), 6)
        yield* store.release([key])
        assert.lengthOf(yield* store.groups([key, ...others]), 5)
        yield* store.release(others)
        assert.deepStrictEqual(yield* store.groups([key, ...others]), [])
      })
    )

    it.effect("gives what is overdue, the oldest first", () =>
      Effect.gen(function* () {
        const store = yield* InboundStore
        const key = yield* someKey
        const keys = [3, 1, 2].map((ref) => ({ ...key, ref }))
        yield* store.hold(
          keys.map((one) => ({ ...one, carrier: "acme", since: 1000 + one.ref, pieces: [], before: [] }))
        )
        const overdue = Effect.fnUntraced(function* (before: number) {
          const found = yield* store.overdue(before, ALL)
          return found.filter(({ numberId }) => numberId === key.numberId).map(({ ref }) => ref)
        })
        assert.deepStrictEqual(yield* overdue(1000), [])
        assert.deepStrictEqual(yield* overdue(1002), [1, 2])
        assert.deepStrictEqual(yield* overdue(NOW), [1, 2, 3])
        assert.lengthOf(yield* store.overdue(NOW, 2), 2)
        yield* store.release(keys)
        assert.deepStrictEqual(yield* overdue(NOW), [])
      })
    )

    it.effect("counts dead letters by their reason", () =>
      Effect.gen(function* () {
        const store = yield* InboundStore
        const before = yield* store.dead
        const one = part(freshName("carrier"), "a", {
          body: "half \uD83D\u0000",
          concat: { bits: 8, ref: 1, total: 2, index: 1 }
        })
        yield* store.bury(
          [
            { part: one, reason: "unknown_number" },
            { part: one, reason: "sms_off" },
            { part: one, reason: "unknown_number" }
          ],
          NOW
        )
        const after = yield* store.dead
        const grown = (["unknown_number", "sms_off", "refused"] as const).map(
          (reason) => (after.get(reason) ?? 0) - (before.get(reason) ?? 0)
        )
        assert.deepStrictEqual(grown, [2, 1, 0])
      })
    )
  })

const someKey = Effect.gen(function* () {
  const fixture = yield* Fixture
  const accountId = yield* fixture.account({ balance: Micros.make(0n) })
  const { id: numberId } = yield* fixture.number(accountId)
  const key: GroupKey = { accountId, numberId, person: E164.make("+31612345678"), bits: 8, ref: 7, total: 3 }
  return key
})
