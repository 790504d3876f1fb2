/**
 * How a text is cut into segments (3GPP TS 23.038, 6.2.1; TS 23.040, 9.2.3.24.1). It is GSM-7 if the alphabet has each
 * of its characters, else all of it is UCS-2. Parts are filled greedily, and no escape pair or surrogate pair is
 * divided: a part may end one unit short, so the number of segments is not always units / capacity.
 *
 * Preview, price and wire share these rules. The empty text is one segment of no units: it is what would be sent.
 */
import { type Alphabet, ESCAPE, gsm7 } from "./Alphabet.ts"
import { capacity, type Encoding, headerOctets, type ReferenceBits } from "./Capacity.ts"

export interface SegmentOptions {
  /** What the carrier takes as GSM-7; all of it by default. */
  readonly alphabet?: Alphabet | undefined
  /** Bits of the reference that concatenates parts; 8 by default. */
  readonly reference?: ReferenceBits | undefined
}

const DEFAULTS: SegmentOptions = {}

export const encodingOf = (text: string, options: SegmentOptions = DEFAULTS): Encoding =>
  encodingFor(countSeptets(text, options.alphabet ?? gsm7))

/** Septets or 16-bit units of the whole text, without headers. */
export const countUnits = (text: string, options: SegmentOptions = DEFAULTS): number => {
  const septets = countSeptets(text, options.alphabet ?? gsm7)
  return septets === NOT_GSM ? text.length : septets
}

/** The segments that a text is billed as. Allocates nothing, and reads most texts once. */
export const countSegments = (text: string, options: SegmentOptions = DEFAULTS): number => {
  const alphabet = options.alphabet ?? gsm7
  const septets = countSeptets(text, alphabet)
  const encoding = encodingFor(septets)
  const units = septets === NOT_GSM ? text.length : septets
  if (units <= capacity(encoding, 0)) return 1

  const room = capacity(encoding, headerOctets(options.reference ?? 8))
  const fewest = Math.ceil(units / room)
  // Without pairs no part ends short, and often nothing changes if every part does. A walk would read the text again.
  if (septets === text.length || fewest === Math.ceil(units / (room - 1))) return fewest

  let segments = 0
  for (let start = 0; start < text.length; start = partEnd(text, start, encoding, room, alphabet)) segments++
  return segments
}

export interface Partition {
  readonly encoding: Encoding
  /** Units that each part could hold. */
  readonly room: number
  /** In order, never none; joined they are the text. */
  readonly parts: ReadonlyArray<{ readonly text: string; readonly units: number }>
}

/** The text in parts, with what each one costs. */
export const partition = (text: string, options: SegmentOptions = DEFAULTS): Partition => {
  const alphabet = options.alphabet ?? gsm7
  const septets = countSeptets(text, alphabet)
  const encoding = encodingFor(septets)
  const units = septets === NOT_GSM ? text.length : septets
  const single = capacity(encoding, 0)
  if (units <= single) return { encoding, room: single, parts: [{ text, units }] }

  const room = capacity(encoding, headerOctets(options.reference ?? 8))
  const parts: Array<{ text: string; units: number }> = []
  for (let start = 0; start < text.length;) {
    const end = partEnd(text, start, encoding, room, alphabet)
    const slice = text.slice(start, end)
    parts.push({ text: slice, units: encoding === "GSM-7" ? countSeptets(slice, alphabet) : slice.length })
    start = end
  }
  return { encoding, room, parts }
}

/** The text of each part. */
export const split = (text: string, options: SegmentOptions = DEFAULTS): ReadonlyArray<string> =>
  partition(text, options).parts.map((part) => part.text)

export interface Measurement {
  readonly encoding: Encoding
  readonly segments: number
  readonly units: number
  readonly unitsPerSegment: ReadonlyArray<number>
  /** Units still free in the last segment. */
  readonly remaining: number
}

/** What a compose window shows. Of the empty text: GSM-7, one segment, 0 units, 160 remaining. */
export const measure = (text: string, options: SegmentOptions = DEFAULTS): Measurement => {
  const { encoding, room, parts } = partition(text, options)
  const unitsPerSegment = parts.map((part) => part.units)
  return {
    encoding,
    segments: parts.length,
    units: unitsPerSegment.reduce((sum, units) => sum + units, 0),
    unitsPerSegment,
    remaining: room - (unitsPerSegment.at(-1) ?? 0)
  }
}

const NOT_GSM = -1

const encodingFor = (septets: number): Encoding => (septets === NOT_GSM ? "UCS-2" : "GSM-7")

/** 1, or 2 with the escape. */
const septetsOf = (entry: number): number => 1 + (entry >> 7)

/** Septets of the text, or `NOT_GSM` at the first character that the alphabet lacks. */
const countSeptets = (text: string, { entries }: Alphabet): number => {
  let septets = 0
  for (let index = 0; index < text.length; index++) {
    const entry = entries[text.charCodeAt(index)] ?? ESCAPE
    if (entry === ESCAPE) return NOT_GSM
    septets += septetsOf(entry)
  }
  return septets
}

/** Where the part that begins at `start` ends: as late as its room and its last pair allow. */
const partEnd = (text: string, start: number, encoding: Encoding, room: number, { entries }: Alphabet): number => {
  if (encoding === "UCS-2") {
    const end = start + room
    if (end >= text.length) return text.length
    return isPair(text.charCodeAt(end - 1), text.charCodeAt(end)) ? end - 1 : end
  }
  let end = start
  for (let free = room; end < text.length; end++) {
    free -= septetsOf(entries[text.charCodeAt(end)] ?? ESCAPE)
    if (free < 0) break
  }
  return end
}

/** A surrogate without its other half is a unit like any other. */
const isPair = (high: number, low: number): boolean => (high & 0xfc00) === 0xd800 && (low & 0xfc00) === 0xdc00
