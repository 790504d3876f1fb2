/**
 * The user data header that makes one message of several parts (3GPP TS 23.040, 9.2.3.24, 9.2.3.24.1 and 9.2.3.24.8).
 * A receiver passes over elements that it does not know, and ignores a header whose elements do not fill it exactly.
 */
import type { ReferenceBits } from "./Capacity.ts"

/** Which part of which message this is. Parts that share sender, bits, reference and total belong together. */
export interface Concatenation {
  readonly bits: ReferenceBits
  readonly reference: number
  readonly total: number
  /** From 1 to `total`. */
  readonly sequence: number
}

/** Octets of the header, its length octet first. Of `reference` only the low `bits` count. */
export const concatenationHeader = ({ bits, reference, total, sequence }: Concatenation): Uint8Array =>
  bits === 16
    ? Uint8Array.of(6, CONCATENATION_16, 4, reference >> 8, reference, total, sequence)
    : Uint8Array.of(5, CONCATENATION_8, 3, reference, total, sequence)

export interface UserDataHeader {
  /** Octets before the text, the length octet included; the text is there even if the header is ignored. */
  readonly length: number
  readonly concatenation: Concatenation | undefined
}

/** Reads the header at the start of `octets`, which may go on with the text. */
export const parseUserDataHeader = (octets: Uint8Array): UserDataHeader => {
  const length = Math.min(1 + (octets[0] ?? -1), octets.length)
  let concatenation: Concatenation | undefined
  for (let start = 1; start < length;) {
    const end = start + 2 + (octets[start + 1] ?? 0)
    if (end > length) return { length, concatenation: undefined }
    // Of elements that exclude each other the last one counts.
    concatenation = readConcatenation(octets.subarray(start, end)) ?? concatenation
    start = end
  }
  return { length, concatenation }
}

const CONCATENATION_8 = 0x00
const CONCATENATION_16 = 0x08

/** Undefined for another element, and for one that the standard has ignored: part 0, part 3 of 2, a part of none. */
const readConcatenation = (element: Uint8Array): Concatenation | undefined => {
  const [id, size, ...data] = element
  const bits = id === CONCATENATION_8 && size === 3 ? 8 : id === CONCATENATION_16 && size === 4 ? 16 : undefined
  if (bits === undefined) return undefined
  const [high = 0, low = 0, total = 0, sequence = 0] = bits === 16 ? data : [0, ...data]
  if (sequence === 0 || sequence > total) return undefined
  return { bits, reference: (high << 8) | low, total, sequence }
}
