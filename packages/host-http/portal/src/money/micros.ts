/** Sums of amounts, which are decimal strings by the contract, in whole millionths of a currency: nothing is rounded. */

const MICROS = 1_000_000n

const DECIMALS = 6

const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,6}))?$/

/** "0.008" is 8000. */
export const parseMicros = (amount: string): bigint => {
  const match = DECIMAL.exec(amount)
  if (match === null) throw new Error(`Not an amount of the contract: ${amount}`)
  const [, sign, whole = "0", decimals = ""] = match
  const magnitude = BigInt(whole) * MICROS + BigInt(decimals.padEnd(DECIMALS, "0"))
  return sign === "-" ? -magnitude : magnitude
}

/** As the contract writes it: no trailing zeros, whole amounts without a point. */
export const formatMicros = (micros: bigint): string => {
  const magnitude = micros < 0n ? -micros : micros
  const decimals = (magnitude % MICROS).toString().padStart(DECIMALS, "0").replace(/0+$/, "")
  return `${micros < 0n ? "-" : ""}${magnitude / MICROS}${decimals === "" ? "" : `.${decimals}`}`
}

export const sum = (amounts: ReadonlyArray<string>): string =>
  formatMicros(amounts.reduce((total, amount) => total + parseMicros(amount), 0n))

/** What is left of `amount` once `other` is taken from it; may be below zero. */
export const minus = (amount: string, other: string): string => formatMicros(parseMicros(amount) - parseMicros(other))

export const isLess = (amount: string, than: string): boolean => parseMicros(amount) < parseMicros(than)

/** As a sort takes it. */
export const compareAmounts = (one: string, other: string): number => {
  const difference = parseMicros(one) - parseMicros(other)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
