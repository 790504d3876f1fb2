/**
 * A client that spares a transaction its trips to the server: `BEGIN` goes with what is read first, and what nobody waits for
 * goes with the next statement or with `COMMIT` (PostgreSQL 18, 54.2.4 Pipelining). A process that is busy with much else sees
 * each answer late, so that a trip costs far more than the server takes for it.
 */
import { PgClient, type PgConnection, PgPool } from "@effect/sql-pg"
import { Effect, Layer, Option, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlConnection, type SqlError, type Statement } from "effect/sql"
import { PipelinedConnection } from "./PipelinedConnection.ts"

const SPAN_ATTRIBUTES = [["db.system.name", "postgresql"]] as const

type Config = Omit<PgPool.Config, "multiplex" | "multiplexConcurrency">

/** What is given up is cancelled within this. */
const CANCEL_MILLIS = 4000

/**
 * The `SqlClient` of `PgClient.layer`, by other means: the ports do the same with either. What is interrupted within a
 * transaction ends by itself within a second, or is cancelled and its connection given up.
 */
export const layerPipelinedClient = (config: Config): Layer.Layer<SqlClient.SqlClient, SqlError.SqlError> =>
  Layer.effect(SqlClient.SqlClient, makeClient(config)).pipe(Layer.provide(Reactivity.layer))

/**
 * Within a transaction of such a client the answer is not waited for: should it fail, then so does what comes next, or the
 * commit. With any other client it is.
 */
export const unawaited = (
  sql: SqlClient.SqlClient,
  statement: Statement.Statement<unknown>
): Effect.Effect<void, SqlError.SqlError> =>
  Effect.flatMap(Effect.serviceOption(sql.transactionService), (open) => {
    const connection = Option.getOrUndefined(open)?.[0]
    if (!(connection instanceof PipelinedConnection)) return Effect.asVoid(statement)
    return Effect.suspend(() => connection.later(...statement.compile()))
  })

const makeClient = Effect.fnUntraced(function* (config: Config) {
  // Only on a connection that may be shared several statements are under way; but each is lent to one at a time.
  const pool = yield* PgPool.make({ ...config, multiplex: true, multiplexConcurrency: 1 })
  const client = yield* SqlClient.make({
    // What is reserved is not pipelined, so that a statement is cancelled when who waits for it leaves.
    acquirer: Effect.map(pool.reserve, (connection) => new PipelinedConnection(connection)),
    borrower: (use) =>
      pool.use((connection) =>
        Effect.scoped(Effect.flatMap(connection.pin, (reserved) => use(new PipelinedConnection(reserved))))
      ),
    compiler: PgClient.makeCompiler(),
    driver: "pg",
    spanAttributes: SPAN_ATTRIBUTES
  })
  /** What it has under way holds its locks until it is cancelled. */
  const giveUp = (connection: PgConnection.PgConnection) =>
    Effect.interruptible(pool.use((other) => other.query("SELECT pg_cancel_backend($1)", [connection.processId]))).pipe(
      Effect.timeout(CANCEL_MILLIS),
      Effect.ignoreCause,
      Effect.andThen(pool.invalidate(connection))
    )
  const withTransaction = SqlClient.makeWithTransaction({
    transactionService: client.transactionService,
    spanAttributes: SPAN_ATTRIBUTES,
    acquireConnection: (restore): Effect.Effect<SqlConnection.Connection, SqlError.SqlError, Scope.Scope> =>
      Effect.map(restore(pool.get), (connection) => new PipelinedConnection(connection, giveUp(connection))),
    begin: (connection, statement) => own(connection).begin(statement ?? "BEGIN"),
    commit: (connection) => own(connection).commit,
    rollback: (connection) => own(connection).rollback,
    savepoint: (connection, id) => own(connection).savepoint(savepoint(id)),
    releaseSavepoint: (connection, id) => own(connection).releaseSavepoint(savepoint(id)),
    rollbackSavepoint: (connection, id) => own(connection).rollbackSavepoint(savepoint(id))
  })
  return Object.assign(client, {
    withTransaction: <A, E, R>(work: Effect.Effect<A, E, R>) =>
      Effect.flatMap(Effect.serviceOption(client.transactionService), (open) =>
        // What fails in a savepoint must not fail what is around it.
        withTransaction(Option.isNone(open) ? work : Effect.tap(work, own(open.value[0]).settled))
      )
  })
})

/** That of a transaction of this client, of which there are no others. */
const own = (connection: SqlConnection.Connection) => connection as PipelinedConnection

const savepoint = (id: number): string => `effect_sql_${id}`
