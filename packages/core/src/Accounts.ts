/** Port: who the accounts are and which keys speak for them. */
import { Context, type Effect, Schema } from "effect"
import type { AccountId, AccountMode, KeyId } from "./Account.ts"
import type { Instant } from "./Message.ts"
import type { Currency, Micros } from "./Money.ts"

export interface NewAccount {
  readonly name: string
  readonly mode: AccountMode
  readonly currency: Currency
  /** Messages that it may send in a second. */
  readonly perSecond: number
  /** Its owner is told when the balance falls below this; null: never. */
  readonly lowBalance: Micros | null
  /** Opening an account under a handle that is in use gives the account that has it. */
  readonly handle?: string | undefined
  /** Of a test account: the live one whose test keys see it. */
  readonly liveAccountId?: AccountId | undefined
}

export interface Account {
  readonly id: AccountId
  readonly name: string
  readonly mode: AccountMode
  readonly currency: Currency
  readonly perSecond: number
  readonly lowBalance: Micros | null
  /** Of a test account: the live one it belongs to. */
  readonly liveAccountId: AccountId | null
  readonly createdAt: Instant
}

export interface Opened {
  readonly id: AccountId
  /** False when its handle was in use. */
  readonly fresh: boolean
}

/** What may be changed of an account; what is left out stays. */
export interface AccountChange {
  readonly name?: string | undefined
  readonly lowBalance?: Micros | null | undefined
}

export const SCOPES = ["sms:send", "sms:read", "numbers", "wallet", "webhooks", "keys"] as const
export const Scope = Schema.Literals(SCOPES)
export type Scope = (typeof SCOPES)[number]

/** Who calls, and what it may do. */
export interface Access {
  readonly accountId: AccountId
  readonly keyId: KeyId
  readonly mode: AccountMode
  readonly scopes: ReadonlyArray<Scope>
  /** As stored, so that whoever asked can compare it in constant time. */
  readonly hash: Uint8Array
}

export interface NewKey {
  readonly accountId: AccountId
  readonly name: string
  /** SHA-256 of the key; the key itself is nowhere. */
  readonly hash: Uint8Array
  /** Its first and last characters, by which its owner knows it again. */
  readonly hint: string
  readonly scopes: ReadonlyArray<Scope>
}

/** A key that speaks for its account. */
export interface ApiKey {
  readonly id: KeyId
  readonly accountId: AccountId
  readonly name: string
  readonly hint: string
  readonly scopes: ReadonlyArray<Scope>
  readonly createdAt: Instant
  /** To the minute; null while it was never used. */
  readonly lastUsedAt: Instant | null
}

/** There is no such account. */
export class AccountNotFound extends Schema.TaggedError<AccountNotFound>()("AccountNotFound", { id: Schema.Int }) {}

/** There is no such key in this account, or no longer. */
export class KeyNotFound extends Schema.TaggedError<KeyNotFound>()("KeyNotFound", { id: Schema.Int }) {}

export class Accounts extends Context.Service<
  Accounts,
  {
    /** A new account with an empty wallet and a full token bucket. */
    open(account: NewAccount): Effect.Effect<Opened>
    get(id: AccountId): Effect.Effect<Account | undefined>
    change(id: AccountId, change: AccountChange): Effect.Effect<void, AccountNotFound>
    /** A key that is there already stays as it is, revoked ones too. */
    addKey(key: NewKey): Effect.Effect<ApiKey>
    /** Whom a key that is not revoked speaks for. */
    access(hash: Uint8Array): Effect.Effect<Access | undefined>
    /** Keys that are not revoked, by id. */
    keys(account: AccountId): Effect.Effect<ReadonlyArray<ApiKey>>
    /** Ends a key for good; gives its hash. */
    revoke(account: AccountId, id: KeyId): Effect.Effect<Uint8Array, KeyNotFound>
    /** Lets a key that was revoked speak again; nothing if there is none. */
    restore(hash: Uint8Array): Effect.Effect<void>
    /** Notes that a key was used; within a minute of the last note nothing is written. */
    touch(account: AccountId, id: KeyId, at: Instant): Effect.Effect<void>
  }
>()("@cliqtel/sms-core/Accounts") {}
