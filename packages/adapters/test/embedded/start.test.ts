/** Where and how a server starts, and what it is then. */
import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs"
import { type AddressInfo, createServer, type Server } from "node:net"
import { join } from "node:path"
import { packagedBinaries, runnableBinaries } from "../../src/embedded/Binaries.ts"
import { dataDirectory } from "../../src/embedded/DataDirectory.ts"
import { ephemeralDirectory } from "../../src/embedded/Ephemeral.ts"
import { layerEmbeddedClient, startEmbeddedPostgres } from "../../src/embedded/index.ts"
import { endLeftovers } from "../../src/embedded/Leftovers.ts"
import { startServer } from "../../src/embedded/Server.ts"
import { serverAccount } from "../../src/embedded/ServerAccount.ts"
import {
  ask,
  directory,
  ended,
  initialised,
  isAlive,
  isRoot,
  log,
  notes,
  owner,
  serverUser,
  until,
  write
} from "./support.ts"

it.live(
  "a first start makes a durable server that only the password opens, on 127.0.0.1 alone",
  () =>
    Effect.gen(function* () {
      const dataDir = join(yield* directory, "not", "there", "yet")
      const { pid, url } = yield* startEmbeddedPostgres({ dataDir })
      assert.match(Redacted.value(url), /^postgresql:\/\/sms:[\w-]{32}@127\.0\.0\.1:\d+\/sms$/)

      const settings = yield* ask(
        url,
        (sql) => sql<{ name: string; setting: string }>`SELECT name, setting FROM pg_settings`
      )
      const expected = {
        fsync: "on",
        synchronous_commit: "on",
        full_page_writes: "on",
        data_checksums: "on",
        server_encoding: "UTF8",
        listen_addresses: "127.0.0.1",
        unix_socket_directories: ""
      }
      const found = new Map(settings.map(({ name, setting }) => [name, setting]))
      for (const [name, setting] of Object.entries(expected)) assert.strictEqual(found.get(name), setting, name)
      assert.match(found.get("server_version") ?? "", /^18\./)

      const wrong = Redacted.make(Redacted.value(url).replace(/:[\w-]{32}@/, ":wrong@"))
      assert.match(
        String(yield* Effect.flip(ask(wrong, (sql) => sql`SELECT 1`))),
        /password authentication failed|28P01|Sql/
      )
      for (const name of ["postgres.password", "postgres.log"]) {
        assert.strictEqual(statSync(join(dataDir, name)).mode & 0o777, 0o600, name)
      }
      assert.strictEqual(statSync(dataDir).mode & 0o777, 0o700)
      assert.isTrue(isAlive(pid))
    })
)

it.live(
  "text sorts by code point and folds case beyond ASCII",
  () =>
    Effect.gen(function* () {
      const { url } = yield* startEmbeddedPostgres({ dataDir: yield* initialised })
      const [row] = yield* ask(url, (sql) => sql`SELECT 'Z' < 'a' AS by_code_point, upper('é') AS upper`)
      assert.deepStrictEqual(row, { by_code_point: true, upper: "É" })
    })
)

it.live(
  "a second start keeps the data and the password, and the first leaves no process behind",
  () =>
    Effect.gen(function* () {
      const dataDir = yield* initialised
      const first = yield* Effect.scoped(
        Effect.gen(function* () {
          const server = yield* startEmbeddedPostgres({ dataDir })
          yield* write(server.url, "second")
          return server
        })
      )
      assert.isFalse(isAlive(first.pid))
      assert.include(log(dataDir), "database system is shut down")
      const second = yield* startEmbeddedPostgres({ dataDir })
      assert.deepStrictEqual(yield* notes(second.url), ["kept", "second"])
      assert.strictEqual(
        Redacted.value(second.url).split(":")[2]?.split("@")[0],
        Redacted.value(first.url).split(":")[2]?.split("@")[0]
      )
      assert.include(readFileSync(join(dataDir, "postgres.log.1"), "utf8"), "database system is shut down")
    })
)

it.live(
  "a deep path with spaces and quotes, under a directory that the server's user cannot enter",
  () =>
    Effect.gen(function* () {
      const parent = yield* directory
      chmodSync(parent, 0o700)
      const dataDir = join(parent, ...Array<string>(6).fill(`it's a "deep" $path, №  ${"x".repeat(30)}`))
      assert.isAbove(Buffer.byteLength(dataDir), 300)
      yield* Effect.scoped(startEmbeddedPostgres({ dataDir }))
      const { url } = yield* startEmbeddedPostgres({ dataDir }) // goes another way than the first
      assert.deepStrictEqual(yield* ask(url, (sql) => sql`SELECT 1 AS one`), [{ one: 1 }])
      // As root it is another user, for whom the way is barred; else it is us.
      const entering = spawnSync("ls", [join(dataDir, "postgres")], {
        ...serverUser(dataDir),
        cwd: "/",
        encoding: "utf8"
      })
      if (isRoot) assert.match(entering.stderr, /Permission denied/)
      else assert.include(entering.stdout, "PG_VERSION")
      assert.strictEqual(statSync(parent).mode & 0o777, 0o700)
    })
)

it.live(
  "programs in a directory that the server's user cannot enter, whose links are missing",
  () =>
    Effect.gen(function* () {
      const parent = yield* directory
      chmodSync(parent, 0o700)
      const packaged = yield* packagedBinaries
      // As after an install with umask 077 that ran no scripts.
      const path = join(parent, "native")
      cpSync(packaged.path, path, { recursive: true, filter: (source) => !lstatSync(source).isSymbolicLink() })
      for (const name of ["", "bin", "bin/postgres", "bin/initdb"]) chmodSync(join(path, name), 0o700)
      const account = yield* serverAccount(join(parent, "none"))
      const runnable = yield* runnableBinaries({ ...packaged, path }, account)
      if (isRoot) assert.notStrictEqual(runnable, path)
      else assert.strictEqual(runnable, path)
      const said = spawnSync(join(runnable, "bin", "postgres"), ["--version"], {
        ...account,
        cwd: "/",
        encoding: "utf8"
      })
      assert.include(said.stdout, `(PostgreSQL) ${packaged.major}.`)
      assert.strictEqual(statSync(path).mode & 0o777, 0o700)
      assert.strictEqual(yield* runnableBinaries({ ...packaged, path }, account), runnable)
    })
)

it.live(
  "a port that was taken between the look and the start is given up for another",
  () =>
    Effect.gen(function* () {
      const dataDir = dataDirectory(yield* initialised)
      const taken = yield* listening
      const free = yield* Effect.scoped(listening)
      const ports = [taken, free]
      const account = yield* serverAccount(dataDir.cluster)
      const binaries = yield* Effect.flatMap(packagedBinaries, (packaged) => runnableBinaries(packaged, account))
      yield* endLeftovers(dataDir.cluster, account)
      const server = yield* startServer({
        directory: dataDir,
        binaries,
        account,
        settings: {},
        choosePort: Effect.sync(() => ports.shift() ?? 0)
      })
      assert.strictEqual(server.port, free)
      assert.include(log(dataDir.root), "Address already in use")
    })
)

it.effect(
  "an ephemeral server, also under a test's clock, goes with its scope",
  () =>
    Effect.gen(function* () {
      const parent = yield* temporaryDirectories
      const settings = { synchronous_commit: "off", max_connections: "17" }
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const [row] =
          yield* sql`SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync,
        current_setting('max_connections') AS most`
        assert.deepStrictEqual(row, { fsync: "off", sync: "off", most: "17" })
        assert.strictEqual(readdirSync(parent).length, 1)
      }).pipe(Effect.provide(layerEmbeddedClient({ ephemeral: true, settings })))
      assert.deepStrictEqual(readdirSync(parent), [])
    })
)

it.live(
  "what a killed owner leaves of an ephemeral server goes with the next one",
  () =>
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

/** A port that somebody listens on while the scope is open. */
const listening = Effect.acquireRelease(
  Effect.callback<Server>((resume) => {
    const server = createServer().listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
).pipe(Effect.map((server) => (server.address() as AddressInfo).port))
