/**
 * Whom a key speaks for, looked up by its hash and remembered for 5 s. A revoked key is refused on this host at the next
 * request, on others at most that much later. Use is noted once a minute for each key, and no request waits for it.
 */
import { type Access, Accounts } from "@cliqtel/sms-core"
import { Cache, Clock, Effect, Exit, Layer, Redacted } from "effect"
import { timingSafeEqual } from "node:crypto"
import { hashApiKey } from "./ApiKey.ts"
import { ApiKeys } from "./Authentication.ts"

const REMEMBERED_MILLIS = 5000

/** Keys that are remembered at once. */
const CAPACITY = 10_000

const MINUTE_MILLIS = 60_000

export const layerKeys = Layer.effect(
  ApiKeys,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const noteUse = yield* useNotes
    const known = yield* Cache.makeWith((hash: string) => accounts.access(Buffer.from(hash, "hex")), {
      capacity: CAPACITY,
      // A key that is nobody's is asked for again: it may be made at any moment.
      timeToLive: (exit: Exit.Exit<Access | undefined>) =>
        Exit.isSuccess(exit) && exit.value !== undefined ? REMEMBERED_MILLIS : 0
    })
    return ApiKeys.of({
      authenticate: Effect.fnUntraced(function* (key) {
        const hash = hashApiKey(Redacted.value(key))
        const access = yield* Cache.get(known, nameOf(hash))
        if (access === undefined || !isSame(access.hash, hash)) return undefined
        yield* noteUse(access)
        return access
      }),
      forget: (hash) => Cache.invalidate(known, nameOf(hash))
    })
  })
)

const nameOf = (hash: Uint8Array): string => Buffer.from(hash).toString("hex")

/** How long an index takes to find a hash tells something about it; this does not. */
const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

/** Runs beside the request, and ends with the host. */
const useNotes = Effect.gen(function* () {
  const accounts = yield* Accounts
  const scope = yield* Effect.scope
  const noted = new Map<Access["keyId"], number>()

  return Effect.fnUntraced(function* ({ accountId, keyId }: Access) {
    const now = yield* Clock.currentTimeMillis
    if (now - (noted.get(keyId) ?? -Infinity) < MINUTE_MILLIS) return
    // The store itself writes once a minute, so forgetting costs a look at most.
    if (noted.size >= CAPACITY) noted.clear()
    noted.set(keyId, now)
    yield* accounts
      .touch(accountId, keyId, now)
      .pipe(Effect.ignoreCause({ log: "Warn", message: "The use of an API key was not noted" }), Effect.forkIn(scope))
  })
})
