/** The decision of an order, as one pure function: what it costs and which numbers come of it, or why not. */
import { Result } from "effect"
import type { AccountId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import { type Currency, type Money, money } from "../Money.ts"
import { type CoverageTable, isSmsAvailable, numberMonthlyPrice } from "../price/Coverage.ts"
import { InsufficientBalance, pays } from "../wallet/Ledger.ts"
import type { WalletState } from "../wallet/Wallet.ts"
import type { Offer } from "./NumberProvider.ts"
import { type NewNumber, NumberTaken } from "./NumberRegistry.ts"
import { addonOff, addonPaid, pause } from "./SmsAddon.ts"
import { SmsUnavailable } from "./SwitchSms.ts"

export interface OrderedItem {
  readonly offer: Offer
  /** Whether its SMS add-on is bought with it. */
  readonly sms: boolean
}

export interface OrderPlan {
  readonly total: Money
  readonly numbers: ReadonlyArray<NewNumber>
}

export type OrderRefusal = SmsUnavailable | NumberTaken | InsufficientBalance

export const planOrder = (
  accountId: AccountId,
  items: ReadonlyArray<OrderedItem>,
  coverage: CoverageTable,
  wallet: WalletState,
  now: Instant
): Result.Result<OrderPlan, OrderRefusal> => {
  const numbers: Array<NewNumber> = []
  for (const item of items) {
    const planned = planNumber(accountId, item, coverage, wallet.currency, now)
    if (Result.isFailure(planned)) return Result.fail(planned.failure)
    numbers.push(planned.success)
  }
  const total = money(
    numbers.reduce((sum, { monthlyPrice, sms }) => sum + monthlyPrice.micros + firstMonth(sms), 0n),
    wallet.currency
  )
  if (pays(wallet.balance, total.micros)) return Result.succeed({ total, numbers })
  return Result.fail(new InsufficientBalance({ price: total, balance: money(wallet.balance, wallet.currency) }))
}

const firstMonth = ({ monthlyPrice, paidUntil }: NewNumber["sms"]): bigint =>
  paidUntil === null ? 0n : monthlyPrice.micros

const planNumber = (
  accountId: AccountId,
  { offer, sms }: OrderedItem,
  coverage: CoverageTable,
  currency: Currency,
  now: Instant
): Result.Result<NewNumber, SmsUnavailable | NumberTaken> => {
  const { carrier, country, number, status, type } = offer
  if (sms && !isSmsAvailable(coverage, country, type)) return Result.fail(new SmsUnavailable({ number }))
  const monthlyPrice = numberMonthlyPrice(coverage, country)
  const addonPrice = coverage.get(country)?.smsMonthly
  // What has no price in the wallet's currency is not sold.
  if (monthlyPrice?.currency !== currency || addonPrice?.currency !== currency) {
    return Result.fail(new NumberTaken({ number }))
  }
  const active = status === "active"
  const paid = sms ? addonPaid(addonPrice, now) : addonOff(addonPrice)
  return Result.succeed({
    accountId,
    number,
    country,
    type,
    status,
    inactiveSince: active ? null : now,
    carrier,
    monthlyPrice,
    // Its month begins when it becomes active.
    sms: active ? paid : pause(paid),
    profileAssigned: true
  })
}
