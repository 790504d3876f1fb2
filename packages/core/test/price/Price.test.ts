import fc from "fast-check"
import { assert, it } from "vitest"
import { Currency, EUR, money } from "../../src/Money.ts"
import { quote } from "../../src/price/Price.ts"

it("a message costs its segments times the price of one", () => {
  assert.deepStrictEqual(quote(1, money(8_000n, EUR)), money(8_000n, EUR))
  assert.deepStrictEqual(quote(2, money(8_000n, EUR)), money(16_000n, EUR))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 255 }), fc.bigInt({ min: 0n, max: 10n ** 12n }), (segments, unit) => {
      assert.strictEqual(quote(segments, money(unit, EUR)).micros, unit * BigInt(segments))
    })
  )
})

it("is quoted in the currency of the price", () => {
  const dollars = Currency.make("USD")
  assert.strictEqual(quote(3, money(7_900n, dollars)).currency, dollars)
})

it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("%s segments have no price", (segments) => {
  assert.throws(() => quote(segments, money(8_000n, EUR)), RangeError)
})
