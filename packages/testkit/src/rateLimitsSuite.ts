/** What every `RateLimits` must do. */
import { AccountId, type Bucket, Micros, RateLimits, remaining, take, UnitOfWork } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Clock, Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, LAYER_OPTIONS } from "./suite.ts"

export const rateLimitsSuite = <E>(name: string, ports: Layer.Layer<RateLimits | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`RateLimits (${name})`, (it) => {
    it.effect("begins with a full bucket of the account's own rate", () =>
      Effect.gen(function* () {
        const limits = yield* RateLimits
        const [slow, fast] = [yield* open(1), yield* open(250)]
        const nobody = AccountId.make(Number.MAX_SAFE_INTEGER)
        const buckets = yield* limits.lock([fast, nobody, slow])
        assert.sameMembers([...buckets.keys()], [slow, fast])
        const now = yield* Clock.currentTimeMillis
        for (const [account, perSecond] of [
          [slow, 1],
          [fast, 250]
        ] as const) {
          const bucket = buckets.get(account) as Bucket
          assert.strictEqual(bucket.perSecond, perSecond)
          assert.strictEqual(remaining(bucket), perSecond)
          assert.isAtMost(bucket.at, now)
        }
      })
    )

    it.effect("keeps what was saved, to the last thousandth and millisecond", () =>
      Effect.gen(function* () {
        const limits = yield* RateLimits
        const [one, two, other] = [yield* open(10), yield* open(10), yield* open(10)]
        const left = new Map<AccountId, Bucket>([
          [one, { perSecond: 10, level: 1, at: 1_790_000_000_001 }],
          // Another rate is kept too.
          [two, { perSecond: 70, level: 9_999, at: 1_790_000_000_999 }]
        ])
        yield* within(limits.lock([one, two]), () => limits.save(left))
        assert.deepStrictEqual(new Map(yield* limits.lock([one, two])), left)
        assert.strictEqual(remaining((yield* limits.lock([other])).get(other) as Bucket), 10)
      })
    )

    it.effect("forgets what a unit of work that fails has saved", () =>
      Effect.gen(function* () {
        const limits = yield* RateLimits
        const unit = yield* UnitOfWork
        const account = yield* open(10)
        const empty = new Map([[account, { perSecond: 10, level: 0, at: 1_790_000_000_000 }]])
        yield* unit
          .run(limits.lock([account]).pipe(Effect.andThen(limits.save(empty)), Effect.andThen(Effect.fail("no"))))
          .pipe(Effect.flip)
        assert.strictEqual(remaining((yield* limits.lock([account])).get(account) as Bucket), 10)
      })
    )

    it.effect("gives away no token twice, however many ask at once", () =>
      Effect.gen(function* () {
        const limits = yield* RateLimits
        const account = yield* open(7)
        const now = yield* Clock.currentTimeMillis
        const takeOne = within(limits.lock([account]), (buckets) => {
          const taken = take(buckets.get(account) as Bucket, now)
          return Effect.yieldNow.pipe(
            Effect.andThen(limits.save(new Map([[account, taken.bucket]]))),
            Effect.as(taken.taken)
          )
        })
        const taken = yield* Effect.all(
          Array.from({ length: 30 }, () => takeOne),
          ATONCE
        )
        assert.lengthOf(taken.filter(Boolean), 7)
      })
    )
  })

const open = (perSecond: number) => Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n), perSecond }))

const within = <A, B>(lock: Effect.Effect<A>, then: (held: A) => Effect.Effect<B>) =>
  UnitOfWork.use((unit) => unit.run(Effect.flatMap(lock, then)))
