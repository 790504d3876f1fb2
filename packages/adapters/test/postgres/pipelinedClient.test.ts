/** What is sent without waiting is committed with the rest or not at all, and spares the trips that it is there to spare. */
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { PgClient } from "@effect/sql-pg"
import { assert, layer } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, Exit, Fiber, Layer, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient, type SqlError } from "effect/sql"
import { connect } from "node:net"
import { inject } from "vitest"
import { layerPipelinedClient, unawaited } from "../../src/postgres/index.ts"

/** How often this client has written to its connections. */
class Writes extends Context.Service<Writes, { count: number }>()("Writes") {}

/** A client of the same database that is not looked at. */
class Watcher extends Context.Service<Watcher, SqlClient.SqlClient>()("Watcher") {}

const client = Layer.unwrap(
  Effect.gen(function* () {
    const url = yield* freshDatabase(inject("postgresUrl"))
    const { hostname, port } = new URL(Redacted.value(url))
    const writes = { count: 0 }
    const stream = () => {
      const socket = connect({ host: hostname, port: Number(port) })
      const write = socket.write.bind(socket)
      socket.write = (...parameters: ReadonlyArray<unknown>) => {
        writes.count++
        // The same that it was called with.
        return write(...(parameters as Parameters<typeof write>))
      }
      return socket
    }
    const watcher = Context.get(yield* Layer.build(PgClient.layer({ url, maxConnections: 1 })), SqlClient.SqlClient)
    return Layer.mergeAll(
      Layer.succeed(Watcher, watcher),
      layerPipelinedClient({ url, stream, maxConnections: 1, idleTimeout: Infinity }),
      Layer.succeed(Writes, writes)
    )
  })
)

const table = Layer.effectDiscard(
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE TABLE kept (n integer PRIMARY KEY CHECK (n > 0))`)
)

layer(Layer.provideMerge(table, client))("a pipelined client", (it) => {
  const begin = Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`DELETE FROM kept`
    const keep = (n: unknown) => unawaited(sql, sql`INSERT INTO kept VALUES (${n})`)
    const kept = Effect.map(sql<{ readonly n: number }>`SELECT n FROM kept ORDER BY n`, (rows) =>
      rows.map(({ n }) => n)
    )
    return { sql, keep, kept }
  })

  const reasonOf = <A>(exit: Exit.Exit<A, SqlError.SqlError>) =>
    Exit.isFailure(exit)
      ? exit.cause.reasons.map((reason) => (Cause.isFailReason(reason) ? reason.error.reason._tag : reason._tag))
      : "success"

  it.effect("makes as many trips as are waited for: one for what is read, one for what is written", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      const writes = yield* Writes
      const unit = (n: number) => sql.withTransaction(Effect.andThen(kept, Effect.andThen(keep(n), keep(n + 1))))
      yield* unit(1)
      const before = writes.count
      yield* unit(3)
      assert.strictEqual(writes.count - before, 2)
      assert.deepStrictEqual(yield* kept, [1, 2, 3, 4])
    })
  )

  it.effect("sends nothing of a transaction in which nothing is asked for", () =>
    Effect.gen(function* () {
      const { sql } = yield* begin
      const writes = yield* Writes
      const before = writes.count
      yield* sql.withTransaction(Effect.void)
      yield* Effect.exit(sql.withTransaction(Effect.fail("no")))
      assert.strictEqual(writes.count, before)
    })
  )

  it.effect("sees in a transaction what it has sent before", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      assert.deepStrictEqual(yield* sql.withTransaction(Effect.andThen(keep(1), kept)), [1])
    })
  )

  it.effect("commits nothing where something that nobody waited for has failed", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      let committed = false
      const afterwards = sql.afterCommit(Effect.sync(() => (committed = true)))
      const refused = yield* Effect.exit(
        sql.withTransaction(Effect.all([keep(1), keep(0), keep(2), afterwards], { discard: true }))
      )
      assert.deepStrictEqual(reasonOf(refused), ["ConstraintError"])
      assert.deepStrictEqual(yield* kept, [])
      assert.isFalse(committed)
      const noticed = yield* Effect.exit(sql.withTransaction(Effect.andThen(keep(0), kept)))
      assert.deepStrictEqual(reasonOf(noticed), ["ConstraintError"])
      assert.deepStrictEqual(yield* kept, [])
    })
  )

  it.effect("commits nothing where something could not be sent", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      const exit = yield* Effect.exit(sql.withTransaction(Effect.andThen(keep(1), keep(Symbol("no parameter")))))
      assert.deepStrictEqual(reasonOf(exit), ["UnknownError"])
      assert.deepStrictEqual(yield* kept, [])
    })
  )

  it.effect("undoes a savepoint alone where something in it has failed that nobody waited for", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      const inner = sql.withTransaction(Effect.andThen(keep(2), keep(0)))
      const both = Effect.gen(function* () {
        yield* keep(1)
        assert.deepStrictEqual(reasonOf(yield* Effect.exit(inner)), ["ConstraintError"])
        assert.strictEqual(
          yield* Effect.exit(sql.withTransaction(Effect.andThen(keep(4), Effect.fail("no")))).pipe(
            Effect.map(Exit.isFailure)
          ),
          true
        )
        yield* sql.withTransaction(keep(3))
      })
      yield* sql.withTransaction(both)
      assert.deepStrictEqual(yield* kept, [1, 3])
    })
  )

  it.effect("commits nothing where a failure in it was passed over", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      const exit = yield* Effect.exit(
        sql.withTransaction(Effect.andThen(keep(1), Effect.exit(Effect.andThen(keep(0), kept))))
      )
      assert.deepStrictEqual(reasonOf(exit), ["UnknownError"])
      assert.deepStrictEqual(yield* kept, [])
    })
  )

  it.effect("sends nothing alone where a transaction cannot begin", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      const exit = yield* Effect.exit(
        sql
          .withTransaction(Effect.andThen(keep(1), keep(2)))
          .pipe(Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL NONSENSE"))
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(yield* kept, [])
      const serializable = sql
        .withTransaction(sql<{ readonly level: string }>`SELECT current_setting('transaction_isolation') AS level`)
        .pipe(Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL SERIALIZABLE"))
      assert.deepStrictEqual(yield* serializable, [{ level: "serializable" }])
    })
  )

  it.effect("undoes what was read as a stream", () =>
    Effect.gen(function* () {
      const { kept, sql } = yield* begin
      const stream = sql<{ readonly n: number }>`INSERT INTO kept VALUES (1), (2) RETURNING n`.stream
      const exit = yield* Effect.exit(sql.withTransaction(Effect.andThen(Stream.runCollect(stream), Effect.fail("no"))))
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(yield* kept, [])
    })
  )

  for (const name of ["something", "nothing"]) {
    it.effect(`is of no use to who stays in a transaction that has ended, where ${name} was asked for`, () =>
      Effect.gen(function* () {
        const { kept, sql } = yield* begin
        const go = yield* Deferred.make<void>()
        const late = Effect.andThen(Deferred.await(go), sql`INSERT INTO kept VALUES (1)`)
        const fiber = yield* sql.withTransaction(
          Effect.andThen(name === "nothing" ? Effect.void : Effect.asVoid(sql`SELECT 1`), Effect.forkDetach(late))
        )
        const other = sql.withTransaction(
          Effect.gen(function* () {
            yield* sql`INSERT INTO kept VALUES (2)`
            yield* Deferred.succeed(go, undefined)
            assert.deepStrictEqual(reasonOf(yield* Fiber.await(fiber)), ["ConnectionError"])
          })
        )
        yield* other
        yield* sql`INSERT INTO kept VALUES (3)`
        assert.deepStrictEqual(yield* kept, [2, 3])
      })
    )
  }

  /** Until the server is at it, as another client sees. */
  const asleepAt = (pid: number | undefined) =>
    Effect.flatMap(Watcher, (watcher) =>
      Effect.repeat(
        watcher<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE pid = ${pid} AND state = 'active' AND query LIKE '%pg_sleep%'
      `,
        { until: ([row]) => row?.n === 1 }
      )
    )

  /** Interrupts it once the server has its last statement, and gives the process that had it. */
  const interrupted = Effect.fnUntraced(function* (
    seconds: number,
    around: <A>(work: Effect.Effect<A, SqlError.SqlError>) => Effect.Effect<A, SqlError.SqlError>
  ) {
    const { keep, sql } = yield* begin
    const pid = Effect.map(sql<{ readonly pid: number }>`SELECT pg_backend_pid() AS pid`, ([row]) => row?.pid)
    const before = yield* pid
    const work = around(Effect.andThen(keep(1), sql`SELECT pg_sleep(${seconds})`))
    const fiber = yield* Effect.forkChild(sql.withTransaction(work), { startImmediately: true })
    const asleep = asleepAt(before)
    yield* asleep
    const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
    return { asleep, interrupting, isSame: Effect.map(pid, (after) => after === before) }
  })

  it.effect("rolls back what is interrupted, once the server is done with it", () =>
    Effect.gen(function* () {
      const { interrupting, isSame } = yield* interrupted(0.3, (work) => work)
      yield* Fiber.join(interrupting)
      assert.isTrue(yield* isSame)
      assert.deepStrictEqual(yield* Effect.flatMap(begin, ({ kept }) => kept), [])
    })
  )

  for (const where of ["transaction", "savepoint"]) {
    it.effect(`gives up a connection on which the end of a ${where} takes long`, () =>
      Effect.gen(function* () {
        const { kept, sql } = yield* begin
        const { asleep, interrupting, isSame } = yield* interrupted(5, (work) =>
          where === "savepoint" ? sql.withTransaction(work) : work
        )
        yield* asleep
        yield* TestClock.adjust(999)
        yield* asleep
        assert.isUndefined(interrupting.pollUnsafe())
        yield* TestClock.adjust(1)
        yield* asleep
        // The only connection cannot cancel itself.
        yield* TestClock.adjust(4000)
        yield* Fiber.join(interrupting)
        assert.isFalse(yield* isSame)
        assert.deepStrictEqual(yield* kept, [])
      })
    )
  }

  it.effect("tells of a connection that breaks in a transaction, and takes another one", () =>
    Effect.gen(function* () {
      const { keep, kept, sql } = yield* begin
      const broken = yield* Effect.exit(
        sql.withTransaction(Effect.andThen(keep(1), sql`SELECT pg_terminate_backend(pg_backend_pid())`))
      )
      assert.deepStrictEqual(reasonOf(broken), ["ConnectionError"])
      assert.deepStrictEqual(yield* kept, [])
    })
  )
})
