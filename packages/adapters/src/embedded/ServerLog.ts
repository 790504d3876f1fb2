/** The server's log: this start's, and the one before it with `.1`. */
import { Effect } from "effect"
import { readFile, rename, stat } from "node:fs/promises"
import { step } from "./EmbeddedPostgresError.ts"

export const rotateLog = (log: string) =>
  step("StartFailed", "Keeping the last log", () =>
    rename(log, `${log}.1`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error
    })
  )

export const sizeOf = (log: string) =>
  Effect.promise(() =>
    stat(log).then(
      ({ size }) => size,
      () => 0
    )
  )

export const readSince = (log: string, begin: number) =>
  Effect.promise(() =>
    readFile(log).then(
      (bytes) => bytes.subarray(begin).toString("utf8"),
      () => ""
    )
  )
