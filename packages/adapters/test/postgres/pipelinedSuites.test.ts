/** With the client that spares trips, PostgreSQL does the same. */
import { Fixture, portSuites } from "@cliqtel/sms-testkit"
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { Duration, Effect, Layer } from "effect"
import { inject } from "vitest"
import * as Postgres from "../../src/postgres/index.ts"

const client = Layer.unwrap(
  Effect.map(freshDatabase(inject("postgresUrl")), (url) =>
    Postgres.layerPipelinedClient({ url, maxConnections: 12, idleTimeout: Duration.infinity })
  )
)

const ports = Postgres.layer.pipe(Layer.provideMerge(Postgres.layerMigrations), Layer.provideMerge(client))

portSuites("postgres, pipelined", Fixture.layer.pipe(Layer.provideMerge(ports)), { runs: 5 })
