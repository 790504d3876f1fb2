/**
 * Texts that find the faults of segmentation: runs of GSM basic, extension, BMP, emoji and lone surrogates, as long as
 * a part or a little more or less, so that pairs of every kind meet every boundary.
 */
import * as fc from "fast-check"
import { type Alphabet, gsm7, withoutCharacters } from "../../src/segment/Alphabet.ts"
import type { ReferenceBits } from "../../src/segment/Capacity.ts"

const basic = fc.constantFrom(..."@£$èÇ\nØ\rΔ_ΩΞÆß 0Aaz¿§à")
const extension = fc.constantFrom(..."\f^{}\\[~]|€")
const bmp = fc.constantFrom("`", "\t", "\u0000", "\u001b", "ç", "À", "\u2126", "’", "…", "中", "א", "\u0301", "\uFFFD")
const emoji = fc.constantFrom("😀", "🇳🇱", "👨‍👩‍👧", "𝄞", "👍🏽")
const lone = fc.constantFrom("\uD83D", "\uDE00", "\uDBFF", "\uDC00")

/** A few texts of each kind: one character outside of GSM-7 would make all of them UCS-2. */
const kinds = [
  fc.oneof({ weight: 4, arbitrary: basic }, { weight: 2, arbitrary: extension }),
  fc.oneof({ weight: 2, arbitrary: basic }, { weight: 2, arbitrary: bmp }, { weight: 3, arbitrary: emoji }),
  fc.oneof(basic, extension, bmp, emoji, lone)
]

const runLength = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 2, arbitrary: fc.integer({ min: 30, max: 36 }) },
  { weight: 2, arbitrary: fc.integer({ min: 63, max: 82 }) },
  { weight: 3, arbitrary: fc.integer({ min: 149, max: 162 }) },
  { weight: 1, arbitrary: fc.integer({ min: 303, max: 308 }) }
)

export const smsText: fc.Arbitrary<string> = fc.oneof(
  ...kinds.map((character) =>
    fc
      .array(fc.tuple(character, runLength), { maxLength: 14 })
      .map((runs) => runs.map(([text, count]) => text.repeat(count)).join(""))
  )
)

/** Both references, with all of GSM-7 and with a carrier's part of it. */
export interface NamedOptions {
  readonly name: string
  readonly alphabet: Alphabet
  readonly reference: ReferenceBits
}

export const segmentOptions: ReadonlyArray<NamedOptions> = [
  { name: "all of GSM-7, 8-bit reference", alphabet: gsm7, reference: 8 },
  { name: "all of GSM-7, 16-bit reference", alphabet: gsm7, reference: 16 },
  { name: "a part of GSM-7, 8-bit reference", alphabet: withoutCharacters(gsm7, "€§ΔΩΞÇ"), reference: 8 },
  { name: "a part of GSM-7, 16-bit reference", alphabet: withoutCharacters(gsm7, "€§ΔΩΞÇ"), reference: 16 }
]
