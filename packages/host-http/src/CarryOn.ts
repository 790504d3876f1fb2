/**
 * Work that its client must not stop half way: it goes on by itself when the client hangs up or the answer is overdue,
 * and ends with the host. What it changes is committed whole or not at all, whenever that is.
 */
import { Effect, Fiber } from "effect"

export type CarryOn = <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Within the scope of whoever asks for it. */
export const carryOn = Effect.map(
  Effect.scope,
  (scope): CarryOn =>
    (work) =>
      Effect.flatMap(Effect.forkIn(work, scope), Fiber.join)
)
