/**
 * Where a host can die: before or after each call of a port, just before a commit, and between a commit and what follows
 * it. A dead host does nothing any more: what it calls inside a unit of work fails, so that the unit is undone, and
 * everything else that it calls never comes back.
 */
import { type UnitOfWork } from "@cliqtel/sms-core"
import { type Clock, Effect, Latch } from "effect"

export type Plan =
  | { readonly _tag: "Never" }
  /** At its nth step, whatever that is. */
  | { readonly _tag: "Step"; readonly nth: number }
  /** The nth time that it comes to this point. */
  | { readonly _tag: "Point"; readonly point: string; readonly nth: number }

/** The crash points that hosts came to, and those at which one died, over all simulations that share it. */
export interface Coverage {
  readonly reached: Map<string, number>
  readonly struck: Map<string, number>
}

export const makeCoverage = (): Coverage => ({ reached: new Map(), struck: new Map() })

export interface Life {
  readonly isOver: () => boolean
  /** Infinity while it goes on. */
  readonly endedAt: () => number
  /** Comes back once it is over. */
  readonly over: Effect.Effect<void>
  readonly end: () => void
  /** Says that the host is at this point now; true if it dies here. */
  readonly passes: (point: string) => boolean
  /** An effect between two crash points. */
  readonly around: <A, E, R>(name: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** What a dead host gets from whatever it calls. */
  readonly gone: Effect.Effect<never>
}

export const makeLife = (plan: Plan, coverage: Coverage, unit: UnitOfWork["Service"], clock: Clock.Clock): Life => {
  const latch = Latch.makeUnsafe(false)
  let over = false
  let endedAt = Infinity
  let steps = 0
  let visits = 0

  const end = () => {
    if (!over) endedAt = clock.currentTimeMillisUnsafe()
    over = true
    latch.openUnsafe()
  }

  const passes = (point: string): boolean => {
    if (over) return true
    count(coverage.reached, point)
    steps++
    if (plan._tag === "Point" && plan.point === point) visits++
    const strikes = plan._tag === "Step" ? steps === plan.nth : plan._tag === "Point" && visits === plan.nth
    if (!strikes) return false
    count(coverage.struck, point)
    end()
    return true
  }

  const gone = Effect.flatMap(unit.isOpen, (open) =>
    // Also where nothing may interrupt, or its scope could not be closed.
    open ? Effect.die(new Error("the host is dead")) : Effect.interruptible(Effect.never)
  )

  return {
    isOver: () => over,
    endedAt: () => endedAt,
    over: latch.await,
    end,
    passes,
    gone,
    around: (name, effect) =>
      Effect.suspend(() =>
        passes(`${name}, before`) ? gone : Effect.tap(effect, () => (passes(`${name}, after`) ? gone : Effect.void))
      )
  }
}

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
