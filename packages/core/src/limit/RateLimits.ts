/** Port: the token bucket of each account, exact across every host that shares the store. */
import { Context, type Effect } from "effect"
import type { AccountId } from "../Account.ts"
import type { Bucket } from "./TokenBucket.ts"

export class RateLimits extends Context.Service<
  RateLimits,
  {
    /** Loads the buckets and holds them until the unit of work ends. Accounts that are unknown are absent. */
    lock(accounts: ReadonlyArray<AccountId>): Effect.Effect<ReadonlyMap<AccountId, Bucket>>
    /** Keeps what is left of buckets that this unit of work has locked, and their rates. */
    save(buckets: ReadonlyMap<AccountId, Bucket>): Effect.Effect<void>
  }
>()("@cliqtel/sms-core/limit/RateLimits") {}
