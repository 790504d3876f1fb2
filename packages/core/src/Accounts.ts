/** Port: who the accounts are and which keys speak for them. */
import { Context, type Effect } from "effect"
import type { AccountId, AccountMode } from "./Account.ts"
import type { Currency } from "./Money.ts"

export interface NewAccount {
  readonly name: string
  readonly mode: AccountMode
  readonly currency: Currency
  /** Messages that it may send in a second. */
  readonly perSecond: number
  /** Opening an account under a handle that is in use gives the account that has it. */
  readonly handle?: string | undefined
  /** Of a test account: the live one whose test keys see it. */
  readonly liveAccountId?: AccountId | undefined
}

export interface Opened {
  readonly id: AccountId
  /** False when its handle was in use. */
  readonly fresh: boolean
}

export const SCOPES = ["sms:send", "sms:read", "numbers", "wallet", "webhooks", "keys"] as const
export type Scope = (typeof SCOPES)[number]

/** Who calls, and what it may do. */
export interface Access {
  readonly accountId: AccountId
  readonly keyId: number
  readonly mode: AccountMode
  readonly scopes: ReadonlyArray<string>
}

export interface NewKey {
  readonly accountId: AccountId
  readonly name: string
  /** SHA-256 of the key; the key itself is nowhere. */
  readonly hash: Uint8Array
  readonly scopes: ReadonlyArray<Scope>
}

export class Accounts extends Context.Service<
  Accounts,
  {
    /** A new account with an empty wallet and a full token bucket. */
    open(account: NewAccount): Effect.Effect<Opened>
    /** A key that is there already stays as it is. */
    addKey(key: NewKey): Effect.Effect<void>
    /** Whom a key that is not revoked speaks for. */
    access(hash: Uint8Array): Effect.Effect<Access | undefined>
  }
>()("@cliqtel/sms-core/Accounts") {}
