/** Transactions that stand in each other's way: what was undone by it is done again. */
import { Cause, Effect, Option, Schedule } from "effect"
import type { SqlClient } from "effect/sql"
import { isConflict, unavailable } from "./Failures.ts"

/** Whether the caller is inside a transaction. */
export const isOpen = (sql: SqlClient.SqlClient): Effect.Effect<boolean> =>
  Effect.map(Effect.serviceOption(sql.transactionService), Option.isSome)

export const againAfterConflict = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  work.pipe(
    Effect.sandbox,
    Effect.retry({ while: isConflictCause, schedule: Schedule.recurs(3) }),
    Effect.catch((cause) => (isConflictCause(cause) ? Effect.die(conflict(cause)) : Effect.failCause(cause)))
  )

/** One statement, which is a unit of work by itself where none is open, without the trips of one. */
export const alone = <A, E, R>(sql: SqlClient.SqlClient, statement: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(isOpen(sql), (open) => (open ? statement : againAfterConflict(statement)))

/** Still in each other's way after all tries. */
const conflict = (cause: Cause.Cause<unknown>) =>
  unavailable(cause.reasons.flatMap((reason) => (Cause.isDieReason(reason) ? [reason.defect] : [])).find(isConflict))

const isConflictCause = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) => Cause.isDieReason(reason) && isConflict(reason.defect))
