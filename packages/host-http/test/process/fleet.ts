/** Processes that can be killed in every way: hosts, their database and the simulated carrier. */
import { startEmbeddedPostgres } from "@cliqtel/sms-adapters/embedded"
import type { Log } from "@cliqtel/sms-testkit/simulator"
import { PgClient } from "@effect/sql-pg"
import { Effect, Exit, Redacted, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../../..", import.meta.url))

export const ADMIN_TOKEN = "admin-token-of-the-tests"

const START_MILLIS = 60_000

export const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** Below those that a connection takes by itself, so that nobody gets it while its server is down. */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createServer().listen(port, "127.0.0.1")
    const free = await Promise.race([once(probe, "listening").then(() => true), once(probe, "error").then(() => false)])
    if (!free) continue
    probe.close()
    await once(probe, "close")
    return port
  }
}

const node = (file: string, env: Record<string, string>) =>
  spawn(process.execPath, [file], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: `${root}/node_modules/.cache/node`, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })

/** The first thing that it says by this pattern; undefined if it ended without. */
const said = (child: ChildProcess, pattern: RegExp, errors: Array<string>): Promise<string | undefined> =>
  new Promise((resolve) => {
    let output = ""
    child.stdout?.on("data", (chunk) => {
      output += chunk
      const found = pattern.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.stderr?.on("data", (chunk) => errors.push(String(chunk)))
    child.on("exit", () => resolve(undefined))
  })

const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, "exit")
  child.kill(signal)
  await exit
}

export interface Simulated extends AsyncDisposable {
  readonly url: string
  log(): Promise<Log>
}

export const runSimulator = async (seed: number): Promise<Simulated> => {
  const errors: Array<string> = []
  const child = node("packages/testkit/src/simulator/main.ts", { SEED: String(seed) })
  const url = await said(child, /^Simulator at (\S+)$/m, errors)
  if (url === undefined) throw new Error(`the simulator has ended: ${errors.join("")}`)
  return {
    url,
    // What the process itself writes.
    log: async () => (await (await fetch(`${url}/log`)).json()) as Log,
    [Symbol.asyncDispose]: () => end(child, "SIGKILL")
  }
}

export interface Database extends AsyncDisposable {
  readonly url: string
  query(statement: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** With -9, and up again on the same directory and port. */
  kill(): Promise<void>
}

export const runDatabase = async (dataDir: string): Promise<Database> => {
  const port = await freePort()
  const start = async () => {
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
  let server = await start()
  const { url } = server
  return {
    url,
    query: (statement) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Record<string, unknown>>(statement)).pipe(
        Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
        Effect.runPromise
      ),
    kill: async () => {
      process.kill(server.pid, "SIGKILL")
      await server.stop()
      server = await start()
    },
    [Symbol.asyncDispose]: () => server.stop()
  }
}

export interface ProcessHost extends AsyncDisposable {
  readonly url: string
  /** Once it answers. */
  ready(): Promise<void>
  /** With -9; it is started again at once. */
  kill(): Promise<void>
  signal(signal: "SIGSTOP" | "SIGCONT"): void
  /** How often it ended by itself after it was ready. */
  readonly ownEnds: () => number
  /** The end of what it wrote to standard error. */
  readonly errors: () => string
}

/** A host as a supervisor keeps it: whatever ends it, it is started again, on the same port. */
export const runHost = async (env: Record<string, string>): Promise<ProcessHost> => {
  const port = await freePort()
  const errors: Array<string> = []
  const state = { wanted: true, killed: false, up: false, ownEnds: 0 }
  let child: ChildProcess

  const supervise = async () => {
    while (state.wanted) {
      child = node("packages/host-http/src/main.ts", { DEMO: "false", ADMIN_TOKEN, PORT: String(port), ...env })
      const exit = once(child, "exit")
      state.killed = false
      // One that ends before it is ready has no database at the moment.
      state.up = (await said(child, /is ready at (\S+)/, errors)) !== undefined
      await exit
      if (state.up && state.wanted && !state.killed) state.ownEnds++
      state.up = false
      errors.splice(0, errors.length - 50)
    }
  }
  const supervised = supervise()

  return {
    url: `http://127.0.0.1:${port}`,
    ready: async () => {
      const deadline = Date.now() + START_MILLIS
      while (!state.up) {
        if (Date.now() > deadline) throw new Error(`a host does not start: ${errors.join("")}`)
        await pause(25)
      }
    },
    kill: async () => {
      state.killed = true
      await end(child, "SIGKILL")
      state.up = false
    },
    signal: (signal) => void child.kill(signal),
    ownEnds: () => state.ownEnds,
    errors: () => errors.join("").slice(-4000),
    [Symbol.asyncDispose]: async () => {
      state.wanted = false
      await end(child, "SIGKILL")
      await supervised
    }
  }
}
