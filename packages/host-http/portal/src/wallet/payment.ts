/** What something costs against what the wallet holds. */
import { isLess, minus } from "../money/micros.ts"
import type { WalletDetails } from "./wallet.ts"

export interface Payment {
  readonly balance: string
  readonly currency: string
  readonly enough: boolean
  readonly left: string
}

/** What paying `price` leaves; a balance equal to the price pays it. */
export const paymentOf = (
  { balance, currency }: Pick<WalletDetails, "balance" | "currency">,
  price: string
): Payment => ({
  balance,
  currency,
  enough: !isLess(balance, price),
  left: minus(balance, price)
})
