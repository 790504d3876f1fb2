/** Port: the prepaid wallets and their ledger. */
import { Context, type Effect, Schema } from "effect"
import type { AccountId, EntryId } from "../Account.ts"
import type { Currency, Micros, Money } from "../Money.ts"
import type { EntryKind, LedgerEntry, LedgerLine } from "./Ledger.ts"

export interface WalletState {
  readonly balance: Micros
  readonly currency: Currency
  /** Below it the owner is told; null: never. */
  readonly lowBalance: Micros | null
}

/** Another unit of work goes on holding a wallet; nothing was done. */
export class WalletHeld extends Schema.TaggedError<WalletHeld>()("WalletHeld", {}) {}

export class Wallet extends Context.Service<
  Wallet,
  {
    /**
     * Loads wallets and holds them until the unit of work ends, in the order of their ids whatever order they are named
     * in (so that no two callers wait for each other). Accounts that have none are absent. What is asked for together with
     * it (`atOnce`) is read once they are held.
     */
    lock(accounts: ReadonlyArray<AccountId>): Effect.Effect<ReadonlyMap<AccountId, WalletState>>
    /** The same, but it fails, and the unit of work with it, where others hold one of them for so long. */
    lockSoon(
      accounts: ReadonlyArray<AccountId>,
      patienceMillis: number
    ): Effect.Effect<ReadonlyMap<AccountId, WalletState>, WalletHeld>
    /** The same without waiting: those that another unit of work holds are absent too. */
    lockFree(accounts: ReadonlyArray<AccountId>): Effect.Effect<ReadonlyMap<AccountId, WalletState>>
    /**
     * Books lines in their order and moves the balances with them, all or none. A line whose (account, kind, reference)
     * is booked already is left out: the same step never counts twice. A balance that would fall below zero is a defect,
     * since `Ledger.pays` was to be asked under the lock.
     */
    post(lines: ReadonlyArray<LedgerLine>): Effect.Effect<void>
    /** The balance; undefined for an account without a wallet. */
    balance(account: AccountId): Effect.Effect<Money | undefined>
    /** Newest first, `limit` of them, those before the entry `before` when given. */
    entries(account: AccountId, page: EntryPage): Effect.Effect<ReadonlyArray<LedgerEntry>>
    /** The step that was booked under this reference. */
    booked(account: AccountId, kind: EntryKind, reference: string): Effect.Effect<LedgerEntry | undefined>
  }
>()("@cliqtel/sms-core/wallet/Wallet") {}

export interface EntryPage {
  readonly limit: number
  readonly before?: EntryId | undefined
}
