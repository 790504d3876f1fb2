/** A host as a supervisor keeps it: whatever ends it, it is started again, on the same port. */
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { end, freePort, node, said } from "./childProcess.ts"
import { until } from "./until.ts"

export const ADMIN_TOKEN = "admin-token-of-the-tests"

export interface ProcessHost extends AsyncDisposable {
  /** By which the simulator's log names it. */
  readonly name: string
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

export interface HostOptions {
  readonly name: string
  readonly databaseUrl: string
  readonly simulatorUrl: string
  readonly dataDir: string
}

export const runHost = async ({ dataDir, databaseUrl, name, simulatorUrl }: HostOptions): Promise<ProcessHost> => {
  const port = await freePort()
  const errors: Array<string> = []
  const state = { wanted: true, killed: false, up: false, ownEnds: 0 }
  let child: ChildProcess

  const supervise = async () => {
    while (state.wanted) {
      child = node("packages/host-http/src/main.ts", {
        DATABASE_URL: databaseUrl,
        SANDBOX_URL: `${simulatorUrl}/${name}`,
        DATA_DIR: dataDir,
        DEMO: "false",
        ADMIN_TOKEN,
        PORT: String(port)
      })
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
  const lastErrors = () => errors.join("").slice(-4000)

  return {
    name,
    url: `http://127.0.0.1:${port}`,
    ready: async () => {
      await until(
        () => `${name} is ready: ${lastErrors()}`,
        () => state.up
      )
    },
    kill: async () => {
      state.killed = true
      await end(child, "SIGKILL")
      state.up = false
    },
    signal: (signal) => void child.kill(signal),
    ownEnds: () => state.ownEnds,
    errors: lastErrors,
    [Symbol.asyncDispose]: async () => {
      state.wanted = false
      await end(child, "SIGKILL")
      await supervised
    }
  }
}
