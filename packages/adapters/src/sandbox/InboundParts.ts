/** What a person writes as a network brings it: packed into parts, each with its user data header, and read again. */
import { decode, encode, type InboundPart, readUserData } from "@cliqtel/sms-core"
import { Result } from "effect"
import { randomUUID } from "node:crypto"

export interface Written {
  readonly carrier: string
  readonly from: string
  readonly to: string
  /** At most 255 parts of it. */
  readonly body: string
}

/** Of the next long message; phones number theirs like this too. */
let reference = 0

export const inboundParts = ({ body, carrier, from, to }: Written): ReadonlyArray<InboundPart> => {
  const name = randomUUID()
  const value = reference++ & 0xff
  const parts = Result.getOrThrow(encode(body, { reference: { bits: 8, value } }))
  return parts.map(({ encoding, sequence, udh, userData, userDataLength }): InboundPart => {
    const { concatenation: place, unpacked } = readUserData({
      encoding,
      userData,
      userDataLength,
      hasHeader: udh.length > 0
    })
    return {
      carrier,
      eventId: `${name}:${sequence}`,
      from,
      to,
      body: decode([{ encoding, unpacked }]),
      encoding,
      concat: place ? { bits: place.bits, ref: place.reference, total: place.total, index: place.sequence } : null
    }
  })
}
