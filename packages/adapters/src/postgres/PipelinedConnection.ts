/** A connection that is held by one transaction, and sends what nobody waits for together with what comes next. */
import type { PgConnection } from "@effect/sql-pg"
import { Effect, Fiber, Stream } from "effect"
import { type SqlConnection, SqlError } from "effect/sql"

type Asked = PgConnection.PgConnection
type Answer<A> = Effect.Effect<A, SqlError.SqlError>
type Parameters = ReadonlyArray<unknown>
type Transform = (<A extends object>(rows: ReadonlyArray<A>) => ReadonlyArray<A>) | undefined

/** What is under way when a transaction is given up has so long to end. */
const END_MILLIS = 5000

export class PipelinedConnection implements SqlConnection.Connection {
  readonly #asked: Asked
  /** Goes with the first statement. */
  #begin: Answer<unknown> | undefined
  /** Sent, and nobody has looked at their answers yet. */
  #unanswered: ReadonlyArray<Fiber.Fiber<unknown, SqlError.SqlError>> = []

  constructor(asked: Asked) {
    this.#asked = asked
  }

  begin(statement: string): void {
    // Unprepared, so that it is never found to be stale and done again after what goes with it.
    this.#begin = this.#asked.query(statement, [], false)
  }

  /** What the server answers is looked at with the next statement, or at the end. */
  later(text: string, parameters: Parameters): Answer<void> {
    return Effect.andThen(
      this.#start,
      Effect.suspend(() => this.#sendUnanswered(this.#asked.query(text, parameters)))
    )
  }

  /** Until all that was sent is answered. */
  readonly settled: Answer<void> = Effect.suspend(() => {
    const sent = this.#unanswered
    this.#unanswered = []
    return Effect.forEach(sent, (fiber) => Fiber.join(fiber), { discard: true })
  })

  readonly commit: Answer<void> = Effect.suspend(() => {
    // Nothing was asked for in it.
    if (this.#begin !== undefined) return Effect.void
    return Effect.flatMap(this.#inTurn(this.#asked.query("COMMIT")), ({ command }) =>
      // What PostgreSQL does of a transaction in which something has failed.
      command === "ROLLBACK" ? Effect.fail(rolledBack) : Effect.void
    )
  })

  /** Where even that fails or has no end, the connection is given up, and the server rolls back once it notices. */
  rollback(giveUp: (asked: Asked) => Effect.Effect<void>): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.#begin !== undefined) return Effect.void
      return Effect.interruptible(this.#asked.query("ROLLBACK")).pipe(
        Effect.timeout(END_MILLIS),
        Effect.asVoid,
        Effect.catchCause(() => giveUp(this.#asked))
      )
    })
  }

  savepoint(name: string): Answer<void> {
    return this.#control(`SAVEPOINT ${name}`)
  }

  releaseSavepoint(name: string): Answer<void> {
    return this.#control(`RELEASE SAVEPOINT ${name}`)
  }

  rollbackSavepoint(name: string): Answer<void> {
    // What it undoes may fail.
    this.#unanswered = []
    return this.#control(`ROLLBACK TO SAVEPOINT ${name}`)
  }

  execute(text: string, parameters: Parameters, transform: Transform) {
    return this.#rows(this.#asked.query(text, parameters), transform)
  }

  executeUnprepared(text: string, parameters: Parameters, transform: Transform) {
    return this.#rows(this.#asked.query(text, parameters, false), transform)
  }

  executeRaw(text: string, parameters: Parameters) {
    return this.#inTurn(this.#asked.query(text, parameters))
  }

  executeValues(text: string, parameters: Parameters) {
    return this.#inTurn(this.#asked.queryValues(text, parameters))
  }

  executeValuesUnprepared(text: string, parameters: Parameters) {
    return this.#inTurn(this.#asked.queryValues(text, parameters, false))
  }

  executeStream(text: string, parameters: Parameters, transform: Transform) {
    const rows = Stream.unwrap(Effect.as(this.settled, this.#asked.stream(text, parameters)))
    return transform === undefined
      ? rows
      : // As many rows come out of it as went in.
        Stream.mapArray(rows, (some) => transform(some) as typeof some)
  }

  #control(text: string): Answer<void> {
    return Effect.asVoid(this.#inTurn(this.#asked.query(text)))
  }

  #rows(one: Answer<PgConnection.Result>, transform: Transform): Answer<ReadonlyArray<PgConnection.Row>> {
    return Effect.map(this.#inTurn(one), ({ rows }) => (transform === undefined ? rows : transform(rows)))
  }

  /** After what was sent before; fails with what failed first. */
  #inTurn<A>(one: Answer<A>): Answer<A> {
    return Effect.suspend(() => {
      if (this.#begin === undefined && this.#unanswered.length === 0) return one
      return Effect.andThen(
        this.#start,
        Effect.flatMap(Effect.exit(one), (exit) => Effect.andThen(this.settled, exit))
      )
    })
  }

  readonly #start: Answer<void> = Effect.suspend(() => {
    const begin = this.#begin
    this.#begin = undefined
    return begin === undefined ? Effect.void : this.#sendUnanswered(begin)
  })

  /** It is on its way when this returns; what cannot be sent fails at once, since the server would go on without it. */
  #sendUnanswered(one: Answer<unknown>): Answer<void> {
    return Effect.flatMap(Effect.forkDetach(one, { startImmediately: true }), (fiber) => {
      const exit = fiber.pollUnsafe()
      if (exit !== undefined) return Effect.asVoid(exit)
      this.#unanswered = [...this.#unanswered, fiber]
      return Effect.void
    })
  }
}

const rolledBack = new SqlError.SqlError({
  reason: new SqlError.UnknownError({
    cause: new Error("COMMIT rolled back a transaction in which something had failed"),
    message: "Nothing was committed",
    operation: "commit"
  })
})
