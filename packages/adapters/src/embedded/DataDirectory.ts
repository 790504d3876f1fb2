/**
 * What lies in a data directory. The cluster appears there whole or not at all: it is made under another name and renamed, so a
 * directory that is called `postgres` and is not a cluster of our version is not ours, and stays as it is.
 */
import { Effect } from "effect"
import { readdir, readFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { EmbeddedPostgresError, step } from "./EmbeddedPostgresError.ts"

export interface DataDirectory {
  readonly root: string
  /** PGDATA. */
  readonly cluster: string
  readonly password: string
  /** Of this start; the one before it is kept beside it with `.1`. */
  readonly log: string
  readonly lock: string
  readonly owner: string
}

export const dataDirectory = (path: string): DataDirectory => {
  const root = resolve(path)
  const at = (name: string) => join(root, name)
  return {
    root,
    cluster: at("postgres"),
    password: at("postgres.password"),
    log: at("postgres.log"),
    lock: at("postgres.lock"),
    owner: at("postgres.owner")
  }
}

/** What a cluster in the making is called, until its random ending. */
export const stagingPrefix = (directory: DataDirectory) => `${directory.cluster}.new-`

/** Whether there is a cluster. Only looks. */
export const hasCluster = Effect.fnUntraced(function* (directory: DataDirectory, major: string) {
  if ((yield* versionIn(directory.root)) !== undefined) {
    return yield* wrongData(
      `${directory.root} is itself the data of a PostgreSQL server. Choose a data directory of its own for the embedded one.`
    )
  }
  const found = yield* versionIn(directory.cluster)
  if (found === major) return true
  if (found !== undefined) {
    return yield* wrongData(
      `${directory.cluster} holds data of PostgreSQL ${found}, and the embedded one is ${major}. Nothing was changed. ` +
        `Move it over with pg_dump of version ${found}, or choose another data directory.`
    )
  }
  if ((yield* entriesOf(directory.cluster)).length === 0) return false
  return yield* wrongData(
    `${directory.cluster} is there and is not the data of a PostgreSQL server. Nothing was changed. ` +
      "Move it away, or choose another data directory."
  )
})

const versionIn = (path: string) =>
  step("NoAccess", `Reading ${path}`, () => missingAs(undefined, readFile(join(path, "PG_VERSION"), "utf8"))).pipe(
    Effect.map((version) => version?.trim())
  )

const entriesOf = (path: string) =>
  step("NoAccess", `Reading ${path}`, () => missingAs<Array<string>>([], readdir(path)))

const missingAs = <A>(instead: A, reading: Promise<A>): Promise<A> =>
  reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return instead
    throw error
  })

const wrongData = (message: string) => new EmbeddedPostgresError({ reason: "WrongData", message })
