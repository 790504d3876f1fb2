/** Whatever is killed, and however: what was committed is there at the next start. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startEmbeddedPostgres } from "../../src/embedded/index.ts"
import { ended, isAlive, owner, runningOwner, until } from "./processes.ts"
import { directory, initialised, log, notes, notesIn, serverOf, write } from "./support.ts"

it.live("SIGKILL of the owner", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const { child, pid, url } = yield* runningOwner({ dataDir })
    yield* write(url, "before the kill")
    assert.deepStrictEqual(yield* Effect.promise(() => ended(child, "SIGKILL")), [null, "SIGKILL"])
    assert.deepStrictEqual(yield* notesIn(dataDir), ["before the kill", "kept"])
    assert.isFalse(isAlive(pid))
  })
)

it.live("SIGTERM of the owner", () =>
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

it.live("Ctrl-C, which signals the whole process group, leaves the server up until its owner has ended it", () =>
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

it.live("SIGKILL of the server: its owner hears of it, and the next start recovers", () =>
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

it.live("SIGKILL of both at once", () =>
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

it.live("an owner killed in the middle of its first start", () =>
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

it.live("a server that does not react to a shutdown is ended by force when its scope closes", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const postmaster = yield* Effect.scoped(
      Effect.gen(function* () {
        const { postmaster } = yield* serverOf(dataDir, { patience: ["100 millis", "100 millis"] })
        process.kill(postmaster.pid ?? 0, "SIGSTOP")
        return postmaster
      })
    )
    assert.strictEqual(postmaster.signalCode, "SIGKILL")
    assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
  })
)
