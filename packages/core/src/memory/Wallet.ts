/** Wallets in memory: an account's balance is what its last ledger line says. */
import { Effect, Layer } from "effect"
import { type AccountId, EntryId } from "../Account.ts"
import { Micros, type Money, money } from "../Money.ts"
import type { LedgerEntry, LedgerLine } from "../wallet/Ledger.ts"
import { Wallet, type WalletState } from "../wallet/Wallet.ts"
import { MemoryStore } from "./MemoryStore.ts"

export const layerWallet = Layer.effect(
  Wallet,
  Effect.gen(function* () {
    const { accounts, call, table } = yield* MemoryStore
    const ledgers = table<AccountId, ReadonlyArray<LedgerEntry>>()
    const booked = table<string, true>()
    let entries = 0

    const balanceOf = (account: AccountId): Money | undefined => {
      const currency = accounts.get(account)?.currency
      if (currency === undefined) return undefined
      return ledgers.get(account)?.at(-1)?.balanceAfter ?? money(0n, currency)
    }

    const book = (line: LedgerLine) => {
      const { accountId, amount, kind, reference } = line
      const name = `${accountId} ${kind} ${reference}`
      if (booked.get(name)) return
      const balance = balanceOf(accountId)
      if (balance === undefined) throw new Error(`account ${accountId} has no wallet`)
      if (balance.currency !== amount.currency) throw new Error(`the wallet of ${accountId} holds ${balance.currency}`)
      const after = balance.micros + amount.micros
      if (after < 0n) throw new Error(`${kind} ${reference} would overdraw the wallet of ${accountId}`)
      const entry = { ...line, id: EntryId.make(++entries), balanceAfter: money(after, balance.currency) }
      booked.set(name, true)
      ledgers.set(accountId, [...(ledgers.get(accountId) ?? []), entry])
    }

    /** There is one unit of work at a time: whoever asks holds everything. */
    const lock: Wallet["Service"]["lock"] = (ids) =>
      call(() => {
        const found = new Map<AccountId, WalletState>()
        for (const id of ids) {
          const balance = balanceOf(id)
          if (balance === undefined) continue
          const lowBalance = accounts.get(id)?.lowBalance ?? null
          found.set(id, { balance: Micros.make(balance.micros), currency: balance.currency, lowBalance })
        }
        return found
      })

    return Wallet.of({
      lock,
      lockSoon: lock,
      lockFree: lock,
      post: (lines) => call(() => lines.forEach(book)),
      balance: (account) => call(() => balanceOf(account)),
      entries: (account, { before = Infinity, limit }) =>
        call(() =>
          (ledgers.get(account) ?? [])
            .filter((entry) => entry.id < before)
            .reverse()
            .slice(0, limit)
        ),
      booked: (account, kind, reference) =>
        call(() => (ledgers.get(account) ?? []).find((one) => one.kind === kind && one.reference === reference))
    })
  })
)
