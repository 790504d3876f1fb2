/** A unit of work is a transaction; inside an embedder's own transaction it is a savepoint of that one. */
import { UnitOfWork } from "@cliqtel/sms-core"
import { Cause, Effect, Layer, Option, Schedule } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { isConflict, orDefect, unavailable } from "./Failures.ts"

export const layerUnitOfWork = Layer.effect(
  UnitOfWork,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return UnitOfWork.of({
      run: (work) =>
        Effect.catchIf(sql.withTransaction(work), isSqlError, (error) => orDefect(Effect.fail(error))).pipe(
          Effect.sandbox,
          Effect.retry({ while: isConflictCause, schedule: Schedule.recurs(3) }),
          Effect.catch((cause) => (isConflictCause(cause) ? Effect.die(conflict(cause)) : Effect.failCause(cause)))
        ),
      isOpen: Effect.map(Effect.serviceOption(sql.transactionService), Option.isSome),
      afterCommit: (task) => sql.afterCommit(task)
    })
  })
)

const isSqlError = (error: unknown): error is SqlError.SqlError => error instanceof SqlError.SqlError

/** Still in each other's way after all tries. */
const conflict = (cause: Cause.Cause<unknown>) =>
  unavailable(cause.reasons.flatMap((reason) => (Cause.isDieReason(reason) ? [reason.defect] : [])).find(isConflict))

const isConflictCause = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) => Cause.isDieReason(reason) && isConflict(reason.defect))
