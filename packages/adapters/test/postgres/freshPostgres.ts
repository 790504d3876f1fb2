/** All ports on an empty database of its own. */
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { PgClient } from "@effect/sql-pg"
import { Duration, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { inject } from "vitest"
import * as Postgres from "../../src/postgres/index.ts"

/** Its pool never looks for idle connections: a test that moves the clock by years would wait for it to look each minute. */
export const freshClient = (maxConnections = 12) =>
  Layer.unwrap(
    Effect.map(freshDatabase(inject("postgresUrl")), (url) =>
      PgClient.layer({ url, maxConnections, idleTimeout: Duration.infinity })
    )
  )

export const freshPostgres = Postgres.layer.pipe(
  Layer.provideMerge(Postgres.layerMigrations),
  Layer.provideMerge(freshClient())
)

/** Until somebody waits for a lock that another transaction of this database holds. */
export const somebodyWaits = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  sql<{ readonly waiting: number }>`
    SELECT count(*)::int AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND wait_event_type = 'Lock'
  `.pipe(Effect.repeat({ until: ([row]) => (row?.waiting ?? 0) > 0 }))
)
