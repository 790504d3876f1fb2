import { Result, Schema } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { Body, codePoints, MAX_BODY_LENGTH } from "../src/Message.ts"

const read = Schema.decodeUnknownResult(Body)

const refusal = (text: unknown): string => {
  const result = read(text)
  assert(Result.isFailure(result), `${String(text).slice(0, 20)} was accepted`)
  return String(result.failure)
}

/** Any text that is well-formed and has no U+0000: of code points, so of one or two units each. */
const text = (length: { readonly min: number; readonly max: number }) =>
  fc
    .array(
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).filter((one) => one !== "\u0000"),
      {
        minLength: length.min,
        maxLength: length.max,
        size: "max"
      }
    )
    .map((all) => all.join(""))

describe("a body", () => {
  it("has 1 to 1,600 characters, whatever they are", () => {
    fc.assert(
      fc.property(text({ min: 1, max: MAX_BODY_LENGTH }), (body) => {
        assert.strictEqual(Result.getOrThrow(read(body)), body)
      }),
      { numRuns: 20, endOnFailure: true }
    )
  })

  it.each([
    ["a", "a letter"],
    ["€", "of two septets"],
    ["é", "accented"],
    ["中", "of one unit"],
    ["😀", "of two units"]
  ])("may be 1,600 times %s, and not once more (%s)", (one) => {
    assert.isTrue(Result.isSuccess(read(one.repeat(1600))))
    assert.include(refusal(one.repeat(1601)), "must be at most 1600 characters")
    assert.isTrue(Result.isSuccess(read(`${one.repeat(1599)}a`)))
    assert.include(refusal(`${one.repeat(1600)}a`), "must be at most 1600 characters")
  })

  it("counts a letter and its accent, and each part of a joined emoji, as they are encoded", () => {
    assert.isTrue(Result.isSuccess(read("e\u0301".repeat(800))))
    refusal("e\u0301".repeat(801))
    const family = "👨\u200d👩\u200d👧"
    assert.strictEqual(codePoints(family), 5)
    assert.isTrue(Result.isSuccess(read(family.repeat(320))))
    refusal(family.repeat(321))
  })

  it("is not empty", () => {
    assert.include(refusal(""), "must not be empty")
    assert.isTrue(Result.isSuccess(read(" ")))
  })

  it("holds nothing that a text column cannot", () => {
    fc.assert(
      fc.property(text({ min: 0, max: 20 }), text({ min: 0, max: 20 }), (before, after) => {
        assert.include(refusal(`${before}\u0000${after}`), "U+0000")
        // Another half may not stand beside it.
        assert.include(refusal(`${before} \ud83d ${after}`), "lone surrogate")
        assert.include(refusal(`${before} \ude00 ${after}`), "lone surrogate")
      })
    )
    assert.include(refusal("\ude00\ud83d"), "lone surrogate")
  })

  it("is text", () => {
    for (const other of [null, undefined, 42, ["a"], { body: "a" }]) refusal(other)
  })

  it("is refused when it is huge", () => {
    assert.include(refusal("a".repeat(5_000_000)), "must be at most")
  })
})

describe("code points", () => {
  it("are counted as the language counts them", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (any) => {
        assert.strictEqual(codePoints(any), [...any].length)
      }),
      { numRuns: 1000 }
    )
  })

  it("are one for a pair of surrogates and one for each half", () => {
    assert.deepStrictEqual(
      ["", "a", "😀", "\ud83d", "\ude00\ud83d", "\ud83d\ud83d\ude00"].map(codePoints),
      [0, 1, 1, 1, 2, 2]
    )
  })
})
