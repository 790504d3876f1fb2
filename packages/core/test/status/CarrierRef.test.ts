import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { answeredRef, normalRef, type ReceiptIds, receiptRefs } from "../../src/status/CarrierRef.ts"

const id = fc.bigInt(1n, 2n ** 64n - 1n)

/** No carrier has spaces inside an id. */
const anyRef = fc.string().filter((ref) => !/\s/.test(ref))

const spelling = fc.record({ upper: fc.boolean(), zeros: fc.nat(4), spaces: fc.nat(1) })

const spell = (text: string, how: { readonly upper: boolean; readonly zeros: number; readonly spaces: number }) =>
  " ".repeat(how.spaces) + "0".repeat(how.zeros) + (how.upper ? text.toUpperCase() : text) + " ".repeat(how.spaces)

describe("the normal spelling of a carrier's id", () => {
  it("is one for all cases, leading zeros and spaces about it", () => {
    fc.assert(
      fc.property(id, spelling, spelling, (number, one, two) => {
        const hex = number.toString(16)
        assert.strictEqual(normalRef(spell(hex, one)), hex)
        assert.strictEqual(normalRef(spell(hex, one)), normalRef(spell(hex, two)))
      })
    )
  })

  it("is its own normal spelling", () => {
    fc.assert(
      fc.property(anyRef, (text) => {
        assert.strictEqual(normalRef(normalRef(text)), normalRef(text))
      })
    )
  })

  it("keeps a zero that is all there is, and what is no number", () => {
    assert.deepStrictEqual(["0", "000", "", "0x1F", "SM-00Ab", "00-1"].map(normalRef), [
      "0",
      "0",
      "",
      "x1f",
      "sm-00ab",
      "-1"
    ])
  })
})

describe("the id of the answer that a receipt's id stands for", () => {
  const spellings: ReadonlyArray<ReceiptIds> = ["as_answered", "decimal_of_hex", "hex_of_decimal"]

  it("is found where receipts have the other base, and never another message's", () => {
    fc.assert(
      fc.property(id, id, spelling, (number, other, how) => {
        fc.pre(number !== other)
        const [hex, decimal] = [number.toString(16), number.toString()]
        assert.strictEqual(answeredRef(spell(decimal, how), "decimal_of_hex"), hex)
        assert.strictEqual(answeredRef(spell(hex, how), "hex_of_decimal"), decimal)
        assert.notStrictEqual(answeredRef(other.toString(), "decimal_of_hex"), hex)
        assert.notStrictEqual(answeredRef(other.toString(16), "hex_of_decimal"), decimal)
      })
    )
  })

  it("is the id itself for a carrier that spells it in one way, and for what is no number", () => {
    fc.assert(fc.property(anyRef, (ref) => assert.strictEqual(answeredRef(ref, "as_answered"), normalRef(ref))))
    for (const ref of ["SM-00ab", String(2n ** 64n), "", "f".repeat(17)]) {
      for (const how of spellings) assert.strictEqual(answeredRef(ref, how), normalRef(ref))
    }
  })

  it("is called by one of the names that receipts may have for it", () => {
    fc.assert(
      fc.property(id, fc.constantFrom(...spellings), (number, how) => {
        const answered = how === "hex_of_decimal" ? number.toString() : number.toString(16)
        const names = receiptRefs(answered).filter((name) => answeredRef(name, how) === answered)
        assert.isNotEmpty(names)
      })
    )
  })
})
