/** Port: top-ups, from before their payment is asked for until it is known what came of it. */
import { Context, type Effect } from "effect"
import type { AccountId, TopUpId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { Money } from "../Money.ts"

export type TopUpState =
  | { readonly _tag: "Pending" }
  /** With the balance that it left. */
  | { readonly _tag: "Paid"; readonly balance: Money }
  | { readonly _tag: "Declined"; readonly reason: string }

export interface TopUpKey {
  readonly accountId: AccountId
  readonly id: TopUpId
}

export interface TopUp extends TopUpKey {
  readonly amount: Money
  readonly state: TopUpState
  readonly createdAt: Instant
}

export class TopUpStore extends Context.Service<
  TopUpStore,
  {
    /** A pending one, whose payment is asked for again at `dueAt`. */
    insert(topUp: {
      readonly accountId: AccountId
      readonly amount: Money
      readonly at: Instant
      readonly dueAt: Instant
    }): Effect.Effect<TopUp>
    find(key: TopUpKey): Effect.Effect<TopUp | undefined>
    /** The same, held until the unit of work ends. Lock wallets before top-ups. */
    lock(key: TopUpKey): Effect.Effect<TopUp | undefined>
    /** Ends one that this unit of work holds. */
    settle(key: TopUpKey, state: Exclude<TopUpState, { readonly _tag: "Pending" }>): Effect.Effect<void>
    /** Pending ones whose time has come, each to one caller alone until `dueAt`. */
    claimPending(now: Instant, dueAt: Instant, limit: number): Effect.Effect<ReadonlyArray<TopUp>>
  }
>()("@cliqtel/sms-core/wallet/TopUpStore") {}
