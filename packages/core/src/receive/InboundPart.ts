/** What a carrier brings us from a person: a whole message, or one part of a longer one. */
import { type Encoding, MAX_PARTS, type ReferenceBits } from "../segment/Capacity.ts"
import { plainText, plainTextUpTo } from "../PlainText.ts"

export interface InboundPart {
  readonly carrier: string
  /** Unique per carrier and part: the same part told twice has the same one. */
  readonly eventId: string
  /** As the carrier has them: a sender may be a short code or a name. */
  readonly from: string
  readonly to: string
  /** Text of this part, decoded. It may be empty, and may hold half of a surrogate pair whose other half the next one has. */
  readonly body: string
  readonly encoding: Encoding
  /** Null for a message that came whole. */
  readonly concat: ConcatPlace | null
}

/** Which part of which message it is: parts with the same two people, bits, ref and total belong together. */
export interface ConcatPlace {
  readonly bits: ReferenceBits
  readonly ref: number
  readonly total: number
  /** From 1 to `total`. */
  readonly index: number
}

/** UTF-16 units of the longest message that parts can make. */
const LONGEST_BODY = MAX_PARTS * 153

/** An id has to fit into an index. */
const LONGEST_ID = 500

/** As it can be kept: cut to bearable lengths, and a place that no part can have is none. */
export const cleanedPart = (part: InboundPart): InboundPart => ({
  carrier: plainText(part.carrier),
  eventId: plainTextUpTo(LONGEST_ID, part.eventId),
  from: plainText(part.from),
  to: plainText(part.to),
  body: part.body.slice(0, LONGEST_BODY),
  encoding: part.encoding,
  concat: part.concat !== null && isPossible(part.concat) ? part.concat : null
})

/** Well-formed text that any database can hold. */
export const inboundText = (body: string): string => plainTextUpTo(LONGEST_BODY, body)

/** A message of one part is whole. */
const isPossible = ({ bits, index, ref, total }: ConcatPlace): boolean =>
  isWithin(ref, 0, 2 ** bits - 1) && isWithin(total, 2, MAX_PARTS) && isWithin(index, 1, total)

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most
