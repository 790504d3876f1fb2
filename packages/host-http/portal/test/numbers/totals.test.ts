import { formatMicros } from "@cliqtel/sms-core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Offer } from "../../src/numbers/numbers.ts"
import type { Item } from "../../src/numbers/order/cart.ts"
import { buysSms, type Line, lineTotal, linesOf, orderTotal, smsFee } from "../../src/numbers/order/totals.ts"

const item: Item = { country: "NL", type: "mobile", number: "+31642985808", sms: true }
const offer: Offer = {
  number: item.number,
  country: "NL",
  type: "mobile",
  status: "active",
  monthly_price: "1",
  currency: "EUR",
  sms: { available: true, monthly_price: "0.75", currency: "EUR" }
}

describe("an order", () => {
  test("costs each number's fee, and that of SMS where it is bought", () => {
    const with_ = { item, offer }
    const without = { item: { ...item, sms: false }, offer }
    expect([smsFee(with_), lineTotal(with_)]).toEqual(["0.75", "1.75"])
    expect([smsFee(without), lineTotal(without)]).toEqual(["0", "1"])
    expect(orderTotal([with_, without])).toBe("2.75")
    expect(orderTotal([])).toBe("0")
  })

  test("buys no SMS where it is not available, though the address asks for it", () => {
    const line = { item, offer: { ...offer, sms: { ...offer.sms, available: false } } }
    expect(buysSms(line)).toBe(false)
    expect(lineTotal(line)).toBe("1")
  })

  test("knows which numbers cannot be had any more", () => {
    const gone = { ...item, number: "+31642985809" }
    expect(linesOf([item, gone], [offer])).toEqual([
      { item, offer },
      { item: gone, offer: undefined }
    ])
    expect(orderTotal(linesOf([gone], [offer]))).toBe("0")
  })

  test("sums as whole millionths do", () => {
    const micros = fc.bigInt({ min: 0n, max: 10n ** 12n })
    const line = fc.record({ fee: micros, addon: micros, sms: fc.boolean(), available: fc.boolean() })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 50 }), (specs) => {
        const lines: ReadonlyArray<Line> = specs.map(({ addon, available, fee, sms }) => ({
          item: { ...item, sms },
          offer: {
            ...offer,
            monthly_price: formatMicros(fee),
            sms: { ...offer.sms, available, monthly_price: formatMicros(addon) }
          }
        }))
        const expected = specs.reduce(
          (total, { addon, available, fee, sms }) => total + fee + (sms && available ? addon : 0n),
          0n
        )
        expect(orderTotal(lines)).toBe(formatMicros(expected))
      })
    )
  })
})
