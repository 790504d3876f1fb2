/** The host's connections to PostgreSQL. */
import { keepNoStatements, layerPipelinedClient, planSettings } from "@cliqtel/sms-adapters/postgres"
import { Clock, Effect, Layer, type Redacted, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Readiness } from "./Readiness.ts"

/**
 * What a connection may hold up others for: a host that hangs lets go of its locks, and nobody waits for one for ever.
 * All far below the 60 s of a lease.
 */
const PATIENCE = {
  lock_timeout: "5s",
  statement_timeout: "15s",
  idle_in_transaction_session_timeout: "10s"
}

const KEEP_ALIVE_MILLIS = 10_000

/** Leases and rate limits compare the clocks of hosts: they have to agree to within this. */
const CLOCK_MILLIS = 30_000

/** PostgreSQL 15 or newer. */
const OLDEST = 150_000

export class DatabaseUnusable extends Schema.TaggedError<DatabaseUnusable>()("DatabaseUnusable", {
  message: Schema.String
}) {}

export const layerDatabase = (url: Redacted.Redacted<string>, connections: number) =>
  Layer.effectDiscard(Effect.andThen(Effect.map(SqlClient.SqlClient, keepNoStatements), checkServer)).pipe(
    Layer.provideMerge(layerClient(url, connections))
  )

const layerClient = (url: Redacted.Redacted<string>, connections: number) =>
  layerPipelinedClient({
    url,
    maxConnections: connections,
    applicationName: "cliqtel-sms",
    startupParameters: { ...PATIENCE, ...planSettings },
    keepAlive: KEEP_ALIVE_MILLIS
  }).pipe(Layer.catchTag("SqlError", (error) => Layer.effectContext(Effect.fail(unusable(error.reason.message)))))

const checkServer = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly version: number; readonly now: Date }>`
    SELECT current_setting('server_version_num')::int AS version, clock_timestamp() AS now
  `.pipe(Effect.mapError((error) => unusable(error.reason.message)))
  if ((row?.version ?? 0) < OLDEST) {
    return yield* unusable(`PostgreSQL ${Math.floor((row?.version ?? 0) / 10_000)} is too old, 15 or newer is needed`)
  }
  const apart = Math.abs((yield* Clock.currentTimeMillis) - (row?.now.getTime() ?? 0))
  if (apart > CLOCK_MILLIS) {
    return yield* unusable(`its clock and this machine's are ${Math.round(apart / 1000)} s apart, set them by NTP`)
  }
})

const unusable = (why: string) =>
  new DatabaseUnusable({ message: `The database that DATABASE_URL names cannot be used: ${why}` })

export const layerReadiness = Layer.effect(
  Readiness,
  Effect.map(SqlClient.SqlClient, (sql) => ({ check: Effect.asVoid(sql`SELECT 1`) }))
)
