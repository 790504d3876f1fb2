/**
 * Storing in groups what must not be lost: while the store cannot do it, it is waited for; what the store refuses is found
 * and left out. Neither holds up the neighbours: a group that does not go in goes in one by one.
 */
import { Cause, Effect, Exit } from "effect"
import { Unavailable } from "./UnitOfWork.ts"

/** Whether the store could not do it, which says nothing against what was to be stored. */
export const isOutage = (cause: Cause.Cause<unknown>): boolean => outage(cause) !== undefined

/** Whether nothing was committed, so that it may be tried again. */
export const isUndone = (cause: Cause.Cause<unknown>): boolean => outage(cause)?.undone ?? true

/** What the store could not do, as it says. */
export const outage = (cause: Cause.Cause<unknown>): Unavailable | undefined =>
  cause.reasons.flatMap((reason) =>
    Cause.isDieReason(reason) && reason.defect instanceof Unavailable ? [reason.defect] : []
  )[0]

/** What somebody with an idempotency key is told: that nothing came of this attempt says nothing of an earlier one. */
export const asRepeated = <A, E>(exit: Exit.Exit<A, E>): Exit.Exit<A, E> => {
  const failure = Exit.isFailure(exit) ? outage(exit.cause) : undefined
  return failure?.undone === true
    ? Exit.die(new Unavailable({ message: failure.message, retryAfterMillis: failure.retryAfterMillis, undone: false }))
    : exit
}

/** Stores all items, together where possible. Storing an item twice must be harmless. */
export const storeSurely = <A>(items: ReadonlyArray<A>, store: Store<A>): Effect.Effect<void> =>
  Effect.catchCause(Effect.asVoid(store(items)), (cause) => {
    const wait = isOutage(cause)
      ? Effect.andThen(
          Effect.logWarning("The store cannot take this now, trying again", cause),
          Effect.sleep(FIRST_WAIT_MILLIS)
        )
      : Effect.void
    return Effect.andThen(
      wait,
      Effect.forEach(items, (item) => storeOne(item, store), { concurrency: "unbounded", discard: true })
    )
  })

type Store<A> = (items: ReadonlyArray<A>) => Effect.Effect<unknown>

const FIRST_WAIT_MILLIS = 500
const LONGEST_WAIT_MILLIS = 5000

const storeOne = Effect.fnUntraced(function* <A>(item: A, store: Store<A>) {
  let wait = FIRST_WAIT_MILLIS
  for (;;) {
    const exit = yield* Effect.exit(store([item]))
    if (Exit.isSuccess(exit)) return
    if (!isOutage(exit.cause)) return yield* Effect.logError("The store refused this, it is left out", exit.cause)
    yield* Effect.sleep(wait)
    wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2)
  }
})
