import { Result } from "effect"
import { assert, test } from "vitest"
import { ESCAPE, gsm7, withoutCharacters } from "../../src/segment/Alphabet.ts"
import { encode } from "../../src/segment/Encode.ts"
import { countUnits, encodingOf } from "../../src/segment/Segment.ts"

const everyUnit = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit))

/** Code and character where they differ, by number, so that a look-alike in the source's table would be found. */
const BASIC: ReadonlyArray<[code: number, unit: number]> = [
  [0x01, 0xa3], [0x03, 0xa5], [0x04, 0xe8], [0x05, 0xe9], [0x06, 0xf9], [0x07, 0xec], [0x08, 0xf2], [0x09, 0xc7],
  [0x0b, 0xd8], [0x0c, 0xf8], [0x0e, 0xc5], [0x0f, 0xe5], [0x10, 0x394], [0x12, 0x3a6], [0x13, 0x393], [0x14, 0x39b],
  [0x15, 0x3a9], [0x16, 0x3a0], [0x17, 0x3a8], [0x18, 0x3a3], [0x19, 0x398], [0x1a, 0x39e], [0x1c, 0xc6], [0x1d, 0xe6],
  [0x1e, 0xdf], [0x1f, 0xc9], [0x24, 0xa4], [0x40, 0xa1], [0x5b, 0xc4], [0x5c, 0xd6], [0x5d, 0xd1], [0x5e, 0xdc],
  [0x5f, 0xa7], [0x60, 0xbf], [0x7b, 0xe4], [0x7c, 0xf6], [0x7d, 0xf1], [0x7e, 0xfc], [0x7f, 0xe0], [0x00, 0x40],
  [0x02, 0x24], [0x11, 0x5f]
]

const EXTENSION: ReadonlyArray<[code: number, unit: number]> = [
  [0x0a, 0x0c], [0x14, 0x5e], [0x28, 0x7b], [0x29, 0x7d], [0x2f, 0x5c], [0x3c, 0x5b], [0x3d, 0x7e], [0x3e, 0x5d],
  [0x40, 0x7c], [0x65, 0x20ac]
]

/** ASCII characters that the basic table does not have where ASCII has them. */
const MOVED = new Set([..."@$_`[\\]^{|}~"].map((character) => character.charCodeAt(0)))

test("GSM-7 has exactly the 137 characters of the two tables, each by its code", () => {
  const expected = new Map<number, string>()
  for (const unit of [0x0a, 0x0d]) expected.set(unit, `${unit}`)
  for (let unit = 0x20; unit < 0x7f; unit++) if (!MOVED.has(unit)) expected.set(unit, `${unit}`)
  for (const [code, unit] of BASIC) expected.set(unit, `${code}`)
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
