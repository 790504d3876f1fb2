/** What a start refuses, and that it then leaves everything as it was. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startEmbeddedPostgres } from "../../src/embedded/index.ts"
import { ended, owner, runningOwner } from "./processes.ts"
import { directory, initialised, isRoot, log, notes, notesIn } from "./support.ts"

it.live("a second owner, in another process or in this one, while the first goes on", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const first = yield* runningOwner({ dataDir })
    const error = yield* refusal(dataDir)
    assert.strictEqual(error.reason, "InUse")
    assert.strictEqual(error.pid, first.child.pid)
    assert.include(error.message, `in use by process ${first.child.pid}.`)
    assert.deepStrictEqual(yield* notes(first.url), ["kept"])

    yield* Effect.promise(() => ended(first.child, "SIGTERM"))
    const mine = yield* startEmbeddedPostgres({ dataDir })
    assert.strictEqual((yield* refusal(dataDir)).pid, process.pid)
    const other = yield* owner({ dataDir })
    assert.include(yield* other.said, { reason: "InUse", owner: process.pid })
    assert.deepStrictEqual(yield* notes(mine.url), ["kept"])
  })
)

it.live("not a directory whose dead owner's pid is somebody else's by now", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    writeFileSync(join(dataDir, "postgres.owner"), `${process.pid} here\n`)
    assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
  })
)

it.live("data of another major version", () =>
  Effect.gen(function* () {
    const dataDir = yield* directory
    mkdirSync(join(dataDir, "postgres"))
    writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "17\n")
    yield* refusesUntouched(dataDir, "PostgreSQL 17, and the embedded one is 18")
  })
)

it.live("a directory that is itself the data of a server", () =>
  Effect.gen(function* () {
    const dataDir = yield* directory
    writeFileSync(join(dataDir, "PG_VERSION"), "18\n")
    yield* refusesUntouched(dataDir, "is itself the data of a PostgreSQL server")
  })
)

it.live("something else in the cluster's place", () =>
  Effect.gen(function* () {
    const dataDir = yield* directory
    mkdirSync(join(dataDir, "postgres"))
    writeFileSync(join(dataDir, "postgres", "recipes.txt"), "soup\n")
    yield* refusesUntouched(dataDir, "is not the data of a PostgreSQL server")
  })
)

it.live("a setting that PostgreSQL refuses, in its own words, and the directory is free again", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const error = yield* refusal(dataDir, { shared_buffers: "plenty" })
    assert.strictEqual(error.reason, "StartFailed")
    assert.match(error.message, /invalid value for parameter "shared_buffers": "plenty"/)
    assert.include(error.message, join(dataDir, "postgres.log"))
    assert.include(log(dataDir), "plenty")
    assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
  })
)

it.live("data without its password, and with a wrong one", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const password = join(dataDir, "postgres.password")
    const right = readFileSync(password)
    writeFileSync(password, "wrong\n")
    assert.include((yield* refusal(dataDir)).message, password)
    rmSync(password)
    assert.include((yield* refusal(dataDir)).message, password)
    writeFileSync(password, right)
    assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
  })
)

it.live("as root, nothing: data that root copied, or that any user made, is run as a user who may", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const cluster = join(dataDir, "postgres")
    const before = lstatSync(cluster).uid
    if (!isRoot) {
      assert.strictEqual(before, process.geteuid?.()) // there is only us
      return
    }
    for (const path of [
      cluster,
      ...readdirSync(cluster, { recursive: true, encoding: "utf8" }).map((name) => join(cluster, name))
    ]) {
      chownSync(path, 0, 0)
    }
    assert.deepStrictEqual(yield* notesIn(dataDir), ["kept"])
    assert.strictEqual(lstatSync(cluster).uid, before)
    assert.strictEqual(lstatSync(join(cluster, "base")).uid, before)
  })
)

const refusal = (dataDir: string, settings: Record<string, string> = {}) =>
  Effect.flip(Effect.scoped(startEmbeddedPostgres({ dataDir, settings })))

const refusesUntouched = Effect.fnUntraced(function* (dataDir: string, because: string) {
  const before = contents(dataDir)
  const error = yield* refusal(dataDir)
  assert.strictEqual(error.reason, "WrongData")
  assert.include(error.message, because)
  assert.deepStrictEqual(contents(dataDir), before)
  assert.isFalse(existsSync(join(dataDir, "postgres.lock")))
})

/** Every name with what a change to it would change. */
const contents = (path: string) =>
  ["", ...readdirSync(path, { recursive: true, encoding: "utf8" }).sort()].map((name) => {
    const { ctimeMs, ino, mode, size, uid } = lstatSync(join(path, name))
    return { name, ctimeMs, ino, mode, size, uid }
  })
