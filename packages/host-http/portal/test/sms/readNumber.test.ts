import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readNumber, tidied } from "../../src/sms/readNumber.ts"

describe("readNumber", () => {
  it.each([
    "+31612345678",
    "+31 6 1234 5678",
    " 0031-6-12345678 ",
    "+31 (0)6 12.34.56.78",
    "+31\u00a06\u20111234\u20105678",
    "\u202a+31612345678\u202c",
    "＋３１６１２３４５６７８",
    "+٣١٦١٢٣٤٥٦٧٨",
    "+३१६१२३४५६७८"
  ])("reads %s", (text) => {
    expect(readNumber(text)).toBe("+31612345678")
  })

  it.each([
    "",
    "+",
    "0612345678",
    "31612345678",
    "+31 six",
    "+0612345678",
    "+123456",
    "+1234567890123456",
    "DROP TABLE"
  ])("does not guess what %j means", (text) => {
    expect(readNumber(text)).toBeUndefined()
  })

  it("reads a number however it is spaced", () => {
    const digits = fc.stringMatching(/^[1-9]\d{6,14}$/)
    const between = fc.array(fc.constantFrom("", " ", "-", ".", "\u00a0", "\u200e"), { minLength: 15, maxLength: 15 })
    fc.assert(
      fc.property(digits, between, fc.constantFrom("+", "00", "+ ", "00 "), (digits, spaces, start) => {
        const written = start + Array.from(digits, (digit, place) => digit + (spaces[place] ?? "")).join("")
        expect(readNumber(written)).toBe(`+${digits}`)
      })
    )
  })

  it("knows the ten digits of every script", () => {
    const times = new Map<string, number>()
    for (let point = 0; point <= 0x10ffff; point++) {
      const character = String.fromCodePoint(point)
      if (!/\p{Nd}/u.test(character)) continue
      const digit = tidied(character)
      times.set(digit, (times.get(digit) ?? 0) + 1)
    }
    expect([...times.keys()].toSorted()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    expect(new Set(times.values()).size).toBe(1)
  })
})
