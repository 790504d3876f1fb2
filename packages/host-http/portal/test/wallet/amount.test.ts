import fc from "fast-check"
import { expect, test } from "vitest"
import { MAX_TOP_UP, readAmount } from "../../src/wallet/amount.ts"

test.each([
  ["25", "25"],
  [" 25.00 ", "25"],
  ["25,5", "25.5"],
  ["0.01", "0.01"],
  ["007", "7"],
  [MAX_TOP_UP, MAX_TOP_UP]
])("%j is an amount", (text, amount) => {
  expect(readAmount(text)).toEqual({ amount })
})

test.each(["", "0", "0,00", "-5", "+5", "1e3", "1,000", "1.000", "1 000", "1.5.2", "€5", "ten", ".5", "5."])(
  "%j is refused instead of guessed",
  (text) => {
    expect(readAmount(text)).toEqual({ refusal: "invalid" })
  }
)

test.each(["100000.01", "100001", "999999999"])("%j is too much", (text) => {
  expect(readAmount(text)).toEqual({ refusal: "tooMuch" })
})

test("what is taken is what was written, to the cent", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.constantFrom(".", ","), (cents, point) => {
      const text = `${Math.floor(cents / 100)}${point}${String(cents % 100).padStart(2, "0")}`
      const read = readAmount(text)
      expect("amount" in read && Math.round(Number(read.amount) * 100)).toBe(cents)
    })
  )
})
