import * as fc from "fast-check"
import { assert, describe, test } from "vitest"
import { type Alphabet, BASIC, EXTENSION } from "../../src/segment/Alphabet.ts"
import { countSegments, countUnits, encodingOf, measure, split } from "../../src/segment/Segment.ts"
import { type NamedOptions, segmentOptions, smsText } from "./smsText.ts"

/** Cuts as the standard says it, item by item, with none of the short cuts. */
const bySpecification = (text: string, { alphabet, reference }: NamedOptions): Array<Array<string>> => {
  const cost = costs(text, alphabet)
  const items = cost === undefined ? (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/g) ?? []) : [...text]
  const costOf = (item: string) => cost?.get(item) ?? item.length
  const limits = cost === undefined ? { single: 70, 8: 67, 16: 66 } : { single: 160, 8: 153, 16: 152 }
  if (items.reduce((sum, item) => sum + costOf(item), 0) <= limits.single) return [items]
  const parts: Array<Array<string>> = [[]]
  let used = 0
  for (const item of items) {
    used += costOf(item)
    if (used > limits[reference]) {
      parts.push([])
      used = costOf(item)
    }
    parts.at(-1)?.push(item)
  }
  return parts
}

/** Septets of each character; undefined if one is in neither table or the alphabet has it struck out. */
const costs = (text: string, alphabet: Alphabet): Map<string, number> | undefined => {
  const extension = new Set(EXTENSION.values())
  const table = new Map<string, number>()
  for (const character of text) {
    const known = (BASIC.includes(character) && character !== "\x1b") || extension.has(character)
    if (!known || encodingOf(character, { alphabet }) === "UCS-2") return undefined
    table.set(character, extension.has(character) ? 2 : 1)
  }
  return table
}

describe.for(segmentOptions)("with $name", (options) => {
  test("parts are cut as the standard says", () => {
    fc.assert(
      fc.property(smsText, (text) => {
        assert.deepStrictEqual(
          split(text, options),
          bySpecification(text, options).map((items) => items.join(""))
        )
      })
    )
  })

  test("counting agrees with splitting and measuring", () => {
    fc.assert(
      fc.property(smsText, (text) => {
        const parts = split(text, options)
        const measured = measure(text, options)
        assert.strictEqual(countSegments(text, options), parts.length)
        assert.strictEqual(measured.segments, parts.length)
        assert.strictEqual(measured.unitsPerSegment.length, parts.length)
        assert.strictEqual(measured.encoding, encodingOf(text, options))
        assert.strictEqual(measured.units, countUnits(text, options))
        assert.strictEqual(
          measured.unitsPerSegment.reduce((sum, units) => sum + units),
          measured.units
        )
      })
    )
  })

  test("parts joined are the text, and none is over its limit or more than one unit short of it", () => {
    fc.assert(
      fc.property(smsText, (text) => {
        const { encoding, unitsPerSegment, remaining } = measure(text, options)
        const [single, perPart] = encoding === "GSM-7" ? [160, 153] : [70, 67]
        const room = unitsPerSegment.length === 1 ? single : options.reference === 16 ? perPart - 1 : perPart
        assert.strictEqual(split(text, options).join(""), text)
        for (const units of unitsPerSegment) assert.isAtMost(units, room)
        for (const units of unitsPerSegment.slice(0, -1)) assert.isAtLeast(units, room - 1)
        assert.strictEqual(remaining, room - (unitsPerSegment.at(-1) ?? Number.NaN))
      })
    )
  })

  test("no surrogate pair is divided", () => {
    fc.assert(
      fc.property(smsText, (text) => {
        const lone = /(?:[\uD800-\uDBFF](?![\uDC00-\uDFFF]))|(?:(?<![\uD800-\uDBFF])[\uDC00-\uDFFF])/g
        const count = (part: string) => part.match(lone)?.length ?? 0
        assert.strictEqual(
          split(text, options).reduce((sum, part) => sum + count(part), 0),
          count(text)
        )
      })
    )
  })

  test("a character more never takes fewer segments", () => {
    fc.assert(
      fc.property(smsText, smsText, (text, more) => {
        assert.isAtMost(countSegments(text, options), countSegments(text + more, options))
      })
    )
  })
})

test("the texts of these properties reach every boundary that they are made for", () => {
  const texts = fc.sample(smsText, { numRuns: 1000, seed: 1 })
  const measured = texts.map((text) => ({ text, ...measure(text) }))
  for (const encoding of ["GSM-7", "UCS-2"] as const) {
    const [full, short] = encoding === "GSM-7" ? [153, 152] : [67, 66]
    const filled = measured.filter((each) => each.encoding === encoding && each.segments > 1)
    assert.isTrue(
      filled.some((each) => each.unitsPerSegment[0] === full),
      `${encoding}: a full part`
    )
    assert.isTrue(
      filled.some((each) => each.unitsPerSegment[0] === short),
      `${encoding}: a part ends one unit short`
    )
    assert.isTrue(
      filled.some((each) => each.segments > Math.ceil(each.units / full)),
      `${encoding}: units / capacity would be wrong`
    )
    assert.isTrue(
      measured.some((each) => each.encoding === encoding && each.segments > 8),
      `${encoding}: long`
    )
  }
  assert.isTrue(
    texts.some((text) => !text.isWellFormed()),
    "a lone surrogate"
  )
})

test.for<[string, string, number]>([
  ["nothing", "", 1],
  ["160 characters", "a".repeat(160), 1],
  ["161 characters", "a".repeat(161), 2],
  ["306 characters", "a".repeat(306), 2],
  ["307 characters", "a".repeat(307), 3],
  ["80 euros", "€".repeat(80), 1],
  ["81 euros", "€".repeat(81), 2],
  ["a pair across septets 152 and 153 of a single message", "a".repeat(152) + "€" + "a".repeat(6), 1],
  ["153 euros", "€".repeat(153), 3],
  ["70 units", "中".repeat(70), 1],
  ["71 units", "中".repeat(71), 2],
  ["134 units", "中".repeat(134), 2],
  ["135 units", "中".repeat(135), 3],
  ["an emoji and 68 letters", "😀" + "a".repeat(68), 1],
  ["an emoji and 69 letters", "😀" + "a".repeat(69), 2],
  ["a flag and 66 letters", "🇳🇱" + "a".repeat(66), 1],
  ["a flag and 67 letters", "🇳🇱" + "a".repeat(67), 2],
  ["67 emoji", "😀".repeat(67), 3],
  ["80 CRLF", "\r\n".repeat(80), 1],
  ["80 CRLF and a letter", "\r\n".repeat(80) + "a", 2],
  ["36 CRLF beside Chinese", "\r\n".repeat(36) + "中", 2],
  ["extension characters beside Chinese", "€".repeat(69) + "中", 1],
  ["1,600 letters", "a".repeat(1600), 11],
  ["1,600 extension characters", "{".repeat(1600), 22],
  ["1,600 of the BMP", "中".repeat(1600), 24],
  ["800 emoji", "😀".repeat(800), 25],
  ["1,600 emoji", "😀".repeat(1600), 49]
])("%s", ([, text, segments]) => {
  assert.strictEqual(countSegments(text), segments)
})

test("153 euros fill parts of 152, 152 and 2 septets, 67 emoji parts of 66, 66 and 2 units", () => {
  assert.deepStrictEqual(measure("€".repeat(153)).unitsPerSegment, [152, 152, 2])
  assert.deepStrictEqual(measure("😀".repeat(67)).unitsPerSegment, [66, 66, 2])
})

test("a 16-bit reference leaves 152 septets or 66 units", () => {
  assert.deepStrictEqual(measure("a".repeat(305), { reference: 16 }).unitsPerSegment, [152, 152, 1])
  assert.deepStrictEqual(measure("中".repeat(133), { reference: 16 }).unitsPerSegment, [66, 66, 1])
  assert.strictEqual(countSegments("a".repeat(160), { reference: 16 }), 1)
})

test("a compose window starts with 160 free, and sees 70 with the first emoji", () => {
  assert.deepStrictEqual(measure(""), {
    encoding: "GSM-7",
    segments: 1,
    units: 0,
    unitsPerSegment: [0],
    remaining: 160
  })
  assert.strictEqual(measure("Hello").remaining, 155)
  assert.strictEqual(measure("Hello 😀").remaining, 62)
  assert.strictEqual(measure("a".repeat(161)).remaining, 145)
})
