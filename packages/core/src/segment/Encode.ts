/**
 * What goes on the air for a text: the octets of each part, in the forms that carriers' protocols ask for. No TP-UD is
 * longer than 140 octets. A surrogate without its other half goes as U+FFFD, as it would in the UTF-8 of an HTTP
 * carrier; it costs the same unit.
 */
import { Result, Schema } from "effect"
import { type Alphabet, ESCAPE, EXTENDED, gsm7 } from "./Alphabet.ts"
import { type Encoding, MAX_PARTS, type ReferenceBits } from "./Capacity.ts"
import { countSegments, partition } from "./Segment.ts"
import { userDataOf } from "./UserData.ts"
import { concatenationHeader } from "./UserDataHeader.ts"

/** The carrier, or the octet that numbers the parts, allows fewer. */
export class TooManySegments extends Schema.TaggedError<TooManySegments>()("TooManySegments", {
  segments: Schema.Int,
  limit: Schema.Int
}) {}

export interface EncodeOptions {
  /** Common to the parts of this text, and to no other text on its way to the same phone. Only the low bits count. */
  readonly reference: { readonly bits: ReferenceBits; readonly value: number }
  /** What the carrier takes as GSM-7; all of it by default. */
  readonly alphabet?: Alphabet | undefined
  /** What the carrier takes; never more than 255. */
  readonly maxParts?: number | undefined
}

export interface EncodedPart {
  /** From 1 to `total`. */
  readonly sequence: number
  readonly total: number
  readonly text: string
  readonly encoding: Encoding
  /** Septets or 16-bit units of the text. */
  readonly units: number
  /** User data header with its length octet; empty if this is the only part. */
  readonly udh: Uint8Array
  /** The text alone: an octet for each septet (SMPP, data_coding 0), or UCS-2 with its high octet first (8). */
  readonly unpacked: Uint8Array
  /** TP-UD: header, fill bits and packed septets, or header and UCS-2. */
  readonly userData: Uint8Array
  /** TP-UDL. */
  readonly userDataLength: number
}

export const encode = (
  text: string,
  { reference, alphabet = gsm7, maxParts = MAX_PARTS }: EncodeOptions
): Result.Result<ReadonlyArray<EncodedPart>, TooManySegments> => {
  const options = { alphabet, reference: reference.bits }
  const segments = countSegments(text, options)
  const limit = Math.min(maxParts, MAX_PARTS)
  if (segments > limit) return Result.fail(new TooManySegments({ segments, limit }))

  const { encoding, parts } = partition(text.toWellFormed(), options)
  const total = parts.length
  return Result.succeed(
    parts.map(({ text, units }, index) => {
      const sequence = index + 1
      const place = { bits: reference.bits, reference: reference.value, total, sequence }
      const udh = total === 1 ? new Uint8Array() : concatenationHeader(place)
      const unpacked = encoding === "GSM-7" ? septetsOf(text, units, alphabet) : ucs2Of(text)
      const { userData, userDataLength } = userDataOf(encoding, udh, unpacked)
      return { sequence, total, text, encoding, units, udh, unpacked, userData, userDataLength }
    })
  )
}

const septetsOf = (text: string, units: number, { entries }: Alphabet): Uint8Array => {
  const septets = new Uint8Array(units)
  let at = 0
  for (let index = 0; index < text.length; index++) {
    const entry = entries[text.charCodeAt(index)] ?? ESCAPE
    if (entry >= EXTENDED) septets[at++] = ESCAPE
    septets[at++] = entry & ~EXTENDED
  }
  return septets
}

const ucs2Of = (text: string): Uint8Array => {
  const octets = new Uint8Array(text.length * 2)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    octets[index * 2] = unit >> 8
    octets[index * 2 + 1] = unit
  }
  return octets
}
