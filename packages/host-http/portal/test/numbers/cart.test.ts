import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  type Cart,
  has,
  type Item,
  MAX_ITEMS,
  readCart,
  withItem,
  withoutItem,
  withSms,
  writeCart
} from "../../src/numbers/order/cart.ts"

const item: fc.Arbitrary<Item> = fc.record({
  country: fc.constantFrom("NL", "DE", "US"),
  type: fc.constantFrom("local", "mobile", "toll_free"),
  number: fc.integer({ min: 1_000_000, max: 999_999_999 }).map((digits) => `+${digits}`),
  sms: fc.boolean()
})
const cart: fc.Arbitrary<Cart> = fc.uniqueArray(item, { selector: ({ number }) => number, maxLength: MAX_ITEMS })

describe("a cart", () => {
  test("survives a reload of its page", () => {
    fc.assert(
      fc.property(cart, (items) => {
        expect(readCart(writeCart(items))).toEqual(items)
      })
    )
  })

  test("is read from any address without failing, and never holds a number twice", () => {
    const part = fc.oneof(
      fc.string(),
      item.map((one) => writeCart([one]))
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const numbers = readCart(parts.join(",")).map(({ number }) => number)
        expect(new Set(numbers).size).toBe(numbers.length)
      })
    )
    expect(readCart("NL-mobile-31642985808-sms,,NL-fax-31201234567,DE-local-496575694822")).toEqual([
      { country: "NL", type: "mobile", number: "+31642985808", sms: true },
      { country: "DE", type: "local", number: "+496575694822", sms: false }
    ])
  })

  test("takes a number once, gives it back, and holds no more than an order may have", () => {
    fc.assert(
      fc.property(cart, item, (items, one) => {
        const more = withItem(items, one)
        expect(has(more, one.number)).toBe(has(items, one.number) || items.length < MAX_ITEMS)
        expect(withItem(more, one)).toEqual(more)
        expect(more.length).toBeLessThanOrEqual(MAX_ITEMS)
        expect(has(withoutItem(more, one.number), one.number)).toBe(false)
      })
    )
  })

  test("changes SMS on one number alone", () => {
    const items = readCart("NL-mobile-31642985808,DE-local-496575694822")
    expect(withSms(items, "+31642985808", true).map(({ sms }) => sms)).toEqual([true, false])
  })
})
