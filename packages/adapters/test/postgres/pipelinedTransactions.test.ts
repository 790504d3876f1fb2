/** Whatever happens within transactions and to them: what was committed is there, the rest is not, and none stays open. */
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, ManagedRuntime } from "effect"
import { SqlClient } from "effect/sql"
import fc from "fast-check"
import { afterAll, inject } from "vitest"
import { layerPipelinedClient, unawaited } from "../../src/postgres/index.ts"

const client = Layer.unwrap(
  Effect.map(freshDatabase(inject("postgresUrl")), (url) => layerPipelinedClient({ url, maxConnections: 3 }))
)
const runtime = ManagedRuntime.make(client)
afterAll(() => runtime.dispose())

type Step =
  | "read"
  | "write"
  | "write later"
  | "refused"
  | "refused later"
  | "yield"
  | "sleep"
  | "savepoint"
  | "undone savepoint"

const STEPS: ReadonlyArray<Step> = [
  "read",
  "write",
  "write later",
  "refused",
  "refused later",
  "yield",
  "sleep",
  "savepoint",
  "undone savepoint"
]

const plan = fc.record({
  steps: fc.array(fc.constantFrom(...STEPS), { maxLength: 6 }),
  fails: fc.boolean(),
  interruptAfter: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined })
})

let next = 0

interface Plan {
  readonly steps: ReadonlyArray<Step>
  readonly fails: boolean
  readonly interruptAfter: number | undefined
}

/** `left` are the rows that it leaves behind once it is committed. */
const transaction = (sql: SqlClient.SqlClient, { fails, steps }: Plan, left: Array<number>) =>
  Effect.gen(function* () {
    const insert = (n: number) => sql`INSERT INTO kept VALUES (${n})`
    for (const step of steps) {
      const n = ++next
      switch (step) {
        case "read":
          yield* sql`SELECT count(*) FROM kept`
          break
        case "write":
          left.push(n)
          yield* insert(n)
          break
        case "write later":
          left.push(n)
          yield* unawaited(sql, insert(n))
          break
        case "refused":
          yield* insert(-n)
          break
        case "refused later":
          yield* unawaited(sql, insert(-n))
          break
        case "yield":
          yield* Effect.yieldNow
          break
        case "sleep":
          yield* sql`SELECT pg_sleep(0.003)`
          break
        case "savepoint":
          left.push(n)
          yield* sql.withTransaction(unawaited(sql, insert(n)))
          break
        case "undone savepoint":
          yield* Effect.exit(sql.withTransaction(Effect.andThen(unawaited(sql, insert(n)), unawaited(sql, insert(-n)))))
          break
      }
    }
    if (fails) return yield* Effect.fail("no")
  }).pipe(sql.withTransaction)

const run = Effect.fnUntraced(function* (plans: ReadonlyArray<Plan>) {
  const sql = yield* SqlClient.SqlClient
  const exits = yield* Effect.forEach(
    plans,
    Effect.fnUntraced(function* (one) {
      const left: Array<number> = []
      const fiber = yield* Effect.forkChild(transaction(sql, one, left), { startImmediately: true })
      if (one.interruptAfter !== undefined) {
        yield* Effect.sleep(one.interruptAfter)
        yield* Fiber.interrupt(fiber)
      }
      return { exit: yield* Fiber.await(fiber), left, one }
    }),
    { concurrency: "unbounded" }
  )
  for (const { exit, one } of exits) {
    const isRefused = one.fails || one.steps.some((step) => step.startsWith("refused"))
    if (isRefused) assert.isTrue(Exit.isFailure(exit))
    else if (one.interruptAfter === undefined) assert.isTrue(Exit.isSuccess(exit))
  }
  const rows = yield* sql<{ readonly n: number }>`DELETE FROM kept RETURNING n`
  const kept = new Set(rows.map(({ n }) => n))
  for (const { exit, left, one } of exits) {
    const there = left.filter((n) => kept.delete(n))
    // Who is interrupted while it is committed is not told.
    if (one.interruptAfter !== undefined && Exit.isFailure(exit)) assert.include([0, left.length], there.length)
    else assert.strictEqual(there.length, Exit.isSuccess(exit) ? left.length : 0)
  }
  assert.deepStrictEqual([...kept], [])
  const open = yield* sql<{ readonly query: string }>`
    SELECT query FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
      AND (state <> 'idle' OR backend_xid IS NOT NULL)
  `
  assert.deepStrictEqual(open, [])
  return exits.some(({ exit }) => Exit.isSuccess(exit)) && exits.some(({ exit }) => Exit.isFailure(exit))
})

it("a pipelined client keeps exactly what it has committed, and leaves no transaction open", async () => {
  await runtime.runPromise(
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE TABLE kept (n integer PRIMARY KEY CHECK (n > 0))`)
  )
  let mixed = 0
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 8 }), async (plans) => {
      if (await runtime.runPromise(run(plans))) mixed++
    }),
    { numRuns: 150 }
  )
  assert.isAbove(mixed, 0)
})
