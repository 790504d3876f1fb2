/**
 * Whom PostgreSQL runs as. It refuses to be root, so root runs it as the user who owns the data already, else as `postgres`, who is
 * made where missing. Everybody else runs it as themselves.
 */
import { Effect } from "effect"
import { chown, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { type Account, run } from "./Child.ts"
import { EmbeddedPostgresError, step } from "./EmbeddedPostgresError.ts"

export const serverAccount = Effect.fnUntraced(function* (cluster: string) {
  const me = process.geteuid?.()
  const owner = yield* Effect.promise(() => stat(cluster).catch(() => undefined))
  if (me !== 0) {
    if (owner && owner.uid !== me) return yield* belongsToAnother(cluster, owner.uid)
    return {} satisfies Account
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid } satisfies Account
  const account = (yield* findPostgresUser) ?? (yield* createPostgresUser)
  if (owner) yield* giveTo(cluster, account)
  return account
})

const findPostgresUser = Effect.gen(function* () {
  const [uid, gid] = yield* Effect.forEach(["-u", "-g"], (flag) =>
    run({ command: "id", args: [flag, "postgres"], account: {} })
  )
  if (uid?.code !== 0 || gid?.code !== 0) return undefined
  return { uid: Number(uid.output), gid: Number(gid.output) } satisfies Account
})

const createPostgresUser = Effect.gen(function* () {
  const args = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]
  const { output } = yield* run({ command: "useradd", args, account: {} }).pipe(
    Effect.catch((error) => Effect.succeed({ output: error.message }))
  )
  const account = yield* findPostgresUser // whatever useradd says: another process may have been faster
  if (account) return account
  return yield* new EmbeddedPostgresError({
    reason: "NoAccount",
    message:
      `PostgreSQL does not run as root, and "useradd ${args.join(" ")}" did not make a user for it: ${output}. ` +
      'Make a user "postgres", run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.'
  })
})

/** A copy made by root belongs to root. The directory itself comes last: until then it still shows that there is work left. */
const giveTo = Effect.fnUntraced(function* (cluster: string, { gid, uid }: Required<Account>) {
  const inside = yield* step("NoAccess", `Reading ${cluster}`, () => readdir(cluster))
  yield* run({
    command: "chown",
    args: ["-R", "-h", `${uid}:${gid}`, "--", ...inside.map((name) => join(cluster, name))],
    account: {}
  })
  yield* step("NoAccess", `Giving ${cluster} to user ${uid}`, () => chown(cluster, uid, gid))
})

const belongsToAnother = (cluster: string, uid: number) =>
  new EmbeddedPostgresError({
    reason: "NoAccess",
    message:
      `${cluster} belongs to user ${uid}, and this process runs as user ${process.geteuid?.()}. ` +
      "Run as that user or as root, or choose another data directory."
  })
