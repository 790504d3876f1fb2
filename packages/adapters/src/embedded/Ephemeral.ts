/** A data directory for the length of a scope. What killed owners left behind of theirs is removed with the next one. */
import { Effect } from "effect"
import { existsSync } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dataDirectory } from "./DataDirectory.ts"
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

/** Those whose lock is free. One without a lock file may have been made this moment. */
const removeAbandoned = Effect.gen(function* () {
  for (const name of yield* Effect.promise(() => readdir(tmpdir()).catch(() => []))) {
    const directory = dataDirectory(join(tmpdir(), name))
    if (!name.startsWith(PREFIX) || !existsSync(directory.lock)) continue
    yield* ownDirectory(directory).pipe(
      Effect.andThen(existsSync(directory.cluster) ? endServerOf(directory.cluster) : Effect.void),
      Effect.andThen(remove(directory.root)),
      Effect.scoped,
      Effect.ignore
    )
  }
})

const endServerOf = (cluster: string) =>
  Effect.flatMap(serverAccount(cluster), (account) => endLeftovers(cluster, account))

const remove = (path: string) =>
  Effect.promise(() => rm(path, { recursive: true, force: true, maxRetries: 10 })).pipe(Effect.ignoreCause)
