/** A data directory for the length of a scope. What killed owners left behind of theirs is removed with the next one. */
import { Effect } from "effect"
import { existsSync, lstatSync } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type DataDirectory, dataDirectory } from "./DataDirectory.ts"
import { step } from "./EmbeddedPostgresError.ts"
import { endLeftovers } from "./Leftovers.ts"
import { ownDirectory } from "./OwnerLock.ts"
import { serverAccount } from "./ServerAccount.ts"

const PREFIX = "cliqtel-sms-postgres-"

export const ephemeralDirectory = Effect.gen(function* () {
  yield* removeAbandoned
  return yield* Effect.acquireRelease(
    step("NoAccess", "Making a temporary directory", () => mkdtemp(join(tmpdir(), PREFIX))),
    remove
  )
})

/** Those of this user whose lock is free. One without a lock file may have been made this moment. */
const removeAbandoned = Effect.gen(function* () {
  for (const name of yield* Effect.promise(() => readdir(tmpdir()).catch(() => []))) {
    const directory = dataDirectory(join(tmpdir(), name))
    if (!name.startsWith(PREFIX) || !isOurs(directory.root) || !existsSync(directory.lock)) continue
    yield* removeUnlessOwned(directory).pipe(Effect.scoped, Effect.ignore)
  }
})

/** Anybody may put a directory of that name there, and links in it. */
const isOurs = (path: string) => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.geteuid?.()
}

const removeUnlessOwned = Effect.fnUntraced(function* (directory: DataDirectory) {
  yield* ownDirectory(directory)
  if (existsSync(directory.cluster)) yield* endLeftovers(directory.cluster, yield* serverAccount(directory.cluster))
  yield* remove(directory.root)
})

const remove = (path: string) =>
  Effect.promise(() => rm(path, { recursive: true, force: true, maxRetries: 10 })).pipe(Effect.ignoreCause)
