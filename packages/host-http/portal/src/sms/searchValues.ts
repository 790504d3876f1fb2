/** Values in an address, which anybody may have written. */
import { readNumber } from "./readNumber.ts"

export const idOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined

/** A phone number. In an address a bare + is a space, so ?contact=+31612345678 comes as a JSON number. */
export const numberOf = (value: unknown): string | undefined => {
  if (typeof value === "number") return readNumber(`+${value}`)
  return typeof value === "string" ? readNumber(value) : undefined
}
