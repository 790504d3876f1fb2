/** A server for tests: fast, and gone with its scope. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { ephemeralDirectory } from "../../src/embedded/Ephemeral.ts"
import { layerEmbeddedClient } from "../../src/embedded/index.ts"
import { ended, owner, until } from "./processes.ts"
import { directory } from "./support.ts"

it.effect("an ephemeral server, also under a test's clock, goes with its scope", () =>
  Effect.gen(function* () {
    const parent = yield* temporaryDirectories
    const settings = { synchronous_commit: "off", max_connections: "17" }
    yield* Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [row] = yield* sql`SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync,
        current_setting('max_connections') AS most`
      assert.deepStrictEqual(row, { fsync: "off", sync: "off", most: "17" })
      assert.strictEqual(readdirSync(parent).length, 1)
    }).pipe(Effect.provide(layerEmbeddedClient({ ephemeral: true, settings })))
    assert.deepStrictEqual(readdirSync(parent), [])
  })
)

it.live("what a killed owner leaves of an ephemeral server goes with the next one", () =>
  Effect.gen(function* () {
    const parent = yield* temporaryDirectories
    const { child } = yield* owner({ ephemeral: true })
    const left = () => readdirSync(parent).map((name) => join(parent, name))
    yield* until(() => left().some((path) => readdirSync(path).some((name) => name.startsWith("postgres.new-"))))
    const [abandoned = ""] = left()
    yield* Effect.promise(() => ended(child, "SIGKILL"))
    assert.isTrue(existsSync(abandoned))
    yield* Effect.scoped(ephemeralDirectory)
    assert.deepStrictEqual(left(), [])
  })
)

/** Where temporary directories go, ours alone. */
const temporaryDirectories = Effect.gen(function* () {
  const path = yield* directory
  const before = process.env.TMPDIR
  return yield* Effect.acquireRelease(
    Effect.sync(() => (process.env.TMPDIR = path)),
    () => Effect.sync(() => (before === undefined ? delete process.env.TMPDIR : (process.env.TMPDIR = before)))
  )
})
