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
  Effect.suspend(() => {
    const finished = Promise.withResolvers<Finished>()
    return Effect.acquireUseRelease(
      start(program, [program.stdin ?? "ignore", "pipe", "pipe"], (child) => collect(child, finished.resolve)),
      () => Effect.promise(() => finished.promise),
      (child) =>
        Effect.andThen(
          Effect.sync(() => child.kill("SIGTERM")),
          untilExit(child)
        )
    )
  })

const collect = (child: ChildProcess, done: (finished: Finished) => void) => {
  let output = ""
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)))
  child.once("close", (code) => done({ code, output: output.trim() }))
}

/** Starts a program and leaves it running. `watch` sees it before it can have said or done anything. */
export const start = (
  program: Program,
  stdio: StdioOptions,
  watch: (child: ChildProcess) => void = () => {}
): Effect.Effect<ChildProcess, EmbeddedPostgresError> =>
  Effect.callback((resume) => {
    const fail = (cause: unknown) => resume(Effect.fail(notStarted(program, cause)))
    try {
      const child = spawnTied(program, stdio)
      child.once("spawn", () => resume(Effect.succeed(child)))
      // Stays for good: a signal that may not be sent is an "error" too, and one that nobody hears ends the process.
      child.on("error", fail)
      watch(child)
    } catch (cause) {
      fail(cause) // some of the system's refusals are thrown, the others are events
    }
  })

const spawnTied = (program: Program, stdio: StdioOptions): ChildProcess => {
  const tie = program.deathSignal !== undefined && canTie() ? [TIE, "--pdeathsig", program.deathSignal, "--"] : []
  const [command = program.command, ...args] = [...tie, program.command, ...program.args]
  return spawn(command, args, {
    ...program.account,
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
    env: { ...environment(), ...program.env },
    stdio,
    detached: true
  })
}

export const untilExit = (child: ChildProcess): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (hasExited(child)) return resume(Effect.void)
    const done = () => resume(Effect.void)
    child.once("exit", done)
    return Effect.sync(() => child.off("exit", done))
  })

export const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** util-linux, so part of every Debian. BusyBox has a setpriv without --pdeathsig, hence the try. */
const canTie = (): boolean => (tie ??= spawnSync(TIE, ["--pdeathsig", "INT", "--", "true"]).status === 0)
let tie: boolean | undefined
const TIE = "setpriv"

/** `su` leaves out the sbin directories, where useradd lives. The fixed locale makes messages readable for us. */
const environment = (): Record<string, string> => ({
  PATH: `${process.env.PATH ?? "/usr/local/bin"}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
  ...(process.env.LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH }),
  LC_ALL: "C",
  TZ: "UTC"
})

const notStarted = ({ account, command }: Program, cause: unknown) => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  // What the system says when the user may not be changed, e.g. in a container without that capability.
  return account.uid !== undefined && (code === "EPERM" || code === "EINVAL")
    ? new EmbeddedPostgresError({
        reason: "NoAccount",
        message:
          `PostgreSQL does not run as root, and this root may not change to user ${account.uid} (${code}). ` +
          "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
        cause
      })
    : new EmbeddedPostgresError({
        reason: "Unsupported",
        message: `${command} does not start: ${String(cause)}`,
        cause
      })
}
