import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readCoverageSearch, SORT_KEYS } from "../../src/coverage/coverageSearch.ts"
import { matches, type Row, sorted } from "../../src/coverage/search.ts"

const row = (country: string, name: string, more: Partial<Row> = {}): Row => ({
  country,
  name,
  localName: name,
  diallingCode: undefined,
  local: true,
  mobile: true,
  toll_free: false,
  sms_monthly: "0.75",
  outbound_segment: "0.008",
  currency: "EUR",
  ...more
})

const germany = row("DE", "Germany", { localName: "Deutschland", diallingCode: "+49" })
const turkey = row("TR", "Türkiye", { diallingCode: "+90" })

describe("a search", () => {
  test.each(["deutsch", "GERMANY", " land ", "de", "+49", "0049", "4", ""])("%j finds Germany", (search) => {
    expect(matches(germany, search)).toBe(true)
  })

  test.each(["france", "+48", "499", "germanyy", "+"])("%j does not find Germany", (search) => {
    expect(matches(germany, search)).toBe(false)
  })

  test("needs no accents", () => {
    expect(matches(turkey, "turkiye")).toBe(true)
    expect(matches(turkey, "TÜRK")).toBe(true)
  })

  test("a code is the whole code: two letters of a name are not", () => {
    expect(matches(row("SE", "Sweden", { localName: "Schweden" }), "se")).toBe(true)
    expect(matches(row("CH", "Switzerland", { localName: "Suisse" }), "sw")).toBe(true)
  })

  test("never fails, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (search) => {
        expect(typeof matches(germany, search)).toBe("boolean")
      })
    )
  })
})

describe("the order", () => {
  const names = (rows: ReadonlyArray<Row>) => rows.map(({ localName }) => localName)
  const byName = (one: string, other: string) => one.localeCompare(other, "en")
  const rows = [
    row("C", "C", { outbound_segment: "0.01", local: false }),
    row("A", "A", { outbound_segment: null, toll_free: true }),
    row("D", "D", { outbound_segment: "0.009", sms_monthly: "10" }),
    row("B", "B", { outbound_segment: "0.009", sms_monthly: "9" })
  ]

  test("is by name, either way", () => {
    expect(names(sorted(rows, "country", false, byName))).toEqual(["A", "B", "C", "D"])
    expect(names(sorted(rows, "country", true, byName))).toEqual(["D", "C", "B", "A"])
  })

  test("is by what a price is worth, what has none being last, and what is alike by name", () => {
    expect(names(sorted(rows, "segment", false, byName))).toEqual(["B", "D", "C", "A"])
    expect(names(sorted(rows, "segment", true, byName))).toEqual(["A", "C", "B", "D"])
    expect(names(sorted(rows, "addon", false, byName))).toEqual(["A", "C", "B", "D"])
  })

  test("has what is available first", () => {
    expect(names(sorted(rows, "toll_free", false, byName))).toEqual(["A", "B", "C", "D"])
    expect(names(sorted(rows, "local", true, byName))).toEqual(["C", "A", "B", "D"])
  })

  test("loses no country", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SORT_KEYS), fc.boolean(), fc.shuffledSubarray(rows), (key, descending, some) => {
        expect(new Set(sorted(some, key, descending, byName))).toEqual(new Set(some))
      })
    )
  })
})

test("an address says what is sought, and nonsense in it is passed over", () => {
  expect(readCoverageSearch({ q: "nl", sort: "mobile", desc: true })).toEqual({ q: "nl", sort: "mobile", desc: true })
  expect(readCoverageSearch({ q: 49 })).toEqual({ q: "49" })
  expect(readCoverageSearch({ q: ["x"], sort: "colour", desc: "yes" })).toEqual({})
})
