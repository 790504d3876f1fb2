/**
 * Groups that begin at most so often. Each costs the same round trips whatever it holds, so under load it pays to let
 * them grow; the more so where groups take long, since then the system has more to do than it can. The first one after a
 * quiet moment goes at once, and so does the one after a large or an empty one; but not after many empty ones without a pause:
 * what rings the bell then is nothing that may be taken, as for a carrier that is paused.
 */
import { Clock, Effect } from "effect"

export interface Pacing {
  /** A group begins this long after the one before it; three times as long as that one took, if that is longer. */
  readonly millis: number
  /** But never later than this. */
  readonly longestMillis: number
  /** A group of so many is large. */
  readonly large: number
}

/** A few come after whatever was taken. */
const MANY_EMPTY = 4

/** Makes of a task, which gives the size of its group, one that keeps to this pace. */
export const makePace = ({ large, longestMillis, millis }: Pacing) => {
  let next = Number.NEGATIVE_INFINITY
  let empty = 0
  const turn = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (now - next > millis) empty = 0
    const wait = Math.min(next - now, longestMillis)
    return wait > 0 ? Effect.as(Effect.sleep(wait), now + wait) : Effect.succeed(now)
  })
  return <E, R>(task: Effect.Effect<number, E, R>): Effect.Effect<number, E, R> =>
    Effect.flatMap(turn, (begun) =>
      Effect.tap(task, (size) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          empty = size === 0 ? empty + 1 : 0
          const isSmall = size === 0 ? empty >= MANY_EMPTY : size < large
          next = isSmall ? begun + Math.min(longestMillis, Math.max(millis, 3 * (now - begun))) : now
        })
      )
    )
}
