/** What the tests of the embedded PostgreSQL share: places, data to start on, and questions to a server. */
import { PgClient } from "@effect/sql-pg"
import { Effect, type Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, vi } from "vitest"
import { packagedBinaries, runnableBinaries } from "../../src/embedded/Binaries.ts"
import { dataDirectory } from "../../src/embedded/DataDirectory.ts"
import { startEmbeddedPostgres } from "../../src/embedded/index.ts"
import { type ServerOptions, startServer } from "../../src/embedded/Server.ts"
import { serverAccount } from "../../src/embedded/ServerAccount.ts"

vi.setConfig({ testTimeout: 30_000 })

export const isRoot = process.geteuid?.() === 0

/** In memory where there is room, since much of the time goes into syncing fresh data. */
const place = statfsRoom("/dev/shm") > 1e9 ? "/dev/shm" : tmpdir()

const emptyDirectory = (parent: string) =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(parent, "embedded-test-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true, maxRetries: 10 }))
  )

/** An empty directory, removed with the scope. */
export const directory = emptyDirectory(place)

/** One that programs can be run from, which memory often does not allow. */
export const directoryForPrograms = emptyDirectory(tmpdir())

/** Data to start on: made once in a test file, by a first start that kept one note. */
let made: string | undefined
afterAll(() => {
  if (made !== undefined) rmSync(made, { recursive: true, force: true })
})

export const initialised = Effect.gen(function* () {
  const parent = yield* directory
  made ??= yield* madeOnce
  execFileSync("cp", ["-a", made, join(parent, "data")])
  return join(parent, "data")
})

const madeOnce = Effect.gen(function* () {
  const path = mkdtempSync(join(place, "embedded-test-"))
  const { url } = yield* startEmbeddedPostgres({ dataDir: path })
  yield* ask(url, (sql) =>
    Effect.andThen(sql`CREATE TABLE notes (text text NOT NULL)`, sql`INSERT INTO notes VALUES ('kept')`)
  )
  return path
}).pipe(Effect.scoped)

/** Bytes free on a file system. */
function statfsRoom(path: string) {
  if (!existsSync(path)) return 0
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}

export const ask = <A, E, R>(
  url: Redacted.Redacted<string>,
  question: (sql: SqlClient.SqlClient) => Effect.Effect<A, E, R>
) => Effect.flatMap(SqlClient.SqlClient, question).pipe(Effect.provide(PgClient.layer({ url, maxConnections: 1 })))

export const write = (url: Redacted.Redacted<string>, text: string) =>
  ask(url, (sql) => sql`INSERT INTO notes VALUES (${text})`)

export const notes = (url: Redacted.Redacted<string>) =>
  ask(url, (sql) => sql<{ text: string }>`SELECT text FROM notes ORDER BY text`).pipe(
    Effect.map((rows) => rows.map(({ text }) => text))
  )

/** Starts on a directory, gives back its notes, and ends. */
export const notesIn = (dataDir: string) =>
  Effect.scoped(Effect.flatMap(startEmbeddedPostgres({ dataDir }), ({ url }) => notes(url)))

export const log = (dataDir: string) => {
  const path = join(dataDir, "postgres.log")
  return existsSync(path) ? readFileSync(path, "utf8") : ""
}

/** Whom the server of a data directory runs as, in the words of spawn's options. */
export const serverUser = (dataDir: string) => {
  const { gid, uid } = statSync(join(dataDir, "postgres"))
  return isRoot ? { gid, uid } : {}
}

/** Only the server of a data directory, without its ownership and without a look for what still runs there. */
export const serverOf = Effect.fnUntraced(function* (dataDir: string, options: Partial<ServerOptions> = {}) {
  const directory = dataDirectory(dataDir)
  const account = yield* serverAccount(directory.cluster)
  const binaries = yield* Effect.flatMap(packagedBinaries, (packaged) => runnableBinaries(packaged, account))
  return yield* startServer({ directory, binaries, account, settings: {}, ...options })
})
