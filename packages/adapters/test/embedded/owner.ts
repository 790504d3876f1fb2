/**
 * A process that owns an embedded PostgreSQL, for tests to kill. It prints one line of JSON when the server is up or has not come up;
 * on SIGTERM and SIGINT it asks the server once more, prints the answer, and ends in order.
 */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from "../../src/embedded/index.ts"

const options = JSON.parse(process.argv[2] ?? "") as EmbeddedPostgresOptions
const { promise: asked, resolve } = Promise.withResolvers<void>()
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => resolve()) // for good: the signal may come twice
const say = (message: object) => Effect.sync(() => console.log(JSON.stringify(message)))

const main = Effect.gen(function* () {
  const { pid, url } = yield* startEmbeddedPostgres(options)
  yield* say({ pid, url: Redacted.value(url) })
  yield* Effect.promise(() => asked)
  const answer = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1 AS one`)
  yield* say({ stillAnswers: yield* Effect.provide(answer, PgClient.layer({ url })) })
}).pipe(
  Effect.scoped,
  Effect.catchTag("EmbeddedPostgresError", ({ message, reason, ...error }) =>
    say({ reason, message, owner: error.pid })
  )
)

// Until then the process must live, whatever the server's handles do.
const alive = setInterval(() => {}, 1_000)
await Effect.runPromise(main).finally(() => clearInterval(alive))
