/**
 * The rules of a prepaid wallet. Its balance is the sum of its ledger lines and never falls below zero; a line is
 * never changed or removed; (account, kind, reference) is unique, so a step is booked once however often it is retried.
 */
import { DateTime, Schema } from "effect"
import type { AccountId, EntryId, MessageId, NumberId, OrderId, TopUpId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import { type Micros, Money, money } from "../Money.ts"

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

/** The wallet does not hold the price of a message, an add-on or an order. */
export class InsufficientBalance extends Schema.TaggedError<InsufficientBalance>()("InsufficientBalance", {
  price: Money,
  balance: Money
}) {}

export const messageReference = (id: MessageId): string => `message:${id}`

export const smsCharge = (accountId: AccountId, id: MessageId, price: Money, at: Instant): LedgerLine => ({
  accountId,
  kind: "sms_charge",
  amount: negative(price),
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

/** The month of a number's SMS add-on that begins at `periodStart`; no two months of a number begin together. */
export const addonFee = (
  { accountId, id }: { readonly accountId: AccountId; readonly id: NumberId },
  price: Money,
  periodStart: Instant,
  at: Instant
): LedgerLine => ({
  accountId,
  kind: "addon_fee",
  amount: negative(price),
  reference: `number:${id}:sms:${DateTime.formatIso(DateTime.makeUnsafe(periodStart))}`,
  at
})

/** What a number costs when it is ordered. */
export const numberFee = (
  { accountId, id }: { readonly accountId: AccountId; readonly id: NumberId },
  order: OrderId,
  price: Money,
  at: Instant
): LedgerLine => ({
  accountId,
  kind: "number_fee",
  amount: negative(price),
  reference: `order:${order}:number:${id}`,
  at
})

export const topUpReference = (id: TopUpId): string => `top_up:${id}`

/** An operator's own name of a credit. */
export const creditReference = (reference: string): string => `credit:${reference}`

export const topUpLine = (accountId: AccountId, reference: string, amount: Money, at: Instant): LedgerLine => ({
  accountId,
  kind: "top_up",
  amount,
  reference,
  at
})

const negative = ({ currency, micros }: Money): Money => money(-micros, currency)

/** Whether `balance` pays `price`; a balance equal to the price does. */
export const pays = (balance: Micros, price: Micros): boolean => balance >= price

/** Whether the step from one balance to the next is the one that falls below the threshold: once per fall. */
export const fallsBelow = (threshold: Micros | null, before: Micros, after: Micros): boolean =>
  threshold !== null && before >= threshold && after < threshold
