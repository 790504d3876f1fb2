/**
 * A connection in the hands of one transaction, which sends what nobody waits for together with what comes next. Borrowed for
 * statements alone, it is a connection like any other.
 */
import type { PgConnection } from "@effect/sql-pg"
import { Effect, Fiber, Stream } from "effect"
import { type SqlConnection, SqlError } from "effect/sql"

type Asked = PgConnection.PgConnection
type Answer<A> = Effect.Effect<A, SqlError.SqlError>
type Parameters = ReadonlyArray<unknown>
type Transform = (<A extends object>(rows: ReadonlyArray<A>) => ReadonlyArray<A>) | undefined

/** What is under way when a transaction is given up has so long to end by itself. */
const END_MILLIS = 1000

/** Without a transaction it does no harm, should `BEGIN` have failed before it. */
const READS = /^\s*SELECT\b/i

export class PipelinedConnection implements SqlConnection.Connection {
  readonly #asked: Asked
  readonly #giveUp: Effect.Effect<void>
  /** To be sent before anything else. */
  #begin: Answer<unknown> | undefined
  /** Sent, and nobody has looked at their answers yet. */
  #unanswered: ReadonlyArray<Fiber.Fiber<unknown, SqlError.SqlError>> = []
  #streams = 0
  /** Its transaction has ended, and the connection may be somebody else's. */
  #isOver = false

  /** `giveUp` ends what is under way on it, and it with that. */
  constructor(asked: Asked, giveUp: Effect.Effect<void> = Effect.void) {
    this.#asked = asked
    this.#giveUp = giveUp
  }

  begin(statement: string): Answer<void> {
    // Unprepared, so that it is never found to be stale and done again after what goes with it.
    const begin = this.#asked.query(statement, [], false)
    // One of the caller's own may be refused, and what is sent with it must not stand alone then.
    if (statement !== "BEGIN") return Effect.asVoid(begin)
    return Effect.sync(() => {
      this.#begin = begin
    })
  }

  /** What the server answers is looked at with the next statement, or at the end. */
  later(text: string, parameters: Parameters): Answer<void> {
    const one = this.#asked.query(text, parameters)
    return Effect.suspend(() => {
      // A stream has the connection, so that it would wait unsent.
      if (this.#streams > 0) return Effect.asVoid(this.#inTurn(text, one))
      return Effect.andThen(
        this.#start(text),
        Effect.suspend(() => this.#sendUnanswered(one))
      )
    })
  }

  /** Until all that was sent is answered. */
  readonly settled: Answer<void> = Effect.suspend(() => {
    const sent = this.#unanswered
    this.#unanswered = []
    return Effect.forEach(sent, (fiber) => Fiber.join(fiber), { discard: true })
  })

  readonly commit: Answer<void> = Effect.suspend(() => {
    if (this.#isOver) return Effect.fail(over)
    this.#isOver = true
    // Nothing was asked for in it.
    if (this.#begin !== undefined) return Effect.void
    return Effect.flatMap(this.#send(this.#asked.query("COMMIT")), ({ command }) =>
      // What PostgreSQL does of a transaction in which something has failed.
      command === "ROLLBACK" ? Effect.fail(rolledBack) : Effect.void
    )
  })

  readonly rollback: Effect.Effect<void> = Effect.suspend(() => {
    if (this.#isOver) return Effect.void
    this.#isOver = true
    return this.#begin === undefined ? this.#orGiveUp("ROLLBACK") : Effect.void
  })

  savepoint(name: string): Answer<void> {
    return this.#control(`SAVEPOINT ${name}`)
  }

  releaseSavepoint(name: string): Answer<void> {
    return Effect.suspend(() => (this.#isOver ? Effect.void : this.#control(`RELEASE SAVEPOINT ${name}`)))
  }

  /** Once it is given up, whatever comes after it fails. */
  rollbackSavepoint(name: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      // What it undoes may fail.
      this.#unanswered = []
      return this.#isOver ? Effect.void : this.#orGiveUp(`ROLLBACK TO SAVEPOINT ${name}`)
    })
  }

  execute(text: string, parameters: Parameters, transform: Transform) {
    return this.#rows(text, this.#asked.query(text, parameters), transform)
  }

  executeUnprepared(text: string, parameters: Parameters, transform: Transform) {
    return this.#rows(text, this.#asked.query(text, parameters, false), transform)
  }

  executeRaw(text: string, parameters: Parameters) {
    return this.#inTurn(text, this.#asked.query(text, parameters))
  }

  executeValues(text: string, parameters: Parameters) {
    return this.#inTurn(text, this.#asked.queryValues(text, parameters))
  }

  executeValuesUnprepared(text: string, parameters: Parameters) {
    return this.#inTurn(text, this.#asked.queryValues(text, parameters, false))
  }

  executeStream(text: string, parameters: Parameters, transform: Transform) {
    const begun = Effect.andThen(this.#start(text), this.settled)
    const rows = Stream.unwrap(
      Effect.map(begun, () => {
        this.#streams++
        return Stream.ensuring(
          this.#asked.stream(text, parameters),
          Effect.sync(() => this.#streams--)
        )
      })
    )
    return transform === undefined
      ? rows
      : // As many rows come out of it as went in.
        Stream.mapArray(rows, (some) => transform(some) as typeof some)
  }

  #control(text: string): Answer<void> {
    return Effect.asVoid(this.#inTurn(text, this.#asked.query(text)))
  }

  #rows(text: string, one: Answer<PgConnection.Result>, transform: Transform): Answer<ReadonlyArray<PgConnection.Row>> {
    return Effect.map(this.#inTurn(text, one), ({ rows }) => (transform === undefined ? rows : transform(rows)))
  }

  #inTurn<A>(text: string, one: Answer<A>): Answer<A> {
    return Effect.suspend(() => {
      if (this.#isOver) return Effect.fail(over)
      return this.#begin === undefined ? this.#send(one) : Effect.andThen(this.#start(text), this.#send(one))
    })
  }

  /** After what was sent before; fails with what failed first. */
  #send<A>(one: Answer<A>): Answer<A> {
    return Effect.suspend(() =>
      this.#unanswered.length === 0
        ? one
        : Effect.flatMap(Effect.exit(one), (exit) => Effect.andThen(this.settled, exit))
    )
  }

  /** Before what only reads its answer is not waited for. */
  #start(text: string): Answer<void> {
    return Effect.suspend(() => {
      if (this.#isOver) return Effect.fail(over)
      const begin = this.#begin
      this.#begin = undefined
      if (begin === undefined) return Effect.void
      return READS.test(text) ? this.#sendUnanswered(begin) : Effect.asVoid(begin)
    })
  }

  /** It is on its way when this returns; what cannot be sent fails at once, since the server would go on without it. */
  #sendUnanswered(one: Answer<unknown>): Answer<void> {
    return Effect.flatMap(Effect.forkDetach(one, { startImmediately: true }), (fiber) => {
      const exit = fiber.pollUnsafe()
      if (exit !== undefined) return Effect.asVoid(exit)
      this.#unanswered = [...this.#unanswered, fiber]
      return Effect.void
    })
  }

  #orGiveUp(text: string): Effect.Effect<void> {
    return Effect.interruptible(this.#asked.query(text)).pipe(
      Effect.timeout(END_MILLIS),
      Effect.asVoid,
      Effect.catchCause(() =>
        Effect.suspend(() => {
          this.#isOver = true
          return this.#giveUp
        })
      )
    )
  }
}

const failed = (
  message: string,
  reason: typeof SqlError.ConnectionError | typeof SqlError.UnknownError,
  operation: string
) => new SqlError.SqlError({ reason: new reason({ cause: new Error(message), message, operation }) })

const over = failed("The transaction of this connection is over", SqlError.ConnectionError, "query")

const rolledBack = failed("COMMIT rolled back what had failed before it", SqlError.UnknownError, "commit")
