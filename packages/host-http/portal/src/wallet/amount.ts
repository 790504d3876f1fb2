import { formatMicros, isLess, parseMicros } from "../money/micros.ts"

/** As much as one top-up may be. */
export const MAX_TOP_UP = "100000"

/** Two decimals at most, so "1,000" and "1.000" are not taken for one. */
const AMOUNT = /^(\d{1,9})(?:[.,](\d{1,2}))?$/

export type Read = { readonly amount: string } | { readonly refusal: "invalid" | "tooMuch" }

/** What somebody wrote, with a point or a comma, as an amount of the contract. */
export const readAmount = (text: string): Read => {
  const match = AMOUNT.exec(text.trim())
  if (match === null) return { refusal: "invalid" }
  const [, whole, decimals = "0"] = match
  const amount = formatMicros(parseMicros(`${whole}.${decimals}`))
  if (amount === "0") return { refusal: "invalid" }
  return isLess(MAX_TOP_UP, amount) ? { refusal: "tooMuch" } : { amount }
}
