/** A PostgreSQL of its own that a test can end, start again on what it has left, or freeze. */
import { startEmbeddedPostgres } from "@cliqtel/sms-adapters/embedded"
import { PgClient } from "@effect/sql-pg"
import { Effect, Exit, Redacted, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { freePort } from "./childProcess.ts"

export interface Database extends AsyncDisposable {
  readonly url: string
  /** Rows of what the statement says. */
  query<Row extends object>(statement: string): Promise<ReadonlyArray<Row>>
  /** SIGQUIT is PostgreSQL's immediate stop; after SIGKILL its children end by themselves. Resolves when it is gone. */
  kill(signal: "SIGQUIT" | "SIGKILL"): Promise<void>
  /** Again, on the same directory and port. */
  start(): Promise<void>
  /** All its processes: connections stay, and nothing is answered. */
  freeze(): Promise<void>
  thaw(): void
  /** What the server has logged since its last start. */
  log(): Promise<string>
}

export const runDatabase = async (dataDir: string): Promise<Database> => {
  const port = await freePort()
  const launch = async () => {
    const scope = Scope.makeUnsafe()
    const server = await startEmbeddedPostgres({ dataDir, port, settings: { max_connections: "100" } }).pipe(
      Effect.provideService(Scope.Scope, scope),
      Effect.runPromise
    )
    return {
      pid: server.pid,
      url: Redacted.value(server.url),
      stop: () => Effect.runPromise(Scope.close(scope, Exit.void))
    }
  }
  let server = await launch()
  const { url } = server
  let frozen: ReadonlyArray<number> = []

  const thaw = () => {
    for (const pid of frozen) process.kill(pid, "SIGCONT")
    frozen = []
  }

  return {
    url,
    query: <Row extends object>(statement: string) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Row>(statement)).pipe(
        Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
        Effect.runPromise
      ),
    kill: async (signal) => {
      process.kill(server.pid, signal)
      // Waits for it, and for children that a dead server has left.
      await server.stop()
    },
    start: async () => {
      server = await launch()
    },
    freeze: async () => {
      // First the one that could start others.
      process.kill(server.pid, "SIGSTOP")
      frozen = [server.pid]
      const children = await childrenOf(server.pid)
      for (const pid of children) process.kill(pid, "SIGSTOP")
      frozen = [server.pid, ...children]
    },
    thaw,
    log: () => readFile(join(dataDir, "postgres.log"), "utf8"),
    [Symbol.asyncDispose]: async () => {
      thaw()
      await server.stop()
    }
  }
}

const childrenOf = async (parent: number): Promise<ReadonlyArray<number>> => {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="])
  return stdout.split("\n").flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number)
    return pid !== undefined && ppid === parent ? [pid] : []
  })
}
