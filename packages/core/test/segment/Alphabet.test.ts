import { Result } from "effect"
import { assert, test } from "vitest"
import { ESCAPE, gsm7, withoutCharacters } from "../../src/segment/Alphabet.ts"
import { encode } from "../../src/segment/Encode.ts"
import { countUnits, encodingOf } from "../../src/segment/Segment.ts"

const everyUnit = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit))

/** Both tables by number, so that a look-alike in the source's would be found. */
const BASIC = [
  0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5, 0x394, 0x5f, 0x3a6,
  0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0x1b, 0xc6, 0xe6, 0xdf, 0xc9, 0x20, 0x21, 0x22, 0x23, 0xa4,
  0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
  0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0xa1, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
  0x4b, 0x4c, 0x4d, 0x4e, 0x4f, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0xc4, 0xd6, 0xd1,
  0xdc, 0xa7, 0xbf, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70,
  0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0xe4, 0xf6, 0xf1, 0xfc, 0xe0
]

const EXTENSION: ReadonlyArray<[code: number, unit: number]> = [
  [0x0a, 0x0c],
  [0x14, 0x5e],
  [0x28, 0x7b],
  [0x29, 0x7d],
  [0x2f, 0x5c],
  [0x3c, 0x5b],
  [0x3d, 0x7e],
  [0x3e, 0x5d],
  [0x40, 0x7c],
  [0x65, 0x20ac]
]

test("GSM-7 has exactly the 137 characters of the two tables, each by its code", () => {
  const expected = new Map<number, string>()
  for (const [code, unit] of BASIC.entries()) if (code !== ESCAPE) expected.set(unit, `${code}`)
  for (const [code, unit] of EXTENSION) expected.set(unit, `${ESCAPE} ${code}`)
  assert.strictEqual(expected.size, 137)

  for (const [unit, character] of everyUnit.entries()) {
    const codes = expected.get(unit)
    assert.strictEqual(encodingOf(character), codes === undefined ? "UCS-2" : "GSM-7")
    if (codes === undefined) continue
    const [part] = Result.getOrThrow(encode(character, { reference: { bits: 8, value: 0 } }))
    assert.strictEqual(part?.unpacked.join(" "), codes)
    assert.strictEqual(countUnits(character), codes.includes(" ") ? 2 : 1)
  }
})

test.for([
  ["backtick", "`"],
  ["tab", "\t"],
  ["NUL", "\u0000"],
  ["escape", "\u001b"],
  ["no-break space", "\u00a0"],
  ["small c-cedilla", "\u00e7"],
  ["capital A grave", "\u00c0"],
  ["capital E grave", "\u00c8"],
  ["capital I grave", "\u00cc"],
  ["capital O grave", "\u00d2"],
  ["capital U grave", "\u00d9"],
  ["a acute", "\u00e1"],
  ["i acute", "\u00ed"],
  ["o acute", "\u00f3"],
  ["u acute", "\u00fa"],
  ["capital A acute", "\u00c1"],
  ["left single quotation mark", "\u2018"],
  ["right single quotation mark", "\u2019"],
  ["left double quotation mark", "\u201c"],
  ["right double quotation mark", "\u201d"],
  ["ellipsis", "\u2026"],
  ["en dash", "\u2013"],
  ["em dash", "\u2014"],
  ["Greek capital alpha", "\u0391"],
  ["Greek small omega", "\u03c9"],
  ["ohm sign", "\u2126"],
  ["angstrom sign", "\u212b"],
  ["increment", "\u2206"],
  ["e and a combining acute", "e\u0301"]
])("%s is UCS-2", ([, text]) => {
  assert.strictEqual(encodingOf(`Hello ${text}`), "UCS-2")
})

test("a carrier's part of the alphabet makes the other characters UCS-2, and leaves the whole one alone", () => {
  const alphabet = withoutCharacters(gsm7, "€§😀")
  assert.strictEqual(encodingOf("5 €", { alphabet }), "UCS-2")
  assert.strictEqual(encodingOf("§ 5", { alphabet }), "UCS-2")
  assert.strictEqual(encodingOf("[5]", { alphabet }), "GSM-7")
  assert.strictEqual(encodingOf("§ 5 €"), "GSM-7")
})
