/** What the tests of the embedded PostgreSQL share: directories, owners to kill, and waiting on conditions. */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from "../../src/embedded/index.ts"

export const isRoot = process.geteuid?.() === 0

/** In memory where there is room, since much of the time goes into syncing fresh data. */
const place = statfsRoom("/dev/shm") > 1e9 ? "/dev/shm" : tmpdir()

/** An empty directory, removed with the scope. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(place, "embedded-test-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true, maxRetries: 10 }))
)

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

export interface Owner {
  readonly child: ChildProcess
  /** The next line of JSON that it prints; undefined once it has ended. */
  readonly said: Effect.Effect<Record<string, unknown> | undefined>
}

/** Another process that owns a server: see owner.ts. */
export const owner = (options: EmbeddedPostgresOptions) =>
  Effect.acquireRelease(
    Effect.sync((): Owner => {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL("owner.ts", import.meta.url)), JSON.stringify(options)],
        {
          stdio: ["ignore", "pipe", "inherit"],
          detached: true // a process group, as a terminal gives one to its foreground job
        }
      )
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
      const said = Effect.promise(() => lines.next()).pipe(
        Effect.map(({ done, value }) => (done ? undefined : (JSON.parse(value) as Record<string, unknown>)))
      )
      return { child, said }
    }),
    ({ child }) => Effect.promise(() => ended(child, "SIGTERM"))
  )

/** An owner whose server is up. */
export const runningOwner = Effect.fnUntraced(function* (options: EmbeddedPostgresOptions) {
  const started = yield* owner(options)
  const { pid, url } = (yield* started.said) ?? {}
  if (typeof pid !== "number" || typeof url !== "string") throw new Error("The owner's server did not start")
  return { ...started, pid, url: Redacted.make(url) }
})

/** Signals a child that is alive, and waits for its end: [code, signal]. */
export const ended = async (
  child: ChildProcess,
  signal: NodeJS.Signals
): Promise<readonly [number | null, string | null]> => {
  if (isRunning(child)) {
    const exit = once(child, "exit")
    child.kill(signal)
    await exit
  }
  return [child.exitCode, child.signalCode]
}

export const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

/** A process that has ended and that nobody has asked about, as under a lazy init, is not alive. */
export const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  } catch {
    return false
  }
}

/** Polls a condition; the test's own time limit bounds it. */
export const until = (condition: () => boolean) =>
  Effect.sync(condition).pipe(
    Effect.repeat({ until: (met) => met, schedule: Schedule.spaced("5 millis") }),
    Effect.asVoid
  )

export const log = (dataDir: string) => {
  const path = join(dataDir, "postgres.log")
  return existsSync(path) ? readFileSync(path, "utf8") : ""
}

/** Whom the server of a data directory runs as, in the words of spawn's options. */
export const serverUser = (dataDir: string) => {
  const { gid, uid } = statSync(join(dataDir, "postgres"))
  return isRoot ? { gid, uid } : {}
}
