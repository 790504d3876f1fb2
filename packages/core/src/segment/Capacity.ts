/**
 * How much text the 140 octets of TP-UD hold beside a user data header (3GPP TS 23.040, 9.2.3.24 and 9.2.3.24.1):
 * 160 septets or 70 units alone, 153 or 67 with an 8-bit reference of concatenation, 152 or 66 with a 16-bit one.
 */

/** GSM-7 counts in septets; UCS-2, which phones read as UTF-16, in 16-bit units. */
export type Encoding = "GSM-7" | "UCS-2"

/** Size of the number that the parts of one message have in common. */
export type ReferenceBits = 8 | 16

export const USER_DATA_OCTETS = 140

/** The parts are numbered in one octet. */
export const MAX_PARTS = 255

/** Octets of a header that only concatenates, its length octet included. */
export const headerOctets = (reference: ReferenceBits): number => (reference === 16 ? 7 : 6)

/** Septets whose room a header takes: 7-bit text starts on the first septet boundary after it. */
export const headerSeptets = (octets: number): number => Math.ceil((octets * 8) / 7)

/** Units of text that fit beside a header of so many octets. */
export const capacity = (encoding: Encoding, octets: number): number =>
  encoding === "GSM-7"
    ? Math.floor((USER_DATA_OCTETS * 8) / 7) - headerSeptets(octets)
    : Math.floor((USER_DATA_OCTETS - octets) / 2)
