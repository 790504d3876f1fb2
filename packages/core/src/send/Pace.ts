/**
 * Groups that begin at most so often. Each costs the same round trips whatever it holds, so under load it pays to let
 * them grow; the more so where groups take long, since then the system has more to do than it can. The first one after a
 * quiet moment goes at once, and so does the one after a large or an empty one.
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

/** Makes of a task, which gives the size of its group, one that keeps to this pace. */
export const makePace = ({ large, longestMillis, millis }: Pacing) => {
  let next = Number.NEGATIVE_INFINITY
  const turn = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const wait = Math.min(next - now, longestMillis)
    return wait > 0 ? Effect.as(Effect.sleep(wait), now + wait) : Effect.succeed(now)
  })
  return <E, R>(task: Effect.Effect<number, E, R>): Effect.Effect<number, E, R> =>
    Effect.flatMap(turn, (begun) =>
      Effect.tap(task, (size) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const isSmall = size > 0 && size < large
          next = isSmall ? begun + Math.min(longestMillis, Math.max(millis, 3 * (now - begun))) : now
        })
      )
    )
}
