/**
 * The spellings of one carrier id. Receipts come back in another case, without leading zeros, or in the other base than
 * the submit answer's (SMPP 3.4 5.2.23 leaves the form open). Which base is the carrier's habit, and never guessed: the
 * hex of one id is the decimal of another.
 */

/** Lower case, without leading zeros: equal for all spellings in one base. */
export const normalRef = (ref: string): string =>
  ref
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, "")

/** How a carrier's receipts spell the ids that its submit answers gave. */
export type ReceiptIds = "as_answered" | "decimal_of_hex" | "hex_of_decimal"

// What is no number of this base, or longer than 64 bits, is the same in both.

const decimalOf = (hex: string): string => (/^[0-9a-f]{1,16}$/.test(hex) ? BigInt(`0x${hex}`).toString() : hex)

const hexOf = (decimal: string): string => {
  const number = /^\d{1,20}$/.test(decimal) ? BigInt(decimal) : 2n ** 64n
  return number < 2n ** 64n ? number.toString(16) : decimal
}

/** The id of the submit answer, in its normal spelling, that a receipt's id stands for. */
export const answeredRef = (ref: string, spelling: ReceiptIds): string => {
  const normal = normalRef(ref)
  switch (spelling) {
    case "as_answered":
      return normal
    case "decimal_of_hex":
      return hexOf(normal)
    case "hex_of_decimal":
      return decimalOf(normal)
  }
}

/** All that receipts of any carrier may call the id of a submit answer, in their normal spelling. */
export const receiptRefs = (ref: string): ReadonlyArray<string> => {
  const normal = normalRef(ref)
  return [...new Set([normal, decimalOf(normal), hexOf(normal)])]
}
