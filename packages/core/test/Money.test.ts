import { Option, Result, Schema } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { EUR, formatMicros, formatMoney, MicrosFromDecimal, money, parseMicros, times, zero } from "../src/Money.ts"

/** What the decimal form can hold: twelve digits before the point. */
const LIMIT = 9n * 10n ** 18n - 1n
const micros = fc.bigInt({ min: -LIMIT, max: LIMIT })

const parsed = (text: string): bigint => Result.getOrThrow(parseMicros(text))

describe("an amount as text", () => {
  it.each([
    [0n, "0"],
    [1n, "0.000001"],
    [8_000n, "0.008"],
    [-8_000n, "-0.008"],
    [16_000n, "0.016"],
    [750_000n, "0.75"],
    [1_000_000n, "1"],
    [25_000_000n, "25"],
    [-1_500_000n, "-1.5"],
    [100_000_000n, "100"],
    [LIMIT, "8999999999999.999999"]
  ])("%s micros are %s", (amount, text) => {
    assert.strictEqual(formatMicros(amount), text)
    assert.strictEqual(parsed(text), amount)
  })

  it("gives back what was written", () => {
    fc.assert(fc.property(micros, (amount) => assert.strictEqual(parsed(formatMicros(amount)), amount)))
  })

  it("is written in one way alone: no trailing zeros, no point without decimals, no minus zero", () => {
    fc.assert(
      fc.property(micros, (amount) => {
        assert.match(formatMicros(amount), /^(0|-?(0|[1-9]\d*)(\.\d{0,5}[1-9])?)$/)
      })
    )
  })

  it("reads padded decimals as the same amount", () => {
    assert.strictEqual(parsed("25.00"), 25_000_000n)
    assert.strictEqual(parsed("0.008000"), 8_000n)
    assert.strictEqual(parsed("007"), 7_000_000n)
    assert.strictEqual(parsed("-0"), 0n)
  })

  it("orders as its numbers do", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.bigInt({ min: 0n, max: 10n ** 12n }), (a, b) => {
        assert.strictEqual(Number(formatMicros(a)) < Number(formatMicros(b)), a < b)
      })
    )
  })

  it.each([
    "",
    " ",
    "1e3",
    "0.0000001",
    ".5",
    "5.",
    "1,5",
    "+1",
    "--1",
    "0x1",
    "NaN",
    "Infinity",
    " 1",
    "1\n",
    "1 000",
    "１",
    "9000000000000",
    "12345678901234"
  ])("%j is no amount", (text) => {
    assert.isTrue(Result.isFailure(parseMicros(text)))
    assert.isTrue(Option.isNone(Schema.decodeUnknownOption(MicrosFromDecimal)(text)))
  })

  it("is never a number: a float cannot hold 0.1", () => {
    assert.isTrue(Option.isNone(Schema.decodeUnknownOption(MicrosFromDecimal)(0.008)))
  })

  it("is the same text by schema", () => {
    fc.assert(
      fc.property(micros, (amount) => {
        const text = formatMicros(amount)
        const decoded = Schema.decodeUnknownSync(MicrosFromDecimal)(text)
        assert.strictEqual(decoded, amount)
        assert.strictEqual(Schema.encodeSync(MicrosFromDecimal)(decoded), text)
      })
    )
  })
})

describe("money", () => {
  it("times a count is exact, and keeps its currency", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.nat(10_000), (unit, count) => {
        assert.deepStrictEqual(times(money(unit, EUR), count), money(unit * BigInt(count), EUR))
      })
    )
  })

  it("reads well", () => {
    assert.strictEqual(formatMoney(times(money(8_000n, EUR), 2)), "EUR 0.016")
    assert.strictEqual(formatMoney(zero(EUR)), "EUR 0")
  })

  it("outside of an int8 is a mistake, not a wrap-around", () => {
    assert.throws(() => money(2n ** 63n, EUR))
    assert.throws(() => times(money(2n ** 62n, EUR), 2))
  })
})
