/** What every `Idempotency` must do. */
import {
  type AccountId,
  type Claim,
  type Claimed,
  Idempotency,
  type IdempotencyKey,
  KEPT_MILLIS,
  Micros,
  UnitOfWork
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, LAYER_OPTIONS } from "./suite.ts"

const NOW = 1_790_000_000_000
const FRESH: Claimed = { _tag: "Fresh" }
const MISMATCH: Claimed = { _tag: "Mismatch" }
const replay = (answer: string): Claimed => ({ _tag: "Replay", answer })

export const idempotencySuite = <E>(name: string, ports: Layer.Layer<Idempotency | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`Idempotency (${name})`, (it) => {
    it.effect("replays the first answer to the same request, and tells another one", () =>
      Effect.gen(function* () {
        const account = yield* open
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "f" }, "first"), FRESH)
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "f" }, "second"), replay("first"))
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "g" }, "third"), MISMATCH)
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "f" }, "fourth"), replay("first"))
      })
    )

    it.effect("keeps keys of different accounts and spellings apart", () =>
      Effect.gen(function* () {
        const account = yield* open
        yield* request(account, { key: "k", fingerprint: "f" }, "first")
        assert.deepStrictEqual(yield* request(yield* open, { key: "k", fingerprint: "f" }, "other"), FRESH)
        assert.deepStrictEqual(yield* request(account, { key: "K", fingerprint: "f" }, "other"), FRESH)
        assert.deepStrictEqual(yield* request(account, { key: "k ", fingerprint: "f" }, "other"), FRESH)
      })
    )

    it.effect("frees a key after 24 hours", () =>
      Effect.gen(function* () {
        const account = yield* open
        const key = { key: "k", fingerprint: "f" }
        yield* request(account, key, "first", NOW)
        assert.deepStrictEqual(yield* request(account, key, "second", NOW + KEPT_MILLIS - 1), replay("first"))
        const other = { key: "k", fingerprint: "g" }
        assert.deepStrictEqual(yield* request(account, other, "third", NOW + KEPT_MILLIS + 1), FRESH)
        assert.deepStrictEqual(yield* request(account, other, "fourth", NOW + 2 * KEPT_MILLIS), replay("third"))
      })
    )

    it.effect("frees a key whose request created nothing", () =>
      Effect.gen(function* () {
        const account = yield* open
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "f" }, null), FRESH)
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "g" }, "created"), FRESH)
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "g" }, null), replay("created"))
      })
    )

    it.effect("frees a key whose unit of work failed", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const account = yield* open
        const key = { key: "k", fingerprint: "f" }
        yield* unit.run(Effect.andThen(request(account, key, "never"), Effect.fail("no"))).pipe(Effect.flip)
        assert.deepStrictEqual(yield* request(account, { key: "k", fingerprint: "g" }, "first"), FRESH)
      })
    )

    it.effect("answers each claim of a call, in order", () =>
      Effect.gen(function* () {
        const idempotency = yield* Idempotency
        const unit = yield* UnitOfWork
        const [account, other] = [yield* open, yield* open]
        yield* request(account, { key: "b", fingerprint: "f" }, "kept")
        const claims = (
          [
            [account, "c", "f"],
            [account, "b", "f"],
            [other, "b", "f"],
            [account, "a", "f"]
          ] as const
        ).map(([accountId, key, fingerprint]): Claim => ({ accountId, key, fingerprint, at: NOW }))
        const claimed = yield* unit.run(
          Effect.tap(idempotency.claim(claims), () =>
            idempotency.settle([
              { accountId: account, key: "a", answer: "of a" },
              { accountId: other, key: "b", answer: "of other" },
              { accountId: account, key: "c", answer: null }
            ])
          )
        )
        assert.deepStrictEqual(claimed, [FRESH, replay("kept"), FRESH, FRESH])

        const again = yield* unit.run(
          Effect.tap(idempotency.claim(claims), () =>
            idempotency.settle([{ accountId: account, key: "c", answer: "of c" }])
          )
        )
        assert.deepStrictEqual(again, [FRESH, replay("kept"), replay("of other"), replay("of a")])
      })
    )

    it.effect("is fresh for one of those who come at once; the others wait and have its answer", () =>
      Effect.gen(function* () {
        const account = yield* open
        const key = { key: "k", fingerprint: "f" }
        const claimed = yield* Effect.all(
          Array.from({ length: 12 }, (_, i) => Effect.map(request(account, key, `by ${i}`), (one) => ({ one, i }))),
          ATONCE
        )
        const fresh = claimed.filter(({ one }) => one._tag === "Fresh")
        assert.lengthOf(fresh, 1)
        for (const { i, one } of claimed) {
          if (i !== fresh[0]?.i) assert.deepStrictEqual(one, replay(`by ${fresh[0]?.i}`))
        }
      })
    )

    it.effect("is fresh for the next one when the one that came first fails", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const account = yield* open
        const key = { key: "k", fingerprint: "f" }
        const fails = unit.run(Effect.andThen(request(account, key, "never"), Effect.fail("no"))).pipe(Effect.flip)
        const claimed = yield* Effect.all([fails, fails, request(account, key, "kept"), fails], ATONCE)
        assert.deepStrictEqual(claimed[2], FRESH)
        assert.deepStrictEqual(yield* request(account, key, "later"), replay("kept"))
      })
    )

    it.effect("takes keys in one order, whatever order they are claimed in", () =>
      Effect.gen(function* () {
        const idempotency = yield* Idempotency
        const unit = yield* UnitOfWork
        const accountId = yield* open
        const both = (keys: ReadonlyArray<string>) =>
          unit.run(
            Effect.gen(function* () {
              const claimed = yield* idempotency.claim(
                keys.map((key) => ({ accountId, key, fingerprint: "f", at: NOW }))
              )
              yield* Effect.yieldNow
              yield* idempotency.settle(
                keys.filter((_, i) => claimed[i]?._tag === "Fresh").map((key) => ({ accountId, key, answer: "kept" }))
              )
              return claimed
            })
          )
        const claimed = yield* Effect.all(
          Array.from({ length: 12 }, (_, i) => both(i % 2 === 0 ? ["a", "b"] : ["b", "a"])),
          ATONCE
        )
        assert.deepStrictEqual(
          claimed.filter((one) => one.some(({ _tag }) => _tag === "Fresh")),
          [[FRESH, FRESH]]
        )
      })
    )
  })

const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))

/** One unit of work that claims a key and, if it is fresh, answers. */
const request = Effect.fnUntraced(function* (
  accountId: AccountId,
  key: IdempotencyKey,
  answer: string | null,
  at = NOW
) {
  const idempotency = yield* Idempotency
  const unit = yield* UnitOfWork
  return yield* unit.run(
    Effect.gen(function* () {
      const [claimed = MISMATCH] = yield* idempotency.claim([{ ...key, accountId, at }])
      yield* Effect.yieldNow
      if (claimed._tag === "Fresh") yield* idempotency.settle([{ accountId, key: key.key, answer }])
      return claimed
    })
  )
})
