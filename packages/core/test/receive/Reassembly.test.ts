import fc from "fast-check"
import { assert, describe, test } from "vitest"
import {
  arrive,
  close,
  emptyGroup,
  type Group,
  type Joined,
  type Piece,
  WINDOW_MILLIS
} from "../../src/receive/Reassembly.ts"

const AT = 1_000

const piece = (index: number, body: string): Piece => ({ index, body, encoding: "GSM-7" })

/** What becomes of pieces that come one after another, at once. */
const all = (total: number, pieces: ReadonlyArray<Piece>, from: Group = emptyGroup(total, AT)) => {
  let group = from
  const joined: Array<Joined> = []
  for (const one of pieces) {
    const arrival = arrive(group, one, AT)
    group = arrival.group
    joined.push(...arrival.joined)
  }
  return { group, joined, texts: joined.map(({ body }) => body) }
}

/** Texts of 2 to 255 parts that tell them apart, and an order of arrival with repetitions. */
const arrivals = fc
  .array(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 2, maxLength: 255 })
  .chain((texts) =>
    fc.record({
      texts: fc.constant(texts),
      order: fc
        .tuple(
          fc.shuffledSubarray([...texts.keys()], { minLength: texts.length }),
          fc.array(fc.nat({ max: texts.length - 1 }), { maxLength: 20 })
        )
        .map(([once, again]) => ({ once, again }))
    })
  )

describe("parts of one message", () => {
  test("make the same text once, in any order, with any repetitions before it is whole", () => {
    fc.assert(
      fc.property(arrivals, ({ order: { again, once }, texts }) => {
        const parts = texts.map((text, i) => piece(i + 1, text))
        const before = once.slice(0, -1)
        // Whatever has come may come again while the last part is missing.
        const repeated = again.filter((i) => before.includes(i))
        const pieces = [...before, ...repeated, ...once.slice(-1)].flatMap((i) => parts[i] ?? [])
        const { group, joined } = all(texts.length, pieces)
        assert.deepStrictEqual(joined, [
          { body: texts.join(""), encoding: "GSM-7", segments: texts.length, hasGaps: false }
        ])
        assert.deepStrictEqual(group.pieces, [])
      })
    )
  })

  test("that come again after it is whole are told to nobody, unless all of them do", () => {
    const once = all(3, [piece(3, "c"), piece(1, "a"), piece(2, "b")])
    const again = all(3, [piece(2, "b"), piece(3, "c")], once.group)
    assert.deepStrictEqual(again.texts, [])
    assert.deepStrictEqual(close(again.group), [])
    assert.deepStrictEqual(all(3, [piece(1, "a")], again.group).texts, ["abc"])
  })

  test("are UCS-2 if one of them is", () => {
    const { joined } = all(2, [piece(2, "b"), { index: 1, body: "ж", encoding: "UCS-2" }])
    assert.deepInclude(joined[0], { body: "жb", encoding: "UCS-2" })
  })

  test("whose halves of a surrogate pair were divided are whole again", () => {
    assert.deepStrictEqual(all(2, [piece(1, "a\uD83D"), piece(2, "\uDE80b")]).texts, ["a🚀b"])
  })
})

describe("another text in the same place", () => {
  test("ends the message before as far as it came, and begins a new one", () => {
    const { group, texts } = all(2, [piece(1, "old"), piece(1, "new")])
    assert.deepStrictEqual(texts, ["old [...] "])
    assert.deepStrictEqual(all(2, [piece(2, "!")], group).texts, ["new!"])
  })

  test("after it was whole begins a new one", () => {
    assert.deepStrictEqual(
      all(
        2,
        [1, 2, 2, 1].map((index, i) => piece(index, `${i}`))
      ).texts,
      ["01", "32"]
    )
  })

  test("among parts of the message before that are told again ends those without a word", () => {
    const once = all(2, [piece(1, "a"), piece(2, "b")])
    assert.deepStrictEqual(all(2, [piece(1, "a"), piece(1, "x"), piece(2, "y")], once.group).texts, ["xy"])
  })
})

describe("what stays incomplete", () => {
  test("is closed by a part that comes too late, which begins a new message", () => {
    const { group } = all(2, [piece(1, "a")])
    const inTime = arrive(group, piece(2, "b"), AT + WINDOW_MILLIS - 1)
    assert.deepStrictEqual(inTime.joined[0]?.body, "ab")
    for (const late of [piece(2, "b"), piece(1, "a")]) {
      const arrival = arrive(group, late, AT + WINDOW_MILLIS)
      assert.deepStrictEqual(arrival.joined, [{ body: "a [...] ", encoding: "GSM-7", segments: 1, hasGaps: true }])
      assert.deepStrictEqual(arrival.group, { total: 2, since: AT + WINDOW_MILLIS, pieces: [late], before: [] })
    }
  })

  test("shows each gap once", () => {
    const of = (...came: ReadonlyArray<number>) =>
      close(
        all(
          6,
          came.map((i) => piece(i, `${i}`))
        ).group
      )[0]
    assert.strictEqual(of(1, 2, 5)?.body, "12 [...] 5 [...] ")
    assert.strictEqual(of(4)?.body, " [...] 4 [...] ")
    assert.strictEqual(of(6, 3)?.body, " [...] 3 [...] 6")
    assert.deepInclude(of(6, 3), { segments: 2, hasGaps: true })
    assert.deepStrictEqual(close(emptyGroup(2, AT)), [])
  })
})
