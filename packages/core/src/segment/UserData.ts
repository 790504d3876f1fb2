/**
 * The TP-UD field: a user data header, if any, and the text after it (3GPP TS 23.040, 9.2.3.24). Septets are packed
 * (TS 23.038, 6.1.2.1.1) from the first septet boundary after the header, so that a phone which knows no header finds
 * its septets where it expects them. TP-UDL counts septets, header included, for GSM-7 and octets for UCS-2.
 */
import { type Encoding, headerSeptets } from "./Capacity.ts"
import { type Concatenation, parseUserDataHeader } from "./UserDataHeader.ts"

/** `unpacked` is the text alone: an octet for each septet, or UCS-2 with its high octet first. */
export const userDataOf = (encoding: Encoding, header: Uint8Array, unpacked: Uint8Array) => {
  if (encoding === "GSM-7") return packSeptets(header, unpacked)
  const userData = new Uint8Array(header.length + unpacked.length)
  userData.set(header)
  userData.set(unpacked, header.length)
  return { userData, userDataLength: userData.length }
}

export interface ReceivedUserData {
  readonly encoding: Encoding
  readonly userData: Uint8Array
  /** TP-UDL. */
  readonly userDataLength: number
  /** TP-UDHI. */
  readonly hasHeader: boolean
}

export interface ReceivedPart {
  readonly encoding: Encoding
  readonly unpacked: Uint8Array
  readonly concatenation: Concatenation | undefined
}

/** Takes a field apart. What TP-UDL promises and the field does not hold is left out. */
export const readUserData = ({ encoding, userData, userDataLength, hasHeader }: ReceivedUserData): ReceivedPart => {
  const { length, concatenation } = hasHeader ? parseUserDataHeader(userData) : NO_HEADER
  const unpacked =
    encoding === "GSM-7"
      ? unpackSeptets(userData, headerSeptets(length), userDataLength)
      : userData.slice(length, userDataLength)
  return { encoding, unpacked, concatenation }
}

const NO_HEADER = { length: 0, concatenation: undefined }

const packSeptets = (header: Uint8Array, septets: Uint8Array) => {
  const first = headerSeptets(header.length)
  const userDataLength = first + septets.length
  const userData = new Uint8Array(Math.ceil((userDataLength * 7) / 8))
  userData.set(header)
  for (let index = 0; index < septets.length; index++) {
    const bit = (first + index) * 7
    const octet = bit >> 3
    const bits = (septets[index] ?? 0) << (bit & 7)
    userData[octet] = (userData[octet] ?? 0) | bits
    if (bits > 0xff) userData[octet + 1] = bits >> 8
  }
  return { userData, userDataLength }
}

const unpackSeptets = (octets: Uint8Array, first: number, userDataLength: number): Uint8Array => {
  const end = Math.min(userDataLength, Math.floor((octets.length * 8) / 7))
  const septets = new Uint8Array(Math.max(end - first, 0))
  for (let index = 0; index < septets.length; index++) {
    const bit = (first + index) * 7
    const octet = bit >> 3
    const bits = (octets[octet] ?? 0) | ((octets[octet + 1] ?? 0) << 8)
    septets[index] = (bits >> (bit & 7)) & 0x7f
  }
  return septets
}
