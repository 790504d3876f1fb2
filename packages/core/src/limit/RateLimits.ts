/** Port: the token bucket of each account, exact across every host that shares the store. */
import { Context, Effect, Layer } from "effect"
import type { AccountId } from "../Account.ts"
import type { Bucket } from "./TokenBucket.ts"

export class RateLimits extends Context.Service<RateLimits, {
  /** Loads the buckets and holds them until the unit of work ends. Accounts that are unknown are absent. */
  lock(accounts: ReadonlyArray<AccountId>): Effect.Effect<ReadonlyMap<AccountId, Bucket>>
  /** Keeps what is left of buckets that this unit of work has locked. */
  save(buckets: ReadonlyMap<AccountId, Bucket>): Effect.Effect<void>
}>()("@cliqtel/sms-core/limit/RateLimits") {
  /** Buckets in this process; `initial` gives an account's first one. */
  static readonly layerMemory = (initial: (account: AccountId) => Bucket | undefined) =>
    Layer.sync(RateLimits, () => {
      const kept = new Map<AccountId, Bucket>()
      return RateLimits.of({
        lock: (accounts) =>
          Effect.sync(() => {
            const found = new Map<AccountId, Bucket>()
            for (const account of accounts) {
              const bucket = kept.get(account) ?? initial(account)
              if (bucket !== undefined) found.set(account, bucket)
            }
            return found
          }),
        save: (buckets) =>
          Effect.sync(() => {
            for (const [account, bucket] of buckets) kept.set(account, bucket)
          })
      })
    })
}
