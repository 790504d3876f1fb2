/** A unit of work is a transaction; inside an embedder's own transaction it is a savepoint of that one. */
import { UnitOfWork } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { againAfterConflict, isOpen } from "./Conflicts.ts"
import { orDefect } from "./Failures.ts"

export const layerUnitOfWork = Layer.effect(
  UnitOfWork,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return UnitOfWork.of({
      run: (work) =>
        againAfterConflict(
          Effect.catchIf(sql.withTransaction(work), isSqlError, (error) => orDefect(Effect.fail(error)))
        ),
      isOpen: isOpen(sql),
      afterCommit: (task) => Effect.suspend(() => sql.afterCommit(once(task)))
    })
  })
)

/** Lets go of what it has run: the client's WeakMap keeps it far beyond its time (docs/performance.md). */
const once = (task: Effect.Effect<void>): Effect.Effect<void> => {
  let left = task
  return Effect.suspend(() => {
    const running = left
    left = Effect.void
    return running
  })
}

const isSqlError = (error: unknown): error is SqlError.SqlError => error instanceof SqlError.SqlError
