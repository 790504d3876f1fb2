import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { normalRef, refCandidates } from "../../src/status/CarrierRef.ts"

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

describe("what a receipt's id is looked for as", () => {
  it("includes the id of the answer, when one is decimal and the other hex", () => {
    fc.assert(
      fc.property(id, spelling, (number, how) => {
        const [hex, decimal] = [number.toString(16), number.toString()]
        fc.pre(decimal.length <= 20)
        assert.include(refCandidates(spell(decimal, how), true), hex)
        assert.include(refCandidates(spell(hex, how), true), decimal)
      })
    )
  })

  it("begins with the id as it is, and has nothing twice", () => {
    fc.assert(
      fc.property(fc.oneof(anyRef, id.map(String)), fc.boolean(), (ref, respells) => {
        const candidates = refCandidates(ref, respells)
        assert.strictEqual(candidates[0], normalRef(ref))
        assert.strictEqual(new Set(candidates).size, candidates.length)
        for (const one of candidates) assert.strictEqual(normalRef(one), one)
      })
    )
  })

  it("is the id alone for a carrier that spells it in one way, and for what is longer than any number", () => {
    fc.assert(
      fc.property(anyRef, (ref) => {
        assert.deepStrictEqual(refCandidates(ref, false), [normalRef(ref)])
      })
    )
    const long = "1".repeat(21)
    assert.deepStrictEqual(refCandidates(long, true), [long])
  })
})
