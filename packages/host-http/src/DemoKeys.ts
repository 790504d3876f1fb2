/** The demo's keys: those of the environment, else those of the first boot, kept in the data directory with mode 0600. */
import { Effect, Redacted, Schema } from "effect"
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { makeApiKey } from "./ApiKey.ts"
import type { HostConfig } from "./Config.ts"

export interface DemoKey {
  readonly key: Redacted.Redacted<string>
  /** Whether the environment names it; else it was made here. */
  readonly chosen: boolean
}

export interface DemoKeys {
  readonly live: DemoKey
  readonly test: DemoKey
}

const Kept = Schema.fromJsonString(Schema.Struct({ live: Schema.String, test: Schema.String }))

export class DemoKeysUnusable extends Schema.TaggedError<DemoKeysUnusable>()("DemoKeysUnusable", {
  message: Schema.String
}) {}

const FILE = "demo-keys.json"

export const demoKeys = Effect.fn("demoKeys")(function* (config: HostConfig) {
  const { adminToken, demoApiKey, demoTestApiKey } = config
  if (demoApiKey !== undefined && demoTestApiKey !== undefined && sameKey(demoApiKey, demoTestApiKey)) {
    return yield* new DemoKeysUnusable({
      message: "DEMO_API_KEY and DEMO_TEST_API_KEY are the same: one key is one account's."
    })
  }
  if (adminToken !== undefined && [demoApiKey, demoTestApiKey].some((key) => key && sameKey(key, adminToken))) {
    return yield* new DemoKeysUnusable({
      message: "ADMIN_TOKEN is a demo API key as well: whoever has that key could do everything."
    })
  }
  const live = chosen(demoApiKey)
  const test = chosen(demoTestApiKey)
  if (live !== undefined && test !== undefined) return { live, test } satisfies DemoKeys
  const kept = yield* keptKeys(config.dataDir)
  return { live: live ?? made(kept.live), test: test ?? made(kept.test) } satisfies DemoKeys
})

const chosen = (key: DemoKey["key"] | undefined): DemoKey | undefined => key && { key, chosen: true }

const made = (key: string): DemoKey => ({ key: Redacted.make(key), chosen: false })

const sameKey = (a: Redacted.Redacted<string>, b: Redacted.Redacted<string>) => Redacted.value(a) === Redacted.value(b)

const keptKeys = Effect.fnUntraced(function* (dataDir: string) {
  const path = join(dataDir, FILE)
  const text = yield* access(path, () =>
    readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined
      throw error
    })
  )
  if (text !== undefined) {
    return yield* Schema.decodeEffect(Kept)(text).pipe(
      Effect.mapError(
        () =>
          new DemoKeysUnusable({
            message: `${path} is damaged. Remove it, and new demo keys are made on the next start.`
          })
      )
    )
  }
  const fresh = { live: makeApiKey("live"), test: makeApiKey("test") }
  // Written whole or not at all, and never readable by others in between.
  yield* access(path, async () => {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeFile(`${path}.new`, JSON.stringify(fresh), { mode: 0o600 })
    await chmod(`${path}.new`, 0o600)
    await rename(`${path}.new`, path)
  })
  return fresh
})

const access = <A>(path: string, action: () => Promise<A>) =>
  Effect.tryPromise({
    try: action,
    catch: (error) => new DemoKeysUnusable({ message: `${path} cannot be used: ${String(error)}` })
  })
