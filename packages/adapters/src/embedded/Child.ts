/**
 * Programs that run beside us: as another user where root must not run them, without our environment (it holds secrets), in a
 * session of their own (Ctrl-C in a terminal reaches us alone), and on Linux tied to our life even when we are killed with -9.
 */
import { Effect } from "effect"
import { type ChildProcess, spawn, spawnSync, type StdioOptions } from "node:child_process"
import { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts"

/** Whom a program runs as: `{}` is ourselves. Only root can name another. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

export interface Program {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly account: Account
  /** Entered before the user is changed, so the user need not be able to reach it by its path. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** What the program gets when we die, where the system can do that. */
  readonly deathSignal?: "INT" | "TERM"
  readonly stdin?: number
}

export interface Finished {
  readonly code: number | null
  readonly output: string
}

/** Runs a program to its end. When interrupted, ends the program first. */
export const run = (program: Program): Effect.Effect<Finished, EmbeddedPostgresError> =>
  Effect.acquireUseRelease(
    start(program, [program.stdin ?? "ignore", "pipe", "pipe"]),
    (child) =>
      Effect.callback<Finished>((resume) => {
        let output = ""
        for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => output += String(chunk))
        child.on("close", (code) => resume(Effect.succeed({ code, output: output.trim() })))
      }),
    (child) =>
      Effect.suspend(() => {
        child.kill("SIGTERM")
        return untilExit(child)
      })
  )

/** Starts a program and leaves it running. */
export const start = (program: Program, stdio: StdioOptions): Effect.Effect<ChildProcess, EmbeddedPostgresError> =>
  Effect.callback((resume) => {
    const tie = program.deathSignal !== undefined && canTie() ? ["setpriv", "--pdeathsig", program.deathSignal, "--"] : []
    const [command = program.command, ...args] = [...tie, program.command, ...program.args]
    const child = spawn(command, args, {
      ...program.account,
      ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
      env: { ...environment(), ...program.env },
      stdio,
      detached: true
    })
    child.once("spawn", () => resume(Effect.succeed(child)))
    child.once("error", (cause: NodeJS.ErrnoException) => resume(Effect.fail(notStarted(program, cause))))
  })

export const untilExit = (child: ChildProcess): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (hasExited(child)) return resume(Effect.void)
    const done = () => resume(Effect.void)
    child.once("exit", done)
    return Effect.sync(() => child.off("exit", done))
  })

export const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** util-linux, so part of every Debian. BusyBox has a setpriv without --pdeathsig, hence the try. */
const canTie = (): boolean => tie ??= spawnSync("setpriv", ["--pdeathsig", "INT", "--", "true"]).status === 0
let tie: boolean | undefined

/** `su` leaves out the sbin directories, where useradd lives. The fixed locale makes messages readable for us. */
const environment = (): Record<string, string> => ({
  PATH: `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin`,
  ...(process.env.LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH }),
  LC_ALL: "C",
  TZ: "UTC"
})

// The system says EPERM or EINVAL when the user may not be changed, e.g. in a container without that capability.
const notStarted = (program: Program, cause: NodeJS.ErrnoException) =>
  program.account.uid !== undefined && (cause.code === "EPERM" || cause.code === "EINVAL")
    ? new EmbeddedPostgresError({
      reason: "NoAccount",
      message: `PostgreSQL does not run as root, and this root may not change to user ${program.account.uid} (${cause.code}). ` +
        "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
      cause
    })
    : new EmbeddedPostgresError({
      reason: "Unsupported",
      message: `${program.command} does not start: ${cause.message}`,
      cause
    })
