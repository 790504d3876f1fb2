/**
 * Whom a key speaks for, looked up by its hash and remembered for 5 s. A revoked key is refused on this host at the next
 * request, on others at most that much later. Use is noted once a minute for each key, and no request waits for it.
 */
import { type Access, Accounts } from "@cliqtel/sms-core"
import { Cache, Effect, Exit, Layer } from "effect"
import { ApiKeys } from "./ApiKeys.ts"
import { hashName, isSameHash } from "./Hash.ts"
import { useNotes } from "./UseNotes.ts"

const REMEMBERED_MILLIS = 5000

/** Keys that are remembered at once. */
const CAPACITY = 10_000

export const layerKeys = Layer.effect(
  ApiKeys,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const noteUse = yield* useNotes({
      capacity: CAPACITY,
      idOf: ({ keyId }: Access) => keyId,
      note: ({ accountId, keyId }, at) => accounts.touch(accountId, keyId, at),
      failure: "The use of an API key was not noted"
    })
    const known = yield* Cache.makeWith((hash: string) => accounts.access(Buffer.from(hash, "hex")), {
      capacity: CAPACITY,
      // A key that is nobody's is asked for again: it may be made at any moment.
      timeToLive: (exit: Exit.Exit<Access | undefined>) =>
        Exit.isSuccess(exit) && exit.value !== undefined ? REMEMBERED_MILLIS : 0
    })
    return ApiKeys.of({
      authenticate: (hash) =>
        Effect.flatMap(Cache.get(known, hashName(hash)), (access) =>
          access === undefined || !isSameHash(access.hash, hash) ? Effect.undefined : Effect.as(noteUse(access), access)
        ),
      accessOf: (hash) => Cache.get(known, hashName(hash)),
      forget: (hash) => Cache.invalidate(known, hashName(hash))
    })
  })
)
