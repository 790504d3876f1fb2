/** What a failing database means to the core: an outage is `Unavailable`, anything else a bug. Both are defects. */
import { Unavailable } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { SqlError } from "effect/sql"

export const orDefect = <A, E, R>(effect: Effect.Effect<A, E | SqlError.SqlError, R>): Effect.Effect<A, never, R> =>
  effect.pipe(Effect.catch((error) => Effect.die(isOutage(error) ? unavailable : error)))

const unavailable = new Unavailable({ message: "The database cannot be reached.", retryAfterMillis: 2000 })

/** SQLSTATE classes of a server that is away, starting, stopping or full (PostgreSQL appendix A). */
const OUTAGE = /^(08|53|57P)/

const isOutage = (error: unknown): boolean => {
  const reason = reasonOf(error)
  return reason?._tag === "ConnectionError" || reason?.operation === "connect" || OUTAGE.test(sqlState(reason?.cause))
}

/** Two transactions stood in each other's way: nothing was committed, and doing it again is right. */
export const isConflict = (error: unknown): boolean => {
  const tag = reasonOf(error)?._tag
  return tag === "DeadlockError" || tag === "SerializationError"
}

const reasonOf = (error: unknown): SqlError.SqlError["reason"] | undefined =>
  error instanceof SqlError.SqlError ? error.reason : undefined

const sqlState = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string" ? cause.code : ""
