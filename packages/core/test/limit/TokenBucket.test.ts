import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { type Bucket, fullBucket, millisUntilFull, refill, remaining, take } from "../../src/limit/TokenBucket.ts"

/** Asks at each of these times, one after the other; gives the times at which a token was taken. */
const takenAt = (bucket: Bucket, times: ReadonlyArray<number>): ReadonlyArray<number> => {
  const taken: Array<number> = []
  for (const now of times) {
    const asked = take(bucket, now)
    bucket = asked.bucket
    if (asked.taken) taken.push(now)
  }
  return taken
}

const most = (times: ReadonlyArray<number>, millis: number): number =>
  times.reduce((max, start) => Math.max(max, times.filter((at) => at >= start && at < start + millis).length), 0)

const START = 1_790_000_000_000

/** Dense enough to empty it, with pauses in which it fills. */
const steps = fc.array(fc.oneof({ weight: 6, arbitrary: fc.nat(30) }, fc.nat(3000)), { maxLength: 300, size: "max" })

const timesOf = (waits: ReadonlyArray<number>): ReadonlyArray<number> => {
  let now = START
  return waits.map((wait) => (now += wait))
}

describe("a bucket of 10 a second", () => {
  it("accepts no more than 10 and a burst of 10 in any second", () => {
    fc.assert(
      fc.property(steps, (waits) => {
        assert.isAtMost(most(takenAt(fullBucket(10, START), timesOf(waits)), 1000), 20)
      })
    )
  })

  it("accepts 20 in a second at the very worst, and 10 a second for as long as it is asked", () => {
    const burst = Array.from({ length: 10 }, () => START + 5000)
    const everyMillisecond = Array.from({ length: 10_000 }, (_, i) => START + 5000 + i)
    const taken = takenAt(fullBucket(10, START), [...burst, ...everyMillisecond])
    assert.strictEqual(most(taken, 1000), 19)
    assert.lengthOf(taken, 10 + 99)
  })

  it("gives nothing away: in any time it accepts no more than its burst and what that time refills", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 250 }), (waits, perSecond) => {
        const times = timesOf(waits)
        const taken = takenAt(fullBucket(perSecond, START), times)
        for (const [i, at] of taken.entries()) assert.isAtMost(i + 1, perSecond + ((at - START) * perSecond) / 1000)
      })
    )
  })

  it("withholds nothing: an asker that is refused has had its burst and what the time refilled, but for one", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 300, size: "max" }), (waits) => {
        let bucket = fullBucket(10, START)
        let taken = 0
        for (const now of timesOf(waits)) {
          const before = refill(bucket, now)
          const asked = take(bucket, now)
          bucket = asked.bucket
          if (asked.taken) taken++
          else {
            assert.isBelow(before.level, 1000)
            // Levels are exact, so the tokens that were spent and what is left are all that there ever was.
            assert.isAtMost(taken * 1000 + before.level, 10_000 + (now - START) * 10)
          }
        }
      })
    )
  })
})

describe("a refused asker", () => {
  it("is accepted exactly when it was told to come again, and not a millisecond before", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 250 }), (waits, perSecond) => {
        let bucket = fullBucket(perSecond, START)
        for (const now of timesOf(waits)) {
          const asked = take(bucket, now)
          bucket = asked.bucket
          if (asked.taken) continue
          assert.isAbove(asked.retryAfterMillis, 0)
          assert.isTrue(take(bucket, now + asked.retryAfterMillis).taken)
          assert.isFalse(take(bucket, now + asked.retryAfterMillis - 1).taken)
        }
      })
    )
  })

  it("is told so too when its clock stands behind the last use", () => {
    const empty: Bucket = { perSecond: 10, level: 0, at: START }
    const asked = take(empty, START - 500)
    assert.deepStrictEqual(asked, { taken: false, bucket: empty, retryAfterMillis: 600 })
    assert.isTrue(take(empty, START + 100).taken)
  })
})

describe("a clock that runs backwards", () => {
  it("adds nothing and takes nothing back", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(60_000), (level, behind) => {
        const bucket: Bucket = { perSecond: 10, level, at: START }
        assert.deepStrictEqual(refill(bucket, START - behind), bucket)
      })
    )
  })

  it("of more than a minute was wrong before: what is left counts on from now", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 60_001, max: 1e12 }), (level, behind) => {
        const now = START - behind
        const bucket: Bucket = { perSecond: 10, level, at: START }
        assert.deepStrictEqual(refill(bucket, now), { ...bucket, at: now })
        assert.isTrue(take(take(bucket, now).bucket, now + 1000).taken)
      })
    )
  })

  it("never makes more tokens than one that only runs forward", () => {
    // By the latest time that anybody has seen: what it would be with the clocks set right.
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -400, max: 450 }), { maxLength: 300, size: "max" }), (moves) => {
        let now = START
        const times = moves.map((move) => (now += move))
        let bucket = fullBucket(10, START)
        let latest = START
        const taken: Array<number> = []
        for (const time of times) {
          latest = Math.max(latest, time)
          const asked = take(bucket, time)
          bucket = asked.bucket
          if (asked.taken) taken.push(latest)
        }
        assert.isAtMost(most(taken, 1000), 20)
      })
    )
  })
})

describe("a refill", () => {
  it("is exact: in pieces or at once it is the same", () => {
    const cuts = fc.array(fc.nat(200), { maxLength: 20 })
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 250 }), cuts, (level, perSecond, waits) => {
        const bucket: Bucket = { perSecond, level: Math.min(level, perSecond * 1000), at: START }
        const times = timesOf(waits)
        const inPieces = times.reduce(refill, bucket)
        assert.deepStrictEqual(inPieces, refill(bucket, times.at(-1) ?? START))
      })
    )
  })

  it("fills in a second and never over the brim", () => {
    const empty: Bucket = { perSecond: 10, level: 0, at: START }
    assert.strictEqual(remaining(refill(empty, START + 99)), 0)
    assert.strictEqual(remaining(refill(empty, START + 100)), 1)
    assert.strictEqual(remaining(refill(empty, START + 999)), 9)
    assert.deepStrictEqual(refill(empty, START + 1000), fullBucket(10, START + 1000))
    assert.deepStrictEqual(refill(empty, START + 99_999), fullBucket(10, START + 99_999))
  })

  it("takes as long as is said", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), fc.nat(249_999), (perSecond, level) => {
        const bucket: Bucket = { perSecond, level: level % (perSecond * 1000), at: START }
        const millis = millisUntilFull(bucket)
        assert.deepStrictEqual(refill(bucket, START + millis), fullBucket(perSecond, START + millis))
        assert.isBelow(refill(bucket, START + millis - 1).level, perSecond * 1000)
        assert.strictEqual(millisUntilFull(fullBucket(perSecond, START)), 0)
      })
    )
  })
})
