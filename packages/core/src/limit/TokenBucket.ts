/**
 * A token bucket: `perSecond` messages a second, bursts of `perSecond`. The level is kept in thousandths of a token, so
 * that one millisecond refills exactly `perSecond` of them and no rounding gives anything away.
 */
import type { Instant } from "../Message.ts"

export interface Bucket {
  readonly perSecond: number
  /** Thousandths of a token at `at`. */
  readonly level: number
  readonly at: Instant
}

const TOKEN = 1000

/** A full bucket. */
export const fullBucket = (perSecond: number, at: Instant): Bucket => ({ perSecond, level: perSecond * TOKEN, at })

/** No two hosts' clocks are further apart; a bucket from later than that comes from a clock that was set back since. */
const CLOCK_MILLIS = 60_000

/** Refilled up to `now`; a clock that stands behind the last use adds nothing and takes nothing back. */
export const refill = (bucket: Bucket, now: Instant): Bucket => {
  if (now < bucket.at - CLOCK_MILLIS) return { ...bucket, at: now }
  return now <= bucket.at
    ? bucket
    : {
        perSecond: bucket.perSecond,
        level: Math.min(bucket.perSecond * TOKEN, bucket.level + (now - bucket.at) * bucket.perSecond),
        at: now
      }
}

export type Taken =
  | { readonly taken: true; readonly bucket: Bucket }
  | { readonly taken: false; readonly bucket: Bucket; readonly retryAfterMillis: number }

/** One token, or how long until there is one. */
export const take = (bucket: Bucket, now: Instant): Taken => {
  const filled = refill(bucket, now)
  if (filled.level >= TOKEN) return { taken: true, bucket: { ...filled, level: filled.level - TOKEN } }
  const behind = Math.max(0, filled.at - now)
  return {
    taken: false,
    bucket: filled,
    retryAfterMillis: behind + Math.ceil((TOKEN - filled.level) / filled.perSecond)
  }
}

/** The same bucket at another rate from `now` on: what it holds stays, up to what it can hold now. */
export const withRate = (bucket: Bucket, perSecond: number, now: Instant): Bucket => {
  const { at, level } = refill(bucket, now)
  return { perSecond, level: Math.min(level, perSecond * TOKEN), at }
}

/** Whole tokens left. */
export const remaining = (bucket: Bucket): number => Math.floor(bucket.level / TOKEN)

/** Milliseconds until the bucket is full again. */
export const millisUntilFull = (bucket: Bucket): number =>
  Math.ceil((bucket.perSecond * TOKEN - bucket.level) / bucket.perSecond)
