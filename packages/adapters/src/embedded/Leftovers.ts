/**
 * Server processes that an earlier owner left on a data directory, and their orderly end. A process counts as one only when it runs a
 * program called postgres *and* works in this very directory (the same inode, not the same path), which is looked at again just before
 * each signal. So a reused pid in postmaster.pid is never signalled.
 */
import { Duration, Effect } from "effect"
import { readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { type Account, run } from "./Child.ts"
import { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts"

type Signal = "INT" | "QUIT" | "KILL"
type Sweep = (signal?: Signal, only?: number) => Effect.Effect<ReadonlyArray<number>, EmbeddedPostgresError>

/**
 * Ends what still runs on a cluster: fast, then immediately, then by force. Whoever calls this owns the data directory. Gives back the
 * pid that postmaster.pid names, which from then on is no server's: the process is dead, or has become a stranger's.
 */
export const endLeftovers = Effect.fnUntraced(function* (cluster: string, account: Account) {
  const postmaster = yield* recordedPid(cluster)
  const sweep = sweeper(cluster, account, postmaster)
  const first = yield* sweep()
  if (first.length > 0) yield* endAll(cluster, sweep, first, postmaster)
  // Empty or garbled after a crash of the machine: PostgreSQL would refuse to start.
  if (postmaster === undefined) yield* Effect.promise(() => rm(join(cluster, "postmaster.pid"), { force: true }))
  return postmaster
})

const endAll = Effect.fnUntraced(function* (
  cluster: string,
  sweep: Sweep,
  first: ReadonlyArray<number>,
  postmaster?: number
) {
  const led = postmaster !== undefined && first.includes(postmaster)
  // The postmaster ends its children. Children without one are told themselves; SIGINT would only cancel their queries.
  const stages: ReadonlyArray<readonly [Signal, Duration.Duration]> = [
    ...(led ? [["INT", Duration.seconds(15)] as const] : []),
    ["QUIT", Duration.seconds(5)],
    ["KILL", Duration.seconds(5)]
  ]
  for (const [signal, patience] of stages) {
    yield* sweep(signal, led && signal !== "KILL" ? postmaster : undefined)
    const gone = sweep().pipe(
      Effect.delay("25 millis"),
      Effect.repeat({ until: (left) => left.length === 0 }),
      Effect.timeoutOption(patience)
    )
    if ((yield* gone)._tag === "Some") return
  }
  return yield* new EmbeddedPostgresError({
    reason: "StartFailed",
    message: `A server of an earlier run does not end: ${(yield* sweep()).join(", ")} on ${cluster}. End it by hand.`
  })
})

/** The pid in postmaster.pid, which may be of a dead process or by now of a stranger. A half-written file has none. */
const recordedPid = (cluster: string): Effect.Effect<number | undefined> =>
  Effect.promise(() => readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")).pipe(
    Effect.map((text) => {
      const pid = Math.abs(Number.parseInt(text, 10)) // a single-user server writes its pid negative
      return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
    })
  )

/**
 * Finds the processes and sends them a signal, if there is one to send. It runs as the server's account: that one may look at its own
 * processes in a container where root may not, and cannot signal another user's.
 */
const sweeper = (cluster: string, account: Account, recorded: number | undefined): Sweep =>
  Effect.fnUntraced(function* (signal, only) {
    const script = process.platform === "linux" ? ON_LINUX : ELSEWHERE
    const { output } = yield* run({
      command: "sh",
      args: ["-c", script, "sh", signal ?? "", String(only ?? ""), String(recorded ?? ""), cluster],
      account,
      cwd: cluster
    })
    return output
      .split("\n")
      .filter((line) => /^\d+$/.test(line))
      .map(Number)
  })

const SIGNAL = `echo "$pid"; if [ -n "$1" ] && [ "\${2:-$pid}" = "$pid" ]; then kill -s "$1" "$pid"; fi`

const ON_LINUX = `
for p in /proc/[0-9]*; do
  [ "$p/cwd" -ef . ] || continue
  case "$(readlink "$p/exe")" in
    */postgres | */"postgres (deleted)") pid=\${p#/proc/}; ${SIGNAL} ;;
  esac
done`

/** Without /proc only the recorded postmaster can be recognised, by its command line. */
const ELSEWHERE = `
pid=$3
[ -n "$pid" ] || exit 0
case "$(ps -ww -o command= -p "$pid")" in
  */"postgres -D $4 "*) ${SIGNAL} ;;
esac`
