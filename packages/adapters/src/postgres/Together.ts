/**
 * What is asked for at the same moment within a transaction goes in one statement: each write is some parts of its WITH, and
 * what is read is what it answers. So no two may touch the same rows, and none sees what another has written.
 */
import { Deferred, Effect, Option } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { orDefect } from "./Failures.ts"

interface Asked {
  /** Of which there is one in a statement. */
  readonly name: string
  /** `name AS (INSERT ...), other AS (...)`, by names that nobody else uses. */
  readonly parts?: Statement.Fragment
  /** `SELECT ...`, of which there is one in a statement too. */
  readonly rows?: Statement.Fragment
}

type Rows = ReadonlyArray<unknown>

interface Group {
  readonly asked: Array<Asked>
  readonly answer: Deferred.Deferred<Rows>
}

/** By the transaction, or its savepoint, that they are in. */
const gathering = new WeakMap<object, Group>()

/** A write. */
export const together = (sql: SqlClient.SqlClient, name: string, parts: Statement.Fragment): Effect.Effect<void> =>
  Effect.asVoid(join(sql, { name, parts }))

/** The rows of a `SELECT`. */
export const readTogether = <Row>(
  sql: SqlClient.SqlClient,
  name: string,
  rows: Statement.Fragment
): Effect.Effect<ReadonlyArray<Row>> =>
  // Only one of a group reads, so these are its own: as sure as what any statement is said to give.
  Effect.map(join(sql, { name, rows }), (found) => found as ReadonlyArray<Row>)

const join = (sql: SqlClient.SqlClient, one: Asked): Effect.Effect<Rows> =>
  Effect.flatMap(Effect.serviceOption(sql.transactionService), (open) => {
    if (Option.isNone(open)) return run(sql, [one])
    const group = gathering.get(open.value)
    if (group === undefined) return lead(sql, open.value, one)
    if (group.asked.some((other) => isInTheWay(one, other))) return run(sql, [one])
    group.asked.push(one)
    return Deferred.await(group.answer)
  })

const isInTheWay = (one: Asked, other: Asked): boolean =>
  one.name === other.name || (one.rows !== undefined && other.rows !== undefined)

/** Whoever comes first waits for those that come in the same turn, and asks for all of them. */
const lead = (sql: SqlClient.SqlClient, open: object, one: Asked): Effect.Effect<Rows> =>
  Effect.suspend(() => {
    const group: Group = { asked: [one], answer: Deferred.makeUnsafe() }
    gathering.set(open, group)
    return Effect.yieldNow.pipe(
      Effect.ensuring(Effect.sync(() => gathering.delete(open))),
      Effect.andThen(Effect.suspend(() => run(sql, group.asked))),
      Effect.onExit((exit) => Deferred.done(group.answer, exit))
    )
  })

const run = (sql: SqlClient.SqlClient, asked: ReadonlyArray<Asked>): Effect.Effect<Rows> => {
  const parts = asked.flatMap((one) => one.parts ?? [])
  const rows = asked.flatMap((one) => one.rows ?? [])[0] ?? sql`SELECT 1`
  const [first, ...others] = parts
  const writes = first === undefined ? sql`` : sql`WITH ${others.reduce((all, one) => sql`${all}, ${one}`, first)} `
  return sql`${writes}${rows}`.pipe(orDefect)
}
