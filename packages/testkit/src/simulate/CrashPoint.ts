/**
 * Where a host can die or stall: before or after each call of a port, just before a commit, and between a commit and what
 * follows it. A dead host does nothing any more: what it calls inside a unit of work fails, so that the unit is undone, and
 * everything else that it calls never comes back. A stalled one stands still, its timers too, and goes on later as if
 * nothing had been.
 */
import { type UnitOfWork } from "@cliqtel/sms-core"
import { type Clock, Duration, Effect, Latch } from "effect"
import { count } from "./tally.ts"

export type Plan =
  | { readonly _tag: "Never" }
  /** At its nth step, whatever that is. */
  | { readonly _tag: "Step"; readonly nth: number; readonly fate: Fate }
  /** The nth time that it comes to this point. */
  | { readonly _tag: "Point"; readonly point: string; readonly nth: number; readonly fate: Fate }

export type Fate = { readonly _tag: "Dies" } | { readonly _tag: "Stalls"; readonly millis: number }

/** The points that hosts came to, and those at which one died or stalled, over all simulations that share it. */
export interface Coverage {
  readonly reached: Map<string, number>
  readonly struck: Map<string, number>
  readonly stalled: Map<string, number>
  readonly mishaps: Map<HostMishap, number>
}

/** What stalls and crashes lead to. */
export const HOST_MISHAPS = [
  "a dead host's lease is taken over",
  "a stalled host's lease is taken over",
  "a late answer is refused",
  "a late answer is refused while another has the message",
  "a late acceptance is refused",
  "submitted after the lease was lost"
] as const
export type HostMishap = (typeof HOST_MISHAPS)[number]

export const makeCoverage = (): Coverage => ({
  reached: new Map(),
  struck: new Map(),
  stalled: new Map(),
  mishaps: new Map()
})

export interface Life {
  readonly isOver: () => boolean
  /** Infinity while it goes on. */
  readonly endedAt: () => number
  readonly isStalled: () => boolean
  /** Whether it stood still at any time from `from` to `to`. */
  readonly stoodStill: (from: number, to: number) => boolean
  /** Comes back once it is over. */
  readonly over: Effect.Effect<void>
  readonly end: () => void
  /** It stands still no longer. */
  readonly goOn: Effect.Effect<void>
  /** Comes back at once, unless it stands still. */
  readonly moving: Effect.Effect<void>
  /** Its own clock: a timer that ran out while it stood still goes off when it moves again. */
  readonly clock: Clock.Clock
  /** Says that the host is at this point now. It comes back late if it stalls here; if it dies here, as from `gone`. */
  readonly pass: (point: string) => Effect.Effect<void>
  /** The same, where it is not to stop what goes on. */
  readonly passUnheeded: (point: string) => Effect.Effect<void>
  /** An effect between two points. */
  readonly around: <A, E, R>(name: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

export const makeLife = (plan: Plan, coverage: Coverage, unit: UnitOfWork["Service"], clock: Clock.Clock): Life => {
  const latch = Latch.makeUnsafe(false)
  const moves = Latch.makeUnsafe(true)
  let over = false
  let endedAt = Infinity
  let stall: { readonly from: number; readonly to: number } | null = null
  let steps = 0
  let visits = 0

  const end = () => {
    if (!over) endedAt = clock.currentTimeMillisUnsafe()
    over = true
    latch.openUnsafe()
    moves.openUnsafe()
  }

  const strikes = (point: string): boolean => {
    steps++
    if (plan._tag === "Point" && plan.point === point) visits++
    return plan._tag === "Step"
      ? steps === plan.nth
      : plan._tag === "Point" && visits === plan.nth && plan.point === point
  }

  /** Null: it goes on at once, or never. */
  const meet = (point: string): Effect.Effect<void> | null => {
    count(coverage.reached, point)
    if (strikes(point) && plan._tag !== "Never") {
      if (plan.fate._tag === "Dies") {
        count(coverage.struck, point)
        end()
        return null
      }
      count(coverage.stalled, point)
      return standStill(plan.fate.millis)
    }
    return moves.isOpen() ? null : moves.await
  }

  const goOn = Effect.sync(() => moves.openUnsafe())

  const standStill = (millis: number) => {
    const from = clock.currentTimeMillisUnsafe()
    stall = { from, to: from + millis }
    moves.closeUnsafe()
    return Effect.andThen(Effect.forkDetach(Effect.andThen(clock.sleep(Duration.millis(millis)), goOn)), moves.await)
  }

  const passUnheeded = (point: string) => Effect.suspend(() => (over ? Effect.void : (meet(point) ?? Effect.void)))

  const gone: Effect.Effect<never> = Effect.flatMap(unit.isOpen, (open) =>
    // Also where nothing may interrupt, or its scope could not be closed.
    open ? Effect.die(new Error("the host is dead")) : Effect.interruptible(Effect.never)
  )

  const stop = Effect.suspend(() => (over ? gone : Effect.void))
  const pass = (point: string): Effect.Effect<void> =>
    Effect.suspend(() => {
      const wait = over ? null : meet(point)
      return wait === null ? stop : Effect.andThen(wait, stop)
    })

  return {
    isOver: () => over,
    endedAt: () => endedAt,
    isStalled: () => !moves.isOpen(),
    stoodStill: (from, to) => stall !== null && stall.from <= to && from <= stall.to,
    over: latch.await,
    end,
    goOn,
    moving: moves.await,
    clock: {
      currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe(),
      currentTimeMillis: clock.currentTimeMillis,
      currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
      currentTimeNanos: clock.currentTimeNanos,
      monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: clock.monotonicTimeNanos,
      sleep: (duration) => Effect.andThen(clock.sleep(duration), moves.await)
    },
    pass,
    passUnheeded,
    around: (name, effect) =>
      Effect.andThen(
        pass(`${name}, before`),
        Effect.tap(effect, () => pass(`${name}, after`))
      )
  }
}
