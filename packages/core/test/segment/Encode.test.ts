import { Result } from "effect"
import * as fc from "fast-check"
import { assert, describe, test } from "vitest"
import { decode } from "../../src/segment/Decode.ts"
import { encode, type EncodedPart, type EncodeOptions } from "../../src/segment/Encode.ts"
import { countSegments, split } from "../../src/segment/Segment.ts"
import { readUserData } from "../../src/segment/UserData.ts"
import { segmentOptions, smsText } from "./smsText.ts"

const hex = (octets: Uint8Array) => Buffer.from(octets).toString("hex").toUpperCase()

const encoded = (text: string, options: Partial<EncodeOptions> = {}): ReadonlyArray<EncodedPart> =>
  Result.getOrThrow(encode(text, { reference: { bits: 8, value: 0x2a }, ...options }))

const received = (part: EncodedPart) => readUserData({ ...part, hasHeader: part.udh.length > 0 })

describe.for(segmentOptions)("with $name", ({ alphabet, reference: bits }) => {
  const encodedText = fc.tuple(smsText, fc.integer({ min: 0, max: 2 ** bits - 1 })).map(([text, value]) => ({
    text,
    value,
    parts: encoded(text, { alphabet, reference: { bits, value } })
  }))

  test("parts decode back to the text, packed and unpacked", () => {
    fc.assert(
      fc.property(encodedText, ({ text, parts }) => {
        assert.strictEqual(decode(parts), text.toWellFormed())
        assert.strictEqual(decode(parts.map(received)), text.toWellFormed())
        for (const part of parts) assert.strictEqual(decode([part]), part.text)
      })
    )
  })

  test("counting and splitting agree with encoding", () => {
    fc.assert(
      fc.property(encodedText, ({ text, parts }) => {
        assert.strictEqual(parts.length, countSegments(text, { alphabet, reference: bits }))
        assert.deepStrictEqual(
          parts.map((part) => part.text),
          split(text, { alphabet, reference: bits }).map((slice) => slice.toWellFormed())
        )
      })
    )
  })

  test("no TP-UD is over 140 octets, and TP-UDL says what it holds", () => {
    fc.assert(
      fc.property(encodedText, ({ parts }) => {
        for (const { encoding, units, udh, unpacked, userData, userDataLength } of parts) {
          assert.isAtMost(userData.length, 140)
          assert.deepStrictEqual(userData.slice(0, udh.length), udh)
          assert.strictEqual(unpacked.length, encoding === "GSM-7" ? units : 2 * units)
          if (encoding === "GSM-7") {
            assert.isAtMost(userDataLength, 160)
            assert.strictEqual(userData.length, Math.ceil((userDataLength * 7) / 8))
          } else assert.strictEqual(userDataLength, userData.length)
        }
      })
    )
  })

  test("no escape is parted from its code", () => {
    fc.assert(
      fc.property(encodedText, ({ parts }) => {
        for (const { encoding, unpacked } of parts) {
          if (encoding === "GSM-7") assert.notStrictEqual(unpacked.at(-1), 0x1b)
        }
      })
    )
  })

  test("each part says whose it is and which one", () => {
    fc.assert(
      fc.property(encodedText, ({ value, parts }) => {
        const total = parts.length
        assert.deepStrictEqual(
          parts.map((part) => received(part).concatenation),
          parts.map((_, index) => (total === 1 ? undefined : { bits, reference: value, total, sequence: index + 1 }))
        )
        assert.deepStrictEqual(
          parts.map((part) => part.sequence),
          parts.map((_, index) => index + 1)
        )
      })
    )
  })
})

test.for<[string, string, string, number]>([
  ["nothing", "", "", 0],
  ["one at sign", "@", "00", 1],
  ["hellohello", "hellohello", "E8329BFD4697D9EC37", 10],
  ["eight septets in seven octets", "12345678", "31D98C56B3DD70", 8],
  ["an extension character", "€", "9B32", 2],
  ["CR and LF", "\r\n", "0D05", 2],
  ["UCS-2", "中😀", "4E2DD83DDE00", 6],
  ["a lone surrogate", "a\uD83D", "0061FFFD", 4]
])("%s in octets", ([, text, userData, userDataLength]) => {
  const [part] = encoded(text)
  assert.strictEqual(part && hex(part.userData), userData)
  assert.strictEqual(part?.userDataLength, userDataLength)
})

test("beside an 8-bit reference the septets start after one fill bit, which is zero", () => {
  const [first, second] = encoded("a".repeat(161))
  assert.strictEqual(first && hex(first.udh), "0500032A0201")
  // Septet 0x61 shifted by one: C2, then the bits of 0x61 one after the other.
  assert.strictEqual(first && hex(first.userData.subarray(0, 10)), "0500032A0201C2E17038")
  assert.strictEqual(first?.userDataLength, 160)
  assert.strictEqual(first?.userData.length, 140)
  assert.strictEqual(second && hex(second.userData.subarray(0, 8)), "0500032A0202C2E1")
  assert.strictEqual(second?.userDataLength, 7 + 8)
})

test("beside a 16-bit reference there are no fill bits, and UCS-2 leaves one octet unused", () => {
  const reference = { bits: 16, value: 0x1_2a2b } as const
  const [septets] = encoded("hellohello".repeat(17), { reference })
  assert.strictEqual(septets && hex(septets.userData.subarray(0, 16)), "0608042A2B0201E8329BFD4697D9EC37")
  assert.strictEqual(septets?.userDataLength, 160)
  const [units] = encoded("中".repeat(71), { reference })
  assert.strictEqual(units && hex(units.userData.subarray(0, 9)), "0608042A2B02014E2D")
  assert.strictEqual(units?.userData.length, 139)
})

test("SMPP's form of a part is one octet for each septet, without header", () => {
  const [part] = encoded("a€")
  assert.strictEqual(part && hex(part.unpacked), "611B65")
  assert.strictEqual(part?.udh.length, 0)
})

test.for<[number, number | undefined, number]>([
  [10 * 153 + 1, 10, 10],
  [161, 1, 1],
  [255 * 153 + 1, undefined, 255],
  [255 * 153 + 1, 1000, 255]
])("%i letters are too many for at most %s parts", ([letters, maxParts, limit]) => {
  const text = "a".repeat(letters)
  const outcome = encode(text, { reference: { bits: 8, value: 0 }, maxParts })
  assert.isTrue(Result.isFailure(outcome))
  const { _tag, segments, limit: said } = Result.getOrThrow(Result.flip(outcome))
  assert.strictEqual(_tag, "TooManySegments")
  assert.strictEqual(segments, countSegments(text))
  assert.strictEqual(said, limit)
  assert.strictEqual(encoded(text.slice(1), { maxParts: maxParts ?? 255 }).length, limit)
})
