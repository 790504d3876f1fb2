/** Amounts are compared in micro-units, as the host counts them. */

const DIGITS = 6

/** `amount`: a decimal string of at most six digits behind the point, as the contract has it. */
export const micros = (amount: string): bigint => {
  const [whole = "", fraction = ""] = amount.replace("-", "").split(".")
  const value = BigInt(whole + fraction.padEnd(DIGITS, "0"))
  return amount.startsWith("-") ? -value : value
}

export const affords = (balance: string, price: string): boolean => micros(balance) >= micros(price)
