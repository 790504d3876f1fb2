/**
 * One live process owns a data directory. The lock is the kernel's, on an open file: it ends with its holder however that dies, knows
 * nothing of pids and so cannot be fooled by a reused one, and holds between containers that share a volume. SQLite is how Node gets
 * at such a lock without a native add-on; nothing is ever stored in the file.
 */
import { Effect } from "effect"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { DatabaseSync } from "node:sqlite"
import type { DataDirectory } from "./DataDirectory.ts"
import { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts"

const SQLITE_BUSY = 5

export const ownDirectory = (directory: DataDirectory) =>
  Effect.acquireRelease(
    Effect.try({
      try: () => lock(directory),
      catch: (cause) => (isBusy(cause) ? inUse(directory) : unlockable(directory, cause))
    }),
    (held) =>
      Effect.sync(() => {
        rmSync(directory.owner, { force: true })
        held.close()
      })
  )

const lock = (directory: DataDirectory): DatabaseSync => {
  const file = new DatabaseSync(directory.lock)
  try {
    file.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
    // Only for the message of whoever comes second. Not in the lock file: POSIX drops a process's locks on a file when that process
    // closes any descriptor of it, so nobody may read it.
    writeFileSync(directory.owner, `${process.pid} ${hostname()}\n`)
    return file
  } catch (error) {
    file.close()
    throw error
  }
}

const isBusy = (cause: unknown) => cause instanceof Error && "errcode" in cause && cause.errcode === SQLITE_BUSY

const inUse = (directory: DataDirectory) => {
  const [pid = "", host = ""] = readOwner(directory).trim().split(" ")
  const where = host === "" || host === hostname() ? "" : ` on ${host}`
  return new EmbeddedPostgresError({
    reason: "InUse",
    message:
      `${directory.root} is in use by process ${pid || "(not known yet)"}${where}. ` +
      "Stop that process first, or choose another data directory.",
    ...(pid === "" ? {} : { pid: Number(pid) })
  })
}

const readOwner = (directory: DataDirectory): string => {
  try {
    return readFileSync(directory.owner, "utf8")
  } catch {
    return ""
  }
}

const unlockable = (directory: DataDirectory, cause: unknown) =>
  new EmbeddedPostgresError({
    reason: "NoAccess",
    message:
      `${directory.lock} cannot be locked: ${String(cause)}. The data directory must be writable by this user, ` +
      "on a file system with locks, and its path shorter than 500 bytes.",
    cause
  })
