/**
 * What a failing database means to the core. Only what PostgreSQL refuses for its content counts as refused; everything
 * else, known or not, is the database's state, and is waited for. Both are defects.
 */
import { Unavailable } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { SqlError } from "effect/sql"

export const orDefect = <A, E, R>(effect: Effect.Effect<A, E | SqlError.SqlError, R>): Effect.Effect<A, never, R> =>
  effect.pipe(Effect.catch((error) => Effect.die(isRefusal(error) || isConflict(error) ? error : unavailable(error))))

/** Data exceptions, integrity violations, errors in a statement and in what a function of ours raises (appendix A). */
const REFUSAL = /^(22|23|42[^5]|P0)/

const isRefusal = (error: unknown): boolean => {
  if (!(error instanceof SqlError.SqlError)) return true
  const { cause } = error.reason
  return REFUSAL.test(sqlState(cause)) || tagOf(cause) === "PgTypesCodecError"
}

/** Two transactions stood in each other's way: nothing was committed, and doing it again is right. */
export const isConflict = (error: unknown): boolean =>
  error instanceof SqlError.SqlError &&
  (error.reason._tag === "DeadlockError" || error.reason._tag === "SerializationError")

export const isLockTimeout = (error: unknown): boolean =>
  error instanceof SqlError.SqlError && error.reason._tag === "LockTimeoutError"

/** After a lock that was waited for in vain, or another transaction in the way, nothing was committed. */
export const isUndone = (error: unknown): boolean => isConflict(error) || isLockTimeout(error)

export const unavailable = (error: unknown): Unavailable =>
  new Unavailable({
    message: "The database cannot do this now.",
    retryAfterMillis: 2000,
    undone: isUndone(error)
  })

const sqlState = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string" ? cause.code : ""

const tagOf = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "_tag" in cause ? cause._tag : undefined
