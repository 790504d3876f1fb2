/** Processes for the tests of the embedded PostgreSQL: owners to kill, and how to wait for what becomes of them. */
import { Effect, Redacted, Schedule } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { EmbeddedPostgresOptions } from "../../src/embedded/index.ts"

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

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

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
