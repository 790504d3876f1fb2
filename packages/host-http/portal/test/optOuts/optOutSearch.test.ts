import { expect, it } from "vitest"
import { optOutSearch } from "../../src/optOuts/optOutSearch.ts"

it("An address names one number by its id", () => {
  expect(optOutSearch({ number: 4, other: "x" })).toEqual({ number: 4 })
})

it.each([[undefined], ["4"], [0], [-1], [1.5], [2 ** 60], [null], [{}]])("%j names no number", (number) => {
  expect(optOutSearch({ number })).toEqual({})
})
