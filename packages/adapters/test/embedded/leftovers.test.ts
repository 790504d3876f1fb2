/** What an earlier owner left running or lying: a server is ended, and nobody else is signalled. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { spawn } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startEmbeddedPostgres } from "../../src/embedded/index.ts"
import { ended, isAlive } from "./processes.ts"
import { initialised, log, notes, notesIn, serverOf, serverUser } from "./support.ts"

it.live("a server that outlived its owner is ended in order, and its directory started again", () =>
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

it.live("so is one that appears only after the look for leftovers", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const first = yield* serverOf(dataDir)
    const second = yield* serverOf(dataDir) // never looks before its start
    assert.strictEqual(first.postmaster.exitCode, 0)
    assert.isTrue(isAlive(second.postmaster.pid ?? 0))
    assert.include(log(dataDir), "already exists")
  })
)

it.live("a stranger who got the dead server's pid is left alone", () =>
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

it.live("so is a PostgreSQL of another directory", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const other = yield* startEmbeddedPostgres({ dataDir: yield* initialised })
    yield* leavePid(dataDir, other.pid)
    assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
    assert.deepStrictEqual(yield* notes(other.url), ["kept"])
  })
)

it.live("a postmaster.pid that a crash left empty", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    writeFileSync(join(dataDir, "postgres", "postmaster.pid"), "")
    assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
  })
)

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
