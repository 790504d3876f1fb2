/** Token buckets in memory; an account's first one is full. */
import { Effect, Layer } from "effect"
import type { AccountId } from "../Account.ts"
import { RateLimits } from "../limit/RateLimits.ts"
import { type Bucket, fullBucket } from "../limit/TokenBucket.ts"
import { MemoryStore } from "./MemoryStore.ts"

export const layerRateLimits = Layer.effect(
  RateLimits,
  Effect.gen(function* () {
    const { accounts, call, table } = yield* MemoryStore
    const buckets = table<AccountId, Bucket>()

    return RateLimits.of({
      lock: (ids) =>
        call(() => {
          const found = new Map<AccountId, Bucket>()
          for (const id of ids) {
            const account = accounts.get(id)
            if (account !== undefined) found.set(id, buckets.get(id) ?? fullBucket(account.perSecond, 0))
          }
          return found
        }),
      save: (left) =>
        call(() => {
          for (const [id, bucket] of left) {
            const account = accounts.get(id)
            if (account === undefined) continue
            buckets.set(id, bucket)
            accounts.set(id, { ...account, perSecond: bucket.perSecond })
          }
        })
    })
  })
)
