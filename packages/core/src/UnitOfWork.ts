/** Port: everything inside commits, or nothing does. */
import { Context, type Effect, Schema } from "effect"

/**
 * The store cannot be reached, or takes no more for now. Adapters raise it as a defect (it may come from anywhere and no
 * rule handles it); a host answers 503. What was under way may or may not have been committed.
 */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  message: Schema.String,
  retryAfterMillis: Schema.Int
}) {}

export class UnitOfWork extends Context.Service<UnitOfWork, {
  /**
   * Runs `work` so that what it does through the ports is committed when it succeeds and undone when it fails, dies or
   * is interrupted. Inside another unit of work it joins that one.
   */
  run<A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  /** Whether the caller is inside a unit of work, an embedder's own transaction among them. */
  readonly isOpen: Effect.Effect<boolean>
  /** Runs `task` once the outermost unit of work has committed, not at all if it does not. */
  afterCommit(task: Effect.Effect<void>): Effect.Effect<void>
}>()("@cliqtel/sms-core/UnitOfWork") {}
