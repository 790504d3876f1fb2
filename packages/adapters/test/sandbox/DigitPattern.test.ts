import fc from "fast-check"
import metadata from "libphonenumber-js/max/metadata"
import { assert, describe, it } from "vitest"
import { type DigitPattern, readPattern } from "../../src/sandbox/DigitPattern.ts"
import { planOf } from "../../src/sandbox/NumberPlan.ts"

const allOf = (pattern: DigitPattern, length: number): ReadonlyArray<string> =>
  Array.from({ length: pattern.counts[length] ?? 0 }, (_, place) => pattern.at(length, place))

/** All texts of so many digits that the language's own regular expressions say yes to. */
const fitting = (source: string, length: number): ReadonlyArray<string> =>
  Array.from({ length: 10 ** length }, (_, i) => (length === 0 ? "" : `${i}`.padStart(length, "0"))).filter((text) =>
    new RegExp(`^(?:${source})$`).test(text)
  )

describe("a pattern", () => {
  it.each([
    "7",
    "\\d",
    "[2-46]",
    "1[0-35]?",
    "1\\d{2}",
    "\\d{1,3}",
    "(?:2|3[1-3])4",
    "1(?:2(?:3|45)?|6{0,2})",
    "12|3\\d?",
    ""
  ])("%s gives all that it fits, each once", (source) => {
    const pattern = readPattern(source)
    for (const length of [0, 1, 2, 3, 4]) {
      assert.deepStrictEqual([...allOf(pattern, length)].sort(), fitting(source, length), `length ${length}`)
    }
  })

  it.each(["a", "1)", "(?:1", "(1)", "1*", "?1", "{2}", "[5-]", "1.", "(?=1)2", "[^1]"])(
    "%s cannot be read",
    (source) => {
      assert.throws(() => readPattern(source))
    }
  )
})

describe("the patterns of all countries", () => {
  const plans = Object.keys(metadata.countries).flatMap((country) =>
    (["local", "mobile", "toll_free"] as const).flatMap((type) => planOf(country, type) ?? [])
  )

  it("give texts that they fit, wherever one looks", () => {
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom(...plans), place, ({ lengths, pattern: source }, fraction) => {
        const pattern = readPattern(source)
        for (const length of lengths.filter((length) => length <= 11)) {
          const count = pattern.counts[length] ?? 0
          if (count === 0) continue
          const text = pattern.at(length, Math.floor(fraction * count))
          assert.strictEqual(text.length, length)
          assert.match(text, new RegExp(`^(?:${source})$`))
        }
      }),
      { numRuns: 500 }
    )
  })
})
