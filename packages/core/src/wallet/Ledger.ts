/**
 * The rules of a prepaid wallet. Its balance is the sum of its ledger lines and never falls below zero; a line is
 * never changed or removed; (account, kind, reference) is unique, so a step is booked once however often it is retried.
 */
import type { AccountId, EntryId, MessageId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import { type Micros, type Money, money } from "../Money.ts"

export type EntryKind = "top_up" | "sms_charge" | "sms_refund" | "number_fee" | "addon_fee"

/** What is to be booked. */
export interface LedgerLine {
  readonly accountId: AccountId
  readonly kind: EntryKind
  /** Signed: what it adds to the balance. */
  readonly amount: Money
  readonly reference: string
  readonly at: Instant
}

/** What was booked. */
export interface LedgerEntry extends LedgerLine {
  readonly id: EntryId
  readonly balanceAfter: Money
}

export const messageReference = (id: MessageId): string => `message:${id}`

export const smsCharge = (accountId: AccountId, id: MessageId, price: Money, at: Instant): LedgerLine => ({
  accountId,
  kind: "sms_charge",
  amount: money(-price.micros, price.currency),
  reference: messageReference(id),
  at
})

export const smsRefund = (accountId: AccountId, id: MessageId, price: Money, at: Instant): LedgerLine => ({
  accountId,
  kind: "sms_refund",
  amount: price,
  reference: messageReference(id),
  at
})

/** Whether `balance` pays `price`; a balance equal to the price does. */
export const pays = (balance: Micros, price: Micros): boolean => balance >= price
