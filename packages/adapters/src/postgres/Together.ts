/**
 * What is asked for at the same moment within a transaction goes in one statement: each write is some parts of its WITH, and
 * what is read is what it answers. So no two may touch the same rows unless they say how they go together, and none sees
 * what another has written.
 */
import { Deferred, Effect, Option } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { orDefect } from "./Failures.ts"
import { unawaited } from "./PipelinedClient.ts"

/** `name AS (INSERT ...), other AS (...)`, by names that nobody else uses; may depend on what else goes with it. */
type Parts = (isWith: (name: string) => boolean) => Statement.Fragment

interface Read {
  readonly columns: ReadonlyArray<string>
  /** `SELECT ...` of these columns. */
  readonly rows: Statement.Fragment
}

interface Asked {
  /** Of which there is one in a statement. */
  readonly name: string
  readonly parts?: Parts
  readonly read?: Read
}

type Row = Readonly<Record<string, unknown>>
/** By the name of who reads them. */
type Answer = ReadonlyMap<string, ReadonlyArray<Row>>

interface Group {
  readonly open: object
  readonly asked: Array<Asked>
  readonly answer: Deferred.Deferred<Answer>
}

/**
 * Of the transactions, or savepoints, in which something is asked for at this moment. A WeakMap keeps what it has had far beyond
 * its time (docs/performance.md).
 */
let gathering: ReadonlyArray<Group> = []

/** A write. */
export const together = (sql: SqlClient.SqlClient, name: string, parts: Statement.Fragment): Effect.Effect<void> =>
  togetherWith(sql, name, () => parts)

/** A write that does it another way where a certain other one goes with it. */
export const togetherWith = (sql: SqlClient.SqlClient, name: string, parts: Parts): Effect.Effect<void> =>
  Effect.asVoid(join(sql, { name, parts }))

/** The rows of a `SELECT`. */
export const readTogether = <A extends object>(
  sql: SqlClient.SqlClient,
  name: string,
  read: Read & { readonly columns: ReadonlyArray<keyof A & string> }
): Effect.Effect<ReadonlyArray<A>> =>
  // These are its own: as sure as what any statement is said to give.
  Effect.map(join(sql, { name, read }), (answer) => (answer.get(name) ?? []) as ReadonlyArray<A>)

const join = (sql: SqlClient.SqlClient, one: Asked): Effect.Effect<Answer> =>
  Effect.flatMap(Effect.serviceOption(sql.transactionService), (open) => {
    if (Option.isNone(open)) return run(sql, [one])
    const group = gathering.find((group) => group.open === open.value)
    if (group === undefined) return lead(sql, open.value, one)
    if (group.asked.some((other) => one.name === other.name)) return run(sql, [one])
    group.asked.push(one)
    return Deferred.await(group.answer)
  })

/** Those who ask at once do so before it is over. A turn of the event loop would have all that waits there go first. */
const turn = Effect.callback<void>((resume) => queueMicrotask(() => resume(Effect.void)))

/** Whoever comes first waits for those that come at once, and asks for all of them. */
const lead = (sql: SqlClient.SqlClient, open: object, one: Asked): Effect.Effect<Answer> =>
  Effect.suspend(() => {
    const group: Group = { open, asked: [one], answer: Deferred.makeUnsafe() }
    const gather = Effect.suspend(() => {
      gathering = [...gathering, group]
      return turn
    })
    return gather.pipe(
      Effect.ensuring(Effect.sync(() => (gathering = gathering.filter((other) => other !== group)))),
      Effect.andThen(Effect.suspend(() => run(sql, group.asked))),
      Effect.onExit((exit) => Deferred.done(group.answer, exit))
    )
  })

const run = (sql: SqlClient.SqlClient, asked: ReadonlyArray<Asked>): Effect.Effect<Answer> => {
  const isWith = (name: string) => asked.some((one) => one.name === name)
  const [first, ...others] = asked.flatMap(({ parts }) => parts?.(isWith) ?? [])
  const writes = first === undefined ? sql`` : sql`WITH ${others.reduce((all, one) => sql`${all}, ${one}`, first)} `
  const readers = asked.flatMap(({ name, read }) => (read === undefined ? [] : [{ name, ...read }]))
  const [only] = readers
  if (only === undefined) return unawaited(sql, sql`${writes}SELECT 1`).pipe(orDefect, Effect.as(new Map()))
  return readers.length === 1
    ? sql<Row>`${writes}${only.rows}`.pipe(
        orDefect,
        Effect.map((rows) => new Map([[only.name, rows]]))
      )
    : sql<Row>`${writes}${sideBySide(sql, readers)}`.pipe(
        orDefect,
        Effect.map((rows) => apart(rows, readers))
      )
}

interface Reader extends Read {
  readonly name: string
}

/** The rows of all readers beside each other, the first of each in the first row, and so on. */
const sideBySide = (sql: SqlClient.SqlClient, readers: ReadonlyArray<Reader>): Statement.Fragment => {
  const columns = readers.flatMap(({ columns, name }) => [
    `${name}.n AS "${name}"`,
    ...columns.map((column) => `${name}.${column} AS "${name}.${column}"`)
  ])
  const numbered = ({ name, rows }: Reader) =>
    sql`(SELECT row_number() OVER () AS n, * FROM (${rows}) ${sql.literal(`${name}_rows`)}) ${sql.literal(name)}`
  const all = readers.slice(1).reduce(
    (before, reader, i) => {
      const earlier = readers.slice(0, i + 1).map(({ name }) => `${name}.n`)
      return sql`${before} FULL JOIN ${numbered(reader)} ON ${sql.literal(`${reader.name}.n = coalesce(${earlier.join(", ")})`)}`
    },
    // There are two at least.
    numbered(readers[0] as Reader)
  )
  const place = sql.literal(`coalesce(${readers.map(({ name }) => `${name}.n`).join(", ")})`)
  return sql`SELECT ${sql.literal(columns.join(", "))} FROM ${all} ORDER BY ${place}`
}

const apart = (rows: ReadonlyArray<Row>, readers: ReadonlyArray<Reader>): Answer =>
  new Map(
    readers.map(({ columns, name }) => {
      const from = columns.map((column) => `${name}.${column}`)
      const own = rows.flatMap((row) => {
        if (row[name] === null) return []
        const one: Record<string, unknown> = {}
        columns.forEach((column, i) => (one[column] = row[from[i] ?? ""]))
        return [one]
      })
      return [name, own]
    })
  )
