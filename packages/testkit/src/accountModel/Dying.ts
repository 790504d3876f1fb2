/**
 * A third host, that begins, does one thing, and dies in the middle of it or right after: what its units of work had
 * committed by then is there, all else is as before.
 */
import { UnitOfWork } from "@cliqtel/sms-core"
import { Clock, Context, Effect, Exit, Fiber, Layer, References, Scope } from "effect"
import type { DeskPorts } from "../Hosts.ts"
import { makeCoverage, makeLife, type Plan } from "../simulate/CrashPoint.ts"
import { guardedPorts } from "../simulate/guarded.ts"
import { type HostServices, layerModelHost } from "./World.ts"

/** How far it came. */
export interface Death {
  /** Units of work that it committed. */
  readonly commits: number
  /** Calls of this name that took effect. */
  did(call: string): boolean
  /** It died before it was through. */
  readonly inTheMiddle: boolean
}

export const dying = Effect.fnUntraced(
  function* <A, E>(plan: Plan, what: Effect.Effect<A, E, HostServices>) {
    const ports = yield* Effect.context<DeskPorts>()
    const coverage = makeCoverage()
    const life = makeLife(plan, coverage, Context.get(ports, UnitOfWork), yield* Clock.Clock)
    const scope = yield* Scope.make()
    const services = yield* Layer.buildWithScope(Layer.fresh(layerModelHost), scope).pipe(
      Effect.provideContext(guardedPorts(ports, life))
    )
    const asked = yield* Effect.forkDetach(Effect.provideContext(what, services))
    yield* Effect.raceFirst(Fiber.await(asked), life.over)
    const inTheMiddle = life.isOver()
    life.end()
    yield* Scope.close(scope, Exit.void)
    // It may still be about to undo what it has not committed.
    yield* Fiber.interrupt(asked)
    const at = "UnitOfWork.run, at the commit"
    return {
      commits: (coverage.reached.get(at) ?? 0) - (coverage.struck.get(at) ?? 0),
      did: (call) => coverage.reached.has(`${call}, after`),
      inTheMiddle
    } satisfies Death
  },
  // That it dies is what it is about.
  Effect.provideService(References.MinimumLogLevel, "None")
)
