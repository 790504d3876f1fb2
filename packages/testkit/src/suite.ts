/**
 * What all suites share. They run in real time and say `now` wherever a port takes it. A database on a busy machine is
 * slow: run them with a `testTimeout` of a minute. What one leaves behind another may sweep up, so no two of them run on
 * one database at the same time.
 */
import { Effect } from "effect"
import fc from "fast-check"
import { randomUUID } from "node:crypto"

export interface SuiteOptions {
  /** Cases of each property; a test of a slow store does with fewer. */
  readonly runs?: number
}

/** Milliseconds that the layer under test may take to start. */
export const TIMEOUT = 60_000

export const LAYER_OPTIONS = { timeout: TIMEOUT, excludeTestServices: true } as const

/** A name that nobody has used in this store: of a carrier, a key, an event. */
export const freshName = (what: string): string => `${what}-${randomUUID()}`

/** Holds for every value that fast-check thinks of; a counterexample is shrunk, and its seed is in the failure. */
export const forAll = <A, E, R>(
  arbitrary: fc.Arbitrary<A>,
  runs: number,
  property: (value: A) => Effect.Effect<void, E, R>
): Effect.Effect<void, never, R> =>
  Effect.flatMap(Effect.context<R>(), (context) =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(arbitrary, (value) => Effect.runPromiseWith(context)(property(value))),
        { numRuns: runs }
      )
    )
  )

/** Whether it died, and nothing else: for what a port calls a defect. */
export const dies = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<boolean, never, R> =>
  Effect.exit(effect).pipe(
    Effect.map((exit) => exit._tag === "Failure" && exit.cause.reasons.every((reason) => reason._tag === "Die"))
  )

/** All at once. */
export const ATONCE = { concurrency: "unbounded" } as const
