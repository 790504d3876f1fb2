/** All ports on an empty database of its own. */
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer } from "effect"
import { inject } from "vitest"
import * as Postgres from "../../src/postgres/index.ts"

export const freshClient = (maxConnections = 12) =>
  Layer.unwrap(Effect.map(freshDatabase(inject("postgresUrl")), (url) => PgClient.layer({ url, maxConnections })))

export const freshPostgres = Postgres.layer.pipe(
  Layer.provideMerge(Postgres.layerMigrations),
  Layer.provideMerge(freshClient())
)
