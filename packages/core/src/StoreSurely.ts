/**
 * Storing in groups what must not be lost: an outage is waited for, and what the store refuses is found and left out, so
 * that one bad row never holds up its neighbours.
 */
import { Cause, Effect } from "effect"
import { Unavailable } from "./UnitOfWork.ts"

const RETRY_MILLIS = 500

/** Whether the store was away; then what was under way may or may not have been committed. */
export const isOutage = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) => Cause.isDieReason(reason) && reason.defect instanceof Unavailable)

/** Stores all items, together where possible. Storing an item twice must be harmless. */
export const storeSurely = <A>(
  items: ReadonlyArray<A>,
  store: (items: ReadonlyArray<A>) => Effect.Effect<unknown>
): Effect.Effect<void> =>
  store(items).pipe(
    Effect.asVoid,
    Effect.catchCause((cause) => {
      if (isOutage(cause)) {
        return Effect.logWarning("The store is away, trying again", cause).pipe(
          Effect.andThen(Effect.sleep(RETRY_MILLIS)),
          Effect.andThen(storeSurely(items, store))
        )
      }
      return items.length > 1
        ? Effect.forEach(items, (item) => storeSurely([item], store), { discard: true })
        : Effect.logError("The store refused this, it is left out", cause)
    })
  )
