/** Whom a key speaks for, looked up by its hash and remembered for 5 s: a revoked key is refused at most that much later. */
import { type Access, Accounts } from "@cliqtel/sms-core"
import { Cache, Effect, Exit, Layer, Redacted } from "effect"
import { hashApiKey } from "./ApiKey.ts"
import { ApiKeys } from "./Authentication.ts"

const REMEMBERED_MILLIS = 5000

/** Keys that are remembered at once. */
const CAPACITY = 10_000

export const layerKeys = Layer.effect(
  ApiKeys,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const known = yield* Cache.makeWith((hash: string) => accounts.access(Buffer.from(hash, "hex")), {
      capacity: CAPACITY,
      // A key that is nobody's is asked for again: it may be made at any moment.
      timeToLive: (exit: Exit.Exit<Access | undefined>) =>
        Exit.isSuccess(exit) && exit.value !== undefined ? REMEMBERED_MILLIS : 0
    })
    return ApiKeys.of({
      authenticate: (key) => Cache.get(known, Buffer.from(hashApiKey(Redacted.value(key))).toString("hex"))
    })
  })
)
