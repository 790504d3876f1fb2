import { formatMicros as coreFormat, parseMicros as coreParse } from "@cliqtel/sms-core"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compareAmounts, formatMicros, isLess, minus, parseMicros, sum } from "../../src/money/micros.ts"

const micros = fc.bigInt({ min: -8_000_000_000_000_000_000n, max: 8_000_000_000_000_000_000n })
const amount = micros.map(coreFormat)

describe("amounts in millionths", () => {
  test("are read and written as the core reads and writes them", () => {
    fc.assert(
      fc.property(micros, (value) => {
        const text = formatMicros(value)
        expect(text).toBe(coreFormat(value))
        expect(parseMicros(text)).toBe(value)
        expect(parseMicros(text)).toBe(Result.getOrThrow(coreParse(text)))
      })
    )
  })

  test("are read with the zeros that people write", () => {
    expect(parseMicros("25.00")).toBe(25_000_000n)
    expect(parseMicros("0.750000")).toBe(750_000n)
    expect(parseMicros("-0.008")).toBe(-8000n)
  })

  test.each(["", "1e3", "1.2345678", "1,5", " 1", "+1", ".5", "NaN"])("refuse %j instead of guessing", (text) => {
    expect(() => parseMicros(text)).toThrow(text)
  })

  test("add up without loss, in any order", () => {
    const few = fc.array(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map(coreFormat), { maxLength: 50 })
    fc.assert(
      fc.property(few, (amounts) => {
        const total = amounts.reduce((known, one) => known + parseMicros(one), 0n)
        expect(sum(amounts)).toBe(coreFormat(total))
        expect(sum(amounts.toReversed())).toBe(sum(amounts))
      })
    )
    expect(sum(["0.1", "0.2"])).toBe("0.3")
    expect(sum([])).toBe("0")
  })

  test("what is taken away and added again is what it was", () => {
    fc.assert(
      fc.property(amount, amount, (one, other) => {
        expect(sum([minus(one, other), other])).toBe(one)
      })
    )
    expect(minus("0.5", "0.75")).toBe("-0.25")
  })

  test("are compared by what they are worth, not by how they are written", () => {
    expect(isLess("9", "10")).toBe(true)
    expect(isLess("0.75", "0.750")).toBe(false)
    fc.assert(
      fc.property(amount, amount, (one, other) => {
        expect(Math.sign(compareAmounts(one, other))).toBe(-Math.sign(compareAmounts(other, one)) + 0)
        expect(isLess(one, other)).toBe(compareAmounts(one, other) < 0)
      })
    )
  })
})
