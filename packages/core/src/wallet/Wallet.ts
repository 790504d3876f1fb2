/** Port: the prepaid wallets and their ledger. */
import { Context, type Effect } from "effect"
import type { AccountId, EntryId } from "../Account.ts"
import type { Currency, Micros, Money } from "../Money.ts"
import type { EntryKind, LedgerEntry, LedgerLine } from "./Ledger.ts"

export interface WalletState {
  readonly balance: Micros
  readonly currency: Currency
  /** Below it the owner is told; null: never. */
  readonly lowBalance: Micros | null
}

export class Wallet extends Context.Service<
  Wallet,
  {
    /**
     * Loads wallets and holds them until the unit of work ends, in the order of their ids whatever order they are named
     * in (so that no two callers wait for each other). Accounts that have none are absent.
     */
    lock(accounts: ReadonlyArray<AccountId>): Effect.Effect<ReadonlyMap<AccountId, WalletState>>
    /** The same, but where another unit of work goes on holding one for so long, this one fails as `Unavailable`, undone. */
    lockSoon(accounts: ReadonlyArray<AccountId>, patienceMillis: number): Effect.Effect<HeldSoon>
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

export interface HeldSoon {
  readonly wallets: ReadonlyMap<AccountId, WalletState>
  /** What was read at the same moment may be older than the locks: whoever held one may have changed it. */
  readonly hasWaited: boolean
}

export interface EntryPage {
  readonly limit: number
  readonly before?: EntryId | undefined
}
