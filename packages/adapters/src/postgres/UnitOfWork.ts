/** A unit of work is a transaction; inside an embedder's own transaction it is a savepoint of that one. */
import { UnitOfWork } from "@cliqtel/sms-core"
import { Cause, Effect, Layer, Option, Schedule } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { isConflict, orDefect } from "./Failures.ts"

export const layerUnitOfWork = Layer.effect(
  UnitOfWork,
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient

    return UnitOfWork.of({
      run: (work) =>
        Effect.catchIf(sql.withTransaction(work), isSqlError, (error) => orDefect(Effect.fail(error))).pipe(
          Effect.sandbox,
          Effect.retry({ while: isConflictCause, schedule: Schedule.recurs(3) }),
          Effect.catch(Effect.failCause)
        ),
      isOpen: Effect.map(Effect.serviceOption(sql.transactionService), Option.isSome),
      afterCommit: (task) => sql.afterCommit(task)
    })
  })
)

const isSqlError = (error: unknown): error is SqlError.SqlError => error instanceof SqlError.SqlError

const isConflictCause = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) => Cause.isDieReason(reason) && isConflict(reason.defect))
