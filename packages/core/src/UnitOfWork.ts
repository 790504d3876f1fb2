/** Port: everything inside commits, or nothing does. */
import { Context, Effect, Schema } from "effect"

/**
 * The store cannot do it now: it is away, read-only, overloaded, or somebody holds what is needed for too long. Adapters
 * raise it as a defect (it may come from anywhere and no rule handles it), and as one for everything that is not surely
 * the fault of what was to be stored; a host answers 503.
 */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  message: Schema.String,
  retryAfterMillis: Schema.Int,
  /** Whether it is certain that nothing was committed. */
  undone: Schema.Boolean
}) {}

export class UnitOfWork extends Context.Service<
  UnitOfWork,
  {
    /**
     * Runs `work` so that what it does through the ports is committed when it succeeds and undone when it fails, dies or
     * is interrupted. Inside another unit of work it joins that one.
     */
    run<A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
    /** Whether the caller is inside a unit of work, an embedder's own transaction among them. */
    readonly isOpen: Effect.Effect<boolean>
    /** Runs `task` once the outermost unit of work has committed, not at all if it does not. */
    afterCommit(task: Effect.Effect<void>): Effect.Effect<void>
  }
>()("@cliqtel/sms-core/UnitOfWork") {}

/**
 * Of which none needs what another does, and no two touch the same: asked together, a store can do them in one go. Wallets
 * that are locked among them are held before the others are read.
 */
export const atOnce = <const Asked extends ReadonlyArray<Effect.Effect<unknown, unknown>>>(asked: Asked) =>
  Effect.all(asked, { concurrency: "unbounded" })
