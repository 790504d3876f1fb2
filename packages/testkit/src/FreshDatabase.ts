/** An empty database of its own on a PostgreSQL server, dropped when the scope closes. */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted, type Scope } from "effect"
import { SqlClient, type SqlError } from "effect/sql"

declare module "vitest" {
  interface ProvidedContext {
    /** URL of a PostgreSQL server on which tests may create databases. */
    readonly postgresUrl: string
  }
}

let made = 0

/** `server`: URL of a role that may create databases. Gives the URL of the new one. */
export const freshDatabase = (server: string): Effect.Effect<Redacted.Redacted, SqlError.SqlError, Scope.Scope> => {
  const name = `test_${process.pid}_${++made}`
  const onServer = (statement: string) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(server), maxConnections: 1 }))
    )
  return Effect.acquireRelease(onServer(`CREATE DATABASE ${name}`), () =>
    onServer(`DROP DATABASE ${name} WITH (FORCE)`).pipe(Effect.orDie)
  ).pipe(
    Effect.map(() => {
      const url = new URL(server)
      url.pathname = name
      return Redacted.make(url.href)
    })
  )
}
