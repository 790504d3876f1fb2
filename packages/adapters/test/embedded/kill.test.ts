/** Whatever is killed, and however: what was committed is there at the next start. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { packagedBinaries, runnableBinaries } from "../../src/embedded/Binaries.ts"
import { dataDirectory } from "../../src/embedded/DataDirectory.ts"
import { startEmbeddedPostgres } from "../../src/embedded/index.ts"
import { type ServerOptions, startServer } from "../../src/embedded/Server.ts"
import { serverAccount } from "../../src/embedded/ServerAccount.ts"
import {
  directory,
  ended,
  initialised,
  isAlive,
  log,
  notes,
  notesIn,
  owner,
  runningOwner,
  serverUser,
  until,
  write
} from "./support.ts"

it.live(
  "SIGKILL of the owner",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const { child, pid, url } = yield* runningOwner({ dataDir })
      yield* write(url, "before the kill")
      assert.deepStrictEqual(yield* Effect.promise(() => ended(child, "SIGKILL")), [null, "SIGKILL"])
      assert.deepStrictEqual(yield* notesIn(dataDir), ["before the kill", "kept"])
      assert.isFalse(isAlive(pid))
    })
)

it.live(
  "SIGTERM of the owner",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const { child, pid, url } = yield* runningOwner({ dataDir })
      yield* write(url, "before the end")
      assert.deepStrictEqual(yield* Effect.promise(() => ended(child, "SIGTERM")), [0, null])
      assert.isFalse(isAlive(pid))
      assert.include(log(dataDir), "database system is shut down")
      assert.deepStrictEqual(yield* notesIn(dataDir), ["before the end", "kept"])
    })
)

it.live(
  "Ctrl-C, which signals the whole process group, leaves the server up until its owner has ended it",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const { child, pid, said } = yield* runningOwner({ dataDir })
      process.kill(-(child.pid ?? 0), "SIGINT")
      assert.deepStrictEqual(yield* said, { stillAnswers: [{ one: 1 }] })
      yield* until(() => child.exitCode === 0)
      assert.isFalse(isAlive(pid))
      assert.include(log(dataDir), "database system is shut down")
      assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
    })
)

it.live(
  "SIGKILL of the server: its owner hears of it, and the next start recovers",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { ended: serverEnded, pid, url } = yield* startEmbeddedPostgres({ dataDir })
          yield* write(url, "before the kill")
          process.kill(pid, "SIGKILL")
          const error = yield* Effect.flip(serverEnded)
          assert.strictEqual(error.reason, "Ended")
        })
      )
      assert.deepStrictEqual(yield* notesIn(dataDir), ["before the kill", "kept"])
      assert.include(log(dataDir), "database system was not properly shut down")
    })
)

it.live(
  "SIGKILL of both at once",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const { child, pid, url } = yield* runningOwner({ dataDir })
      yield* write(url, "before the kill")
      process.kill(pid, "SIGKILL")
      yield* Effect.promise(() => ended(child, "SIGKILL"))
      assert.isTrue(existsSync(join(dataDir, "postgres", "postmaster.pid")))
      assert.deepStrictEqual(yield* notesIn(dataDir), ["before the kill", "kept"])
      assert.include(log(dataDir), "database system was not properly shut down")
    })
)

it.live(
  "a server that outlived its owner is ended in order, and its directory started again",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
      const { postmaster } = yield* serverOf(dataDir).pipe(Scope.provide(scope)) // and no owner
      const { pid } = yield* startEmbeddedPostgres({ dataDir })
      assert.notStrictEqual(pid, postmaster.pid)
      assert.strictEqual(postmaster.exitCode, 0)
      assert.notInclude(log(dataDir), "not properly shut down")
    })
)

it.live(
  "so is one that appears only after the look for leftovers",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const first = yield* serverOf(dataDir)
      const second = yield* serverOf(dataDir) // never looks before its start
      assert.strictEqual(first.postmaster.exitCode, 0)
      assert.isTrue(isAlive(second.postmaster.pid ?? 0))
      assert.include(log(dataDir), "already exists")
    })
)

it.live(
  "a stranger who got the dead server's pid is left alone",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      // Of the server's own user, or the system would protect it anyway; and in the cluster itself, with another program.
      const stranger = yield* running("sleep", ["1000"], { ...serverUser(dataDir), cwd: join(dataDir, "postgres") })
      yield* leavePid(dataDir, stranger.pid)
      assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
      assert.isNull(stranger.exitCode ?? stranger.signalCode)
      assert.isTrue(isAlive(stranger.pid ?? 0))
    })
)

it.live(
  "so is a PostgreSQL of another directory",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const other = yield* startEmbeddedPostgres({ dataDir: yield* initialised })
      yield* leavePid(dataDir, other.pid)
      assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
      assert.deepStrictEqual(yield* notes(other.url), ["kept"])
    })
)

it.live(
  "a postmaster.pid that a crash left empty",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      writeFileSync(join(dataDir, "postgres", "postmaster.pid"), "")
      assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
    })
)

it.live(
  "an owner killed in the middle of its first start",
  () =>
    Effect.gen(function* () {
      const dataDir = join(yield* directory, "data")
      const { child } = yield* owner({ dataDir })
      const unfinished = () =>
        existsSync(dataDir) ? readdirSync(dataDir).filter((name) => name.startsWith("postgres.new-")) : []
      yield* until(() => unfinished().some((name) => existsSync(join(dataDir, name, "PG_VERSION"))))
      assert.deepStrictEqual(yield* Effect.promise(() => ended(child, "SIGKILL")), [null, "SIGKILL"])
      assert.isFalse(existsSync(join(dataDir, "postgres")))
      assert.strictEqual(unfinished().length, 1)
      // initdb may have cleaned up while dying; killed with us it would not have.
      mkdirSync(join(dataDir, "postgres.new-killed", "base"), { recursive: true })
      writeFileSync(join(dataDir, "postgres.new-killed", "PG_VERSION"), "18\n")

      const { url } = yield* startEmbeddedPostgres({ dataDir })
      yield* Effect.flip(notes(url)) // empty, and answers
      assert.deepStrictEqual(unfinished(), [])
    })
)

it.live(
  "a server that does not react to a shutdown is ended by force when its scope closes",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const postmaster = yield* Effect.scoped(
        Effect.gen(function* () {
          const { postmaster } = yield* serverOf(dataDir, ["100 millis", "100 millis"])
          process.kill(postmaster.pid ?? 0, "SIGSTOP")
          return postmaster
        })
      )
      assert.strictEqual(postmaster.signalCode, "SIGKILL")
      assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
    })
)

/** Only the server of a data directory, without the ownership. */
const serverOf = Effect.fnUntraced(function* (
  dataDir: string,
  patience: ServerOptions["patience"] = ["15 seconds", "5 seconds"]
) {
  const directory = dataDirectory(dataDir)
  const account = yield* serverAccount(directory.cluster)
  const binaries = yield* Effect.flatMap(packagedBinaries, (packaged) => runnableBinaries(packaged, account))
  return yield* startServer({ directory, binaries, account, settings: {}, patience })
})

const running = (command: string, args: ReadonlyArray<string>, options: { uid?: number; gid?: number; cwd: string }) =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(command, args, { ...options, stdio: "ignore" })),
    (child) => Effect.promise(() => ended(child, "SIGKILL"))
  )

/** What a killed server leaves, with this pid in it. */
const leavePid = Effect.fnUntraced(function* (dataDir: string, pid: number | undefined) {
  const file = join(dataDir, "postgres", "postmaster.pid")
  yield* Effect.scoped(
    Effect.gen(function* () {
      const server = yield* startEmbeddedPostgres({ dataDir })
      process.kill(server.pid, "SIGKILL")
      yield* Effect.flip(server.ended)
    })
  )
  const [, ...rest] = readFileSync(file, "utf8").split("\n")
  writeFileSync(file, [pid, ...rest].join("\n"))
})
