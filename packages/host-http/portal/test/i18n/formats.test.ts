import { describe, expect, it } from "vitest"
import { formats } from "../../src/i18n/useFormat.ts"
import { languages } from "./catalogues.ts"

const ZEROS = ["0", "٠", "۰", "०"]

/** The digits of a text, whatever script they are in, as 0 to 9. */
const digits = (text: string): string =>
  [...text]
    .map((sign) => ZEROS.map((zero) => (sign.codePointAt(0) ?? 0) - (zero.codePointAt(0) ?? 0)))
    .flatMap((distances) => distances.filter((distance) => distance >= 0 && distance <= 9))
    .join("")

describe.each(languages)("in %s", (language) => {
  const format = formats(language)

  it.each([
    ["0.008", "0008"],
    ["0.000001", "0000001"],
    ["25", "2500"],
    ["0.75", "075"],
    ["9007199254740993.123456", "9007199254740993123456"]
  ])("an amount of %s keeps all of its digits, and its currency", (amount, expected) => {
    const text = format.money(amount, "EUR")
    expect(digits(text)).toBe(expected)
    expect(text).toMatch(/€|EUR/)
  })

  it("an amount below zero is told from one above", () => {
    expect(format.money("-0.008", "EUR")).not.toBe(format.money("0.008", "EUR"))
  })

  it("a moment has its year and its minute", () => {
    const moment = digits(format.moment("2026-06-15T12:34:56.000000Z"))
    expect(moment).toContain("2026")
    expect(moment).toContain("34")
    expect(digits(format.exact("2026-06-15T12:34:56.000000Z"))).toContain("56")
  })

  it("a day of a chart has its number and its month", () => {
    expect(digits(format.shortDay("2026-11-09"))).toContain("9")
    expect(format.shortDay("2026-11-09")).not.toBe(format.shortDay("2026-12-09"))
  })

  it("a share is a percentage", () => {
    expect(digits(format.percent(0.985))).toBe("985")
    expect(format.percent(0.985)).toMatch(/[%٪]/)
  })

  it("a country has a name", () => {
    expect(format.country("NL")).not.toBe("NL")
  })

  it("a list has all of its words", () => {
    for (const word of ["un", "deux", "trois"]) expect(format.list(["un", "deux", "trois"])).toContain(word)
  })
})
