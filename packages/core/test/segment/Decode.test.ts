import * as fc from "fast-check"
import { assert, test } from "vitest"
import { decode } from "../../src/segment/Decode.ts"
import { readUserData } from "../../src/segment/UserData.ts"
import { parseUserDataHeader } from "../../src/segment/UserDataHeader.ts"

const gsm = (...unpacked: Array<number>) => ({ encoding: "GSM-7", unpacked: Uint8Array.from(unpacked) }) as const
const ucs2 = (...unpacked: Array<number>) => ({ encoding: "UCS-2", unpacked: Uint8Array.from(unpacked) }) as const
const encodings = fc.constantFrom("GSM-7", "UCS-2")
const octets = fc.uint8Array({ maxLength: 160 })

test("an escaped code without entry shows its basic character", () => {
  assert.strictEqual(decode([gsm(0x1b, 0x61, 0x1b, 0x00)]), "a@")
})

test("two escapes show a space", () => {
  assert.strictEqual(decode([gsm(0x1b, 0x1b, 0x65)]), " e")
})

test("an escape at the very end shows nothing", () => {
  assert.strictEqual(decode([gsm(0x61, 0x1b)]), "a")
})

test("pairs that a sender divided are whole again", () => {
  assert.strictEqual(decode([gsm(0x61, 0x1b), gsm(0x65)]), "a€")
  assert.strictEqual(decode([ucs2(0xd8, 0x3d), ucs2(0xde, 0x00)]), "😀")
})

test("what cannot be read is U+FFFD, and half a unit is nothing", () => {
  assert.strictEqual(decode([gsm(0x61, 0xe9)]), "a\uFFFD")
  assert.strictEqual(decode([ucs2(0x00, 0x61, 0xd8, 0x3d, 0x00)]), "a\uFFFD")
})

test("a message may be of parts in both encodings", () => {
  assert.strictEqual(decode([gsm(0x61), ucs2(0x4e, 0x2d)]), "a中")
})

test("any octets at all give well-formed text", () => {
  fc.assert(
    fc.property(encodings, octets, fc.nat(300), fc.boolean(), (encoding, userData, length, udhi) => {
      const part = readUserData({ encoding, userData, userDataLength: length, hasHeader: udhi })
      assert.isTrue(decode([part]).isWellFormed())
      assert.isAtMost(part.unpacked.length, 183)
    })
  )
})

test("TP-UDL leaves out the spare bits of the last octet, and promises nothing that is not there", () => {
  const userData = Uint8Array.from([0x31, 0xd9, 0x8c, 0x56, 0xb3, 0xdd, 0x00])
  const read = (userDataLength: number) =>
    decode([readUserData({ encoding: "GSM-7", userData, userDataLength, hasHeader: false })])
  assert.strictEqual(read(7), "1234567")
  assert.strictEqual(read(8), "1234567@")
  assert.strictEqual(read(160), "1234567@")
})

const concatenation = { bits: 8, reference: 0x2a, total: 2, sequence: 1 } as const

test.for<[string, Array<number>, ReturnType<typeof parseUserDataHeader>]>([
  ["8-bit reference", [5, 0, 3, 0x2a, 2, 1], { length: 6, concatenation }],
  [
    "16-bit reference",
    [6, 8, 4, 0x2a, 0x2b, 3, 3],
    { length: 7, concatenation: { bits: 16, reference: 0x2a2b, total: 3, sequence: 3 } }
  ],
  ["text after the header", [5, 0, 3, 0x2a, 2, 1, 0xff, 0xff], { length: 6, concatenation }],
  ["elements before and after", [13, 5, 4, 1, 2, 3, 4, 0, 3, 0x2a, 2, 1, 0x24, 0], { length: 14, concatenation }],
  [
    "two references, of which the last one counts",
    [11, 8, 4, 9, 9, 9, 9, 0, 3, 0x2a, 2, 1],
    { length: 12, concatenation }
  ],
  ["a last one that is ignored", [10, 0, 3, 0x2a, 2, 1, 0, 3, 7, 0, 0], { length: 11, concatenation }],
  ["no parts", [5, 0, 3, 0x2a, 0, 0], { length: 6, concatenation: undefined }],
  ["part 0", [5, 0, 3, 0x2a, 2, 0], { length: 6, concatenation: undefined }],
  ["part 3 of 2", [5, 0, 3, 0x2a, 2, 3], { length: 6, concatenation: undefined }],
  ["an element of another size", [6, 0, 4, 0x2a, 2, 1, 0], { length: 7, concatenation: undefined }],
  ["an element longer than the header", [7, 0, 3, 0x2a, 2, 1, 5, 4], { length: 8, concatenation: undefined }],
  ["an octet too many", [6, 0, 3, 0x2a, 2, 1, 0], { length: 7, concatenation: undefined }],
  ["a header longer than the field", [200, 5, 1], { length: 3, concatenation: undefined }],
  ["an empty header", [0, 0x61], { length: 1, concatenation: undefined }],
  ["an empty field", [], { length: 0, concatenation: undefined }]
])("user data header: %s", ([, header, expected]) => {
  assert.deepStrictEqual(parseUserDataHeader(Uint8Array.from(header)), expected)
})
