/** Where and how a server starts, and what it is then. */
import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs"
import { type AddressInfo, createServer, type Server } from "node:net"
import { dirname, join } from "node:path"
import { packagedBinaries, runnableBinaries } from "../../src/embedded/Binaries.ts"
import { startEmbeddedPostgres } from "../../src/embedded/index.ts"
import { serverAccount } from "../../src/embedded/ServerAccount.ts"
import { isAlive } from "./processes.ts"
import {
  ask,
  directory,
  directoryForPrograms,
  initialised,
  isRoot,
  log,
  notes,
  serverOf,
  serverUser,
  write
} from "./support.ts"

it.live("a first start makes a durable server that only the password opens, on 127.0.0.1 alone", () =>
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

it.live("text sorts by code point and folds case beyond ASCII", () =>
  Effect.gen(function* () {
    const { url } = yield* startEmbeddedPostgres({ dataDir: yield* initialised })
    const [row] = yield* ask(url, (sql) => sql`SELECT 'Z' < 'a' AS by_code_point, upper('é') AS upper`)
    assert.deepStrictEqual(row, { by_code_point: true, upper: "É" })
  })
)

it.live("a second start keeps the data and the password, and the first leaves no process behind", () =>
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

it.live("a deep path with spaces and quotes, under a directory that the server's user cannot enter", () =>
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

it.live("programs in a directory that the server's user cannot enter, whose links are missing", () =>
  Effect.gen(function* () {
    const parent = yield* directoryForPrograms
    // As after an install with umask 077 that ran no scripts.
    const packaged = yield* packagedBinaries
    const path = join(parent, "native")
    cpSync(packaged.path, path, { recursive: true, filter: (source) => !lstatSync(source).isSymbolicLink() })
    for (const name of ["", "bin", "bin/postgres", "bin/initdb"]) chmodSync(join(path, name), 0o700)

    const [shared, own] = [yield* directoryForPrograms, yield* directoryForPrograms]
    chmodSync(shared, 0o777) // where anybody could put a program is no place for a copy
    chmodSync(own, 0o755)
    const account = yield* serverAccount(join(parent, "none"))
    const find = runnableBinaries({ ...packaged, path }, account, [shared, own])
    const runnable = yield* find
    assert.strictEqual(dirname(runnable), isRoot ? own : parent)
    assert.strictEqual(yield* find, runnable)
    const said = spawnSync(join(runnable, "bin", "postgres"), ["--version"], { ...account, cwd: "/", encoding: "utf8" })
    assert.include(said.stdout, `(PostgreSQL) ${packaged.major}.`)
    assert.strictEqual(statSync(path).mode & 0o777, 0o700)
    assert.deepStrictEqual(readdirSync(shared), [])
    assert.strictEqual(readdirSync(own).length, isRoot ? 1 : 0)
  })
)

it.live("a port that was taken between the look and the start is given up for another", () =>
  Effect.gen(function* () {
    const dataDir = yield* initialised
    const taken = yield* listening
    const free = yield* Effect.scoped(listening)
    const ports = [taken, free]
    const server = yield* serverOf(dataDir, { choosePort: Effect.sync(() => ports.shift() ?? 0) })
    assert.strictEqual(server.port, free)
    assert.include(log(dataDir), "Address already in use")
  })
)

/** A port that somebody listens on while the scope is open. */
const listening = Effect.acquireRelease(
  Effect.callback<Server>((resume) => {
    const server = createServer().listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
).pipe(Effect.map((server) => (server.address() as AddressInfo).port))
