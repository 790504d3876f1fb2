/**
 * A real PostgreSQL 18 from npm, as a child process on a data directory of ours. It is on 127.0.0.1 alone, it keeps what it has
 * committed whatever kills it or us, it ends with its scope, and a data directory has one live owner.
 */
import { PgClient } from "@effect/sql-pg"
import { Clock, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { mkdir, readFile } from "node:fs/promises"
import { packagedBinaries, runnableBinaries } from "./Binaries.ts"
import { untilExit } from "./Child.ts"
import { type DataDirectory, dataDirectory, hasCluster } from "./DataDirectory.ts"
import { EmbeddedPostgresError, step } from "./EmbeddedPostgresError.ts"
import { ephemeralDirectory } from "./Ephemeral.ts"
import { initialiseCluster } from "./InitialiseCluster.ts"
import { endLeftovers } from "./Leftovers.ts"
import { ownDirectory } from "./OwnerLock.ts"
import { ROLE, startServer } from "./Server.ts"
import { serverAccount } from "./ServerAccount.ts"

const DATABASE = "sms"

interface Kept {
  /** Made where missing. */
  readonly dataDir: string
  readonly ephemeral?: boolean
}

interface Ephemeral {
  /** For tests: in a fresh temporary directory that goes with the scope, and not synced to disk. */
  readonly ephemeral: true
}

export type EmbeddedPostgresOptions = (Kept | Ephemeral) & {
  /** Settings of PostgreSQL, over its own defaults. Where it listens is not up to them. */
  readonly settings?: Readonly<Record<string, string>>
  /** Where it listens on 127.0.0.1, the same at each start; without it any port that is free. */
  readonly port?: number
}

export interface EmbeddedPostgres {
  /** postgresql://user:password@127.0.0.1:port/sms */
  readonly url: Redacted.Redacted<string>
  readonly pid: number
  /** Fails when the server ends without being asked. */
  readonly ended: Effect.Effect<never, EmbeddedPostgresError>
}

export const startEmbeddedPostgres = Effect.fn("startEmbeddedPostgres")(
  function* (options: EmbeddedPostgresOptions) {
    const durable = !options.ephemeral
    const packaged = yield* packagedBinaries
    const directory = dataDirectory(options.ephemeral ? yield* ephemeralDirectory : options.dataDir)
    yield* hasCluster(directory, packaged.major) // before anything is touched, and again when it can no longer change
    yield* step("NoAccess", `Making ${directory.root}`, () => mkdir(directory.root, { recursive: true, mode: 0o700 }))
    yield* ownDirectory(directory)
    const account = yield* serverAccount(directory.cluster)
    const binaries = yield* runnableBinaries(packaged, account)
    const found = yield* hasCluster(directory, packaged.major)
    if (!found) yield* initialiseCluster({ directory, binaries, account, durable })
    const stale = found ? yield* endLeftovers(directory.cluster, account) : undefined

    const settings = { ...(durable ? DURABLE : EPHEMERAL), ...options.settings }
    const choosePort = options.port === undefined ? {} : { choosePort: Effect.succeed(options.port) }
    const server = yield* startServer({ directory, binaries, account, settings, stale, ...choosePort })
    const url = yield* urlOf(directory, server.port)
    yield* createDatabase(url("postgres"), directory)
    const ended = untilExit(server.postmaster).pipe(Effect.andThen(hasEnded(directory)))
    return { url: url(DATABASE), pid: server.postmaster.pid ?? 0, ended } satisfies EmbeddedPostgres
  },
  // Processes take real time, also in a test whose clock stands still.
  (start) => Effect.provideService(start, Clock.Clock, Clock.Clock.defaultValue())
)

/** A client of an embedded server that lives as long as the layer. */
export const layerEmbeddedClient = (options: EmbeddedPostgresOptions) =>
  Layer.unwrap(Effect.map(startEmbeddedPostgres(options), ({ url }) => PgClient.layer({ url })))

// Said aloud, so that nothing in postgresql.conf or ALTER SYSTEM makes a commit less than one.
const DURABLE = { fsync: "on", synchronous_commit: "on", full_page_writes: "on", log_checkpoints: "off" }
const EPHEMERAL = { fsync: "off", full_page_writes: "off", log_checkpoints: "off" }

const urlOf = (directory: DataDirectory, port: number) =>
  step(
    "NoAccess",
    `${directory.password} holds the database's password and is needed (restore it from a backup of the data directory). Reading it`,
    () => readFile(directory.password, "utf8")
  ).pipe(
    Effect.map(
      (password) => (database: string) =>
        Redacted.make(`postgresql://${ROLE}:${password.trim()}@127.0.0.1:${port}/${database}`)
    )
  )

/** On every start: it shows that the server answers and takes our password, and makes up for a first start that was cut short. */
const createDatabase = (url: Redacted.Redacted<string>, directory: DataDirectory) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const found = yield* sql`SELECT 1 FROM pg_database WHERE datname = ${DATABASE}`
    if (found.length === 0) yield* sql`CREATE DATABASE ${sql(DATABASE)}`
  }).pipe(
    Effect.provide(PgClient.layer({ url, maxConnections: 1 })),
    Effect.mapError(
      (cause) =>
        new EmbeddedPostgresError({
          reason: "StartFailed",
          message: `PostgreSQL runs and does not let us in: ${cause.message}. Is ${directory.password} still the one of ${directory.cluster}?`,
          cause
        })
    )
  )

const hasEnded = (directory: DataDirectory) =>
  new EmbeddedPostgresError({
    reason: "Ended",
    message: `The embedded PostgreSQL ended by itself; ${directory.log} says why. Start again: committed data is kept.`
  })
