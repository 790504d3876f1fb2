/**
 * Makes the cluster: PostgreSQL's own initdb, synced to disk, and only then renamed into place. Whatever ends us before that leaves
 * something that the next start removes. Text sorts by code point in every version of every system (the builtin C.UTF-8), so an index
 * stays right when the data moves.
 */
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import { chown, mkdtemp, open, readdir, rename, rm, writeFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { type Account, run } from "./Child.ts"
import { type DataDirectory, stagingPrefix } from "./DataDirectory.ts"
import { EmbeddedPostgresError, step } from "./EmbeddedPostgresError.ts"
import { pathForServer, ROLE } from "./Server.ts"

interface Wanted {
  readonly directory: DataDirectory
  readonly binaries: string
  readonly account: Account
  /** Off for data that does not outlive the process. */
  readonly durable: boolean
}

export const initialiseCluster = Effect.fnUntraced(function* (wanted: Wanted) {
  const { account, directory } = wanted
  yield* removeUnfinished(directory)
  const staging = yield* make("The data directory", () => mkdtemp(stagingPrefix(directory)))
  yield* giveTo(staging, account)
  const password = yield* newPassword(directory, account)
  yield* initdb(wanted, staging, password)
  yield* make("The new data", async () => {
    await rename(password, directory.password)
    await rename(staging, directory.cluster)
    await sync(directory.root)
  })
})

const removeUnfinished = (directory: DataDirectory) =>
  make("Removing an unfinished start", async () => {
    const prefix = basename(stagingPrefix(directory))
    for (const name of await readdir(directory.root)) {
      // Its initdb may just be dying, and still write.
      if (name.startsWith(prefix))
        await rm(join(directory.root, name), { recursive: true, force: true, maxRetries: 10 })
    }
  })

/** Its owner is the server's account, which else could not read it when it lies in root's directory. */
const newPassword = Effect.fnUntraced(function* (directory: DataDirectory, account: Account) {
  const path = `${directory.password}.new`
  yield* make("The password", async () => {
    await rm(path, { force: true })
    await writeFile(path, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx", flush: true })
  })
  yield* giveTo(path, account)
  return path
})

const initdb = Effect.fnUntraced(function* ({ account, binaries, durable }: Wanted, staging: string, password: string) {
  const { code, output } = yield* Effect.acquireUseRelease(
    make("The password", () => open(password, "r")),
    (file) =>
      run({
        command: join(binaries, "bin", "initdb"),
        args: [
          "-D",
          pathForServer(staging),
          `--username=${ROLE}`,
          "--pwfile=/dev/stdin",
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--locale=C",
          "--locale-provider=builtin",
          "--builtin-locale=C.UTF-8",
          "--data-checksums",
          "--no-instructions",
          ...(durable ? [] : ["--no-sync"])
        ],
        account,
        cwd: staging,
        stdin: file.fd,
        deathSignal: "TERM"
      }),
    (file) => Effect.promise(() => file.close())
  )
  if (code === 0) return
  return yield* new EmbeddedPostgresError({
    reason: "InitFailed",
    message: `PostgreSQL's initdb ended with ${code}:\n${output.split("\n").slice(-10).join("\n")}`
  })
})

const giveTo = (path: string, { gid, uid }: Account) =>
  uid === undefined || gid === undefined ? Effect.void : make(path, () => chown(path, uid, gid))

/** A rename is on disk once its directory is. */
const sync = async (path: string) => {
  const directory = await open(path, "r")
  await directory.sync().finally(() => directory.close())
}

const make = <A>(what: string, action: () => Promise<A>) => step("InitFailed", what, action)
