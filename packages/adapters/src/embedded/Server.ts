/**
 * One running server: on 127.0.0.1 alone, on a port that was free, without Unix sockets (their paths are too short for a deep data
 * directory). Closing the scope shuts it down in order, and in any case.
 */
import { type Duration, Effect } from "effect"
import type { ChildProcess } from "node:child_process"
import { open, readFile } from "node:fs/promises"
import { createServer, type AddressInfo } from "node:net"
import { join } from "node:path"
import { type Account, hasExited, start, untilExit } from "./Child.ts"
import type { DataDirectory } from "./DataDirectory.ts"
import { EmbeddedPostgresError, step } from "./EmbeddedPostgresError.ts"
import { endLeftovers } from "./Leftovers.ts"
import { readSince, rotateLog, sizeOf } from "./ServerLog.ts"

export const ROLE = "sms"

export interface ServerOptions {
  readonly directory: DataDirectory
  readonly binaries: string
  readonly account: Account
  readonly settings: Readonly<Record<string, string>>
  /** The pid in postmaster.pid, where that is known to be no server of this directory. */
  readonly stale?: number | undefined
  /** How a port is picked that is free at this moment. */
  readonly choosePort?: Effect.Effect<number, EmbeddedPostgresError>
  /** How long a fast shutdown may take, and an immediate one. A final checkpoint on a slow disk takes seconds. */
  readonly patience?: readonly [Duration.Input, Duration.Input]
}

interface Server {
  readonly port: number
  readonly postmaster: ChildProcess
}

export const startServer = Effect.fnUntraced(function* (options: ServerOptions) {
  let stale = options.stale
  yield* rotateLog(options.directory.log)
  for (let attempts = 1; ; attempts++) {
    const port = yield* options.choosePort ?? freePort
    const begin = yield* sizeOf(options.directory.log)
    const postmaster = yield* Effect.acquireRelease(launch(options, port, stale), (started) => stop(options, started))
    if (yield* untilReady(options.directory.cluster, postmaster)) return { port, postmaster } satisfies Server
    const said = yield* readSince(options.directory.log, begin)
    // Between our look and its start, another program may have taken the port.
    if (attempts < 10 && said.includes("Address already in use")) continue
    // A server that its killed owner was just starting appears only after we have looked for leftovers.
    if (attempts < 3 && /lock file .* already exists|pre-existing shared memory block/.test(said)) {
      stale = yield* endLeftovers(options.directory.cluster, options.account)
      continue
    }
    return yield* notStarted(options.directory, said)
  }
})

/**
 * On Linux the server names its directory by where it already is. So it need not be able to traverse what lies above (a clone under
 * /root has the mode of /root), and no path is too long for it or has characters that it cannot quote.
 */
export const pathForServer = (cluster: string) => (process.platform === "linux" ? "/proc/self/cwd" : cluster)

const launch = Effect.fnUntraced(function* (options: ServerOptions, port: number, stale: number | undefined) {
  const { account, binaries, directory, settings } = options
  return yield* Effect.acquireUseRelease(
    step("StartFailed", "Opening the server's log", () => open(directory.log, "a", 0o600)),
    (log) =>
      start(
        {
          command: join(binaries, "bin", "postgres"),
          args: ["-D", pathForServer(directory.cluster), ...flags({ ...DEFAULTS, ...settings, ...ours(port) })],
          account,
          cwd: directory.cluster,
          // How pg_ctl says "this pid is no other server", or PostgreSQL takes a stranger for one. Its other checks it still makes.
          ...(stale === undefined ? {} : { env: { PG_GRANDPARENT_PID: String(stale) } }),
          deathSignal: "INT"
        },
        ["ignore", log.fd, log.fd]
      ),
    (log) => Effect.promise(() => log.close())
  )
})

/** A queue leaves its whole length of dead rows behind every few seconds: looked for once a minute, they are in the way. */
const DEFAULTS = { autovacuum_naptime: "15s" }

const ours = (port: number) => ({ listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "" })

const flags = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])

const freePort = Effect.callback<number, EmbeddedPostgresError>((resume) => {
  const probe = createServer()
  probe.once("error", (cause) =>
    resume(
      Effect.fail(
        new EmbeddedPostgresError({ reason: "StartFailed", message: `No free port: ${cause.message}`, cause })
      )
    )
  )
  probe.listen(0, "127.0.0.1", () => {
    const { port } = probe.address() as AddressInfo
    probe.close(() => resume(Effect.succeed(port)))
  })
})

/** False when it ended instead. The first line of postmaster.pid is whose it is, the eighth how far it has come. */
const untilReady = Effect.fnUntraced(function* (cluster: string, postmaster: ChildProcess) {
  // No bound: recovery after a crash takes as long as there is log to replay, and ends in one of the two.
  while (!hasExited(postmaster)) {
    const lines = yield* Effect.promise(() => readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => ""))
    const [pid, , , , , , , status] = lines.split("\n")
    if (pid === String(postmaster.pid) && status?.trim() === "ready") return true
    yield* Effect.sleep("10 millis")
  }
  return false
})

/** Fast shutdown (clients are disconnected, a checkpoint is written), then immediate, then by force. */
const stop = Effect.fnUntraced(function* (options: ServerOptions, postmaster: ChildProcess) {
  const { account, directory, patience: [fast, immediate] = ["15 seconds", "5 seconds"] } = options
  const endByAccount = endLeftovers(directory.cluster, account).pipe(Effect.ignore({ log: "Warn" }))
  for (const [signal, patience] of [
    ["SIGINT", fast],
    ["SIGQUIT", immediate],
    ["SIGKILL", "5 seconds"]
  ] as const) {
    if (hasExited(postmaster)) break
    // Root without the capability to signal others' processes leaves it to the server's own user.
    if (!postmaster.kill(signal)) yield* endByAccount
    yield* untilExit(postmaster).pipe(Effect.timeoutOption(patience))
  }
  // After an orderly end there is nobody; after any other, its children may still be about.
  if (postmaster.exitCode !== 0) yield* endByAccount
})

const notStarted = (directory: DataDirectory, said: string) =>
  new EmbeddedPostgresError({
    reason: "StartFailed",
    message:
      `PostgreSQL did not start on ${directory.cluster}. Its last lines (all of them are in ${directory.log}):\n` +
      said.trim().split("\n").slice(-10).join("\n")
  })
