import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { attemptOf, type Draft, EMPTY, opening, readAttempt, readDraft } from "../../src/sms/compose/draft.ts"
import { draftsOf } from "../../src/sms/compose/storage.ts"

const draft: fc.Arbitrary<Draft> = fc.record({
  from: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
  to: fc.string({ unit: "binary" }),
  body: fc.string({ unit: "binary" })
})

const keys = () => {
  let made = 0
  return () => `key-${++made}`
}

/** As a browser's, with what a reload keeps. */
const storageOf = (): Storage => {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name)
  }
}

describe("attemptOf", () => {
  it("has one key for one content", () => {
    fc.assert(
      fc.property(draft, (draft) => {
        const freshKey = keys()
        const first = attemptOf(draft, undefined, freshKey)
        expect(attemptOf({ ...draft }, first, freshKey).key).toBe(first.key)
      })
    )
  })

  it("has another key for any other content", () => {
    fc.assert(
      fc.property(draft, draft, (one, other) => {
        fc.pre(one.from !== other.from || one.to !== other.to || one.body !== other.body)
        const freshKey = keys()
        const first = attemptOf(one, undefined, freshKey)
        expect(attemptOf(other, first, freshKey)).toEqual({ ...other, key: "key-2" })
      })
    )
  })
})

describe("opening", () => {
  const kept: Draft = { from: 1, to: "+31612345678", body: "Half a sen" }

  it("goes on with what was being written", () => {
    expect(opening(kept, {})).toEqual(kept)
    expect(opening(kept, { to: "+31612345678" })).toEqual(kept)
    expect(opening(kept, { from: 4 })).toEqual({ ...kept, from: 4 })
  })

  it("never sends to one person what was written to another", () => {
    expect(opening(kept, { to: "+447700900123" })).toEqual({ from: undefined, to: "+447700900123", body: "" })
    expect(opening(kept, { from: 4, to: "+447700900123" })).toEqual({ from: 4, to: "+447700900123", body: "" })
  })

  it("sends the same text again", () => {
    expect(opening(kept, { from: 4, to: "+31612345678", body: "Hello" })).toEqual({
      from: 4,
      to: "+31612345678",
      body: "Hello"
    })
  })
})

describe("draftsOf", () => {
  it("keeps a draft and its key over a reload", () => {
    fc.assert(
      fc.property(draft, (draft) => {
        const storage = storageOf()
        const attempt = attemptOf(draft, undefined, keys())
        draftsOf(storage, 1, undefined).keep(draft)
        draftsOf(storage, 1, undefined).keepAttempt(attempt)
        expect(draftsOf(storage, 1, undefined).draft()).toEqual(draft)
        expect(draftsOf(storage, 1, undefined).attempt()).toEqual(attempt)
      })
    )
  })

  it("shows it to no other account, and in no other conversation", () => {
    const storage = storageOf()
    draftsOf(storage, 1, "+31612345678").keep({ from: 1, to: "+31612345678", body: "Hello" })
    expect(draftsOf(storage, 11, "+31612345678").draft()).toEqual(EMPTY)
    expect(draftsOf(storage, 1, undefined).draft()).toEqual(EMPTY)
    expect(draftsOf(storage, 1, "+447700900123").draft()).toEqual(EMPTY)
  })

  it("leaves nothing behind once it is sent", () => {
    const storage = storageOf()
    const drafts = draftsOf(storage, 1, undefined)
    drafts.keep({ from: 1, to: "+31612345678", body: "Hello" })
    drafts.keepAttempt({ from: 1, to: "+31612345678", body: "Hello", key: "key-1" })
    drafts.forgetAttempt("key-1")
    drafts.keep(EMPTY)
    expect(storage.length).toBe(0)
  })

  it("keeps the key of what has begun since", () => {
    const drafts = draftsOf(storageOf(), 1, undefined)
    const second = { from: 1, to: "+31612345678", body: "And one more", key: "key-2" }
    drafts.keepAttempt(second)
    drafts.forgetAttempt("key-1")
    expect(drafts.attempt()).toEqual(second)
  })

  it("keeps nothing of a conversation in which nothing is being written", () => {
    const storage = storageOf()
    draftsOf(storage, 1, "+31612345678").keep({ from: 1, to: "+31612345678", body: "" })
    expect(storage.length).toBe(0)
  })

  it("begins anew if what was kept is not a draft", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const read = readDraft(text)
        if (read !== undefined) expect([typeof read.to, typeof read.body]).toEqual(["string", "string"])
        expect(readAttempt(text)?.key).toSatisfy((key) => key === undefined || typeof key === "string")
      })
    )
    expect(readDraft(null)).toBeUndefined()
    expect(readDraft('{"from":"1","to":"","body":""}')).toBeUndefined()
    expect(readDraft('{"to":"","body":null}')).toBeUndefined()
  })
})
