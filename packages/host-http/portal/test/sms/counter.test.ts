import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { counterOf, distinct, stretchesOf } from "../../src/sms/compose/counter.ts"

const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "“", "ł", "日", "🎉", "👩‍👩‍👧", " ", "\n"), maxLength: 400 })

describe("counterOf", () => {
  it.each([
    ["", { characters: 0, encoding: "GSM-7", segments: 0, remaining: 160 }],
    ["Hi", { characters: 2, encoding: "GSM-7", segments: 1, remaining: 158 }],
    ["€".repeat(80), { characters: 80, encoding: "GSM-7", segments: 1, remaining: 0 }],
    ["a".repeat(161), { characters: 161, encoding: "GSM-7", segments: 2, remaining: 145 }],
    ["日".repeat(70), { characters: 70, encoding: "UCS-2", segments: 1, remaining: 0 }],
    ["🎉".repeat(36), { characters: 36, encoding: "UCS-2", segments: 2, remaining: 61 }]
  ] as const)("counts %j", (body, expected) => {
    expect(counterOf(body)).toMatchObject(expected)
  })

  it("allows 1,600 characters, of whatever size", () => {
    expect(counterOf("🎉".repeat(1600)).isTooLong).toBe(false)
    expect(counterOf("a".repeat(1601)).isTooLong).toBe(true)
  })

  it("names characters exactly if the text is Unicode", () => {
    fc.assert(
      fc.property(text, (body) => {
        const { encoding, unicode } = counterOf(body)
        expect(unicode.length > 0).toBe(encoding === "UCS-2")
      })
    )
  })
})

describe("stretchesOf", () => {
  it("marks those characters and shows the whole text", () => {
    fc.assert(
      fc.property(text, (body) => {
        const { unicode } = counterOf(body)
        const stretches = stretchesOf(body, unicode)
        expect(stretches.map(({ text }) => text).join("")).toBe(body)
        expect(stretches.filter(({ isUnicode }) => isUnicode).map(({ text }) => text)).toEqual(
          unicode.map(({ text }) => text)
        )
      })
    )
  })
})

describe("distinct", () => {
  it("lists each character once, in the order of the text", () => {
    expect(distinct(counterOf("“a” “b” 🎉").unicode).map(({ text }) => text)).toEqual(["“", "”", "🎉"])
  })
})
