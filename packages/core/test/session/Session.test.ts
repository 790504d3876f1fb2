import { assert, describe, it } from "vitest"
import { isUseNews, sessionEnd, tokenStanding } from "../../src/index.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Signed in at 0; times in minutes. */
const session = (usedAt: number, tokenAt: number) => ({
  signedInAt: 0,
  usedAt: usedAt * MINUTE,
  tokenAt: tokenAt * MINUTE
})

describe("a session", () => {
  it("is over an hour after it was used, and a day after it began however much it is used", () => {
    assert.strictEqual(sessionEnd(session(0, 0)), HOUR)
    assert.strictEqual(sessionEnd(session(30, 0)), 90 * MINUTE)
    assert.strictEqual(sessionEnd(session(23 * 60, 0)), 24 * HOUR)
    assert.strictEqual(sessionEnd(session(24 * 60 - 1, 0)), 24 * HOUR)
  })

  it.each([
    ["current", 0, 0, 0, "good"],
    ["current", 0, 0, 14.999, "good"],
    ["current", 0, 0, 15, "aged"],
    ["current", 0, 0, 59.999, "aged"],
    ["current", 0, 0, 60, "worthless"],
    ["current", 59, 45, 60, "aged"],
    ["current", 59, 46, 60, "good"],
    ["current", 1439, 1439, 1439.999, "good"],
    ["current", 1439, 1439, 1440, "worthless"],
    // Of a host whose clock is a little behind.
    ["current", 20, 20, 19.9, "good"],
    ["previous", 20, 20, 19.9, "good"],
    ["previous", 20, 20, 20, "good"],
    ["previous", 20, 20, 20.08, "good"],
    ["previous", 20, 20, 20.09, "aged"],
    ["previous", 20, 20, 20.999, "aged"],
    ["previous", 20, 20, 21, "worthless"],
    ["previous", 1439, 1439.5, 1440, "worthless"]
  ] as const)("whose %s token is asked with (used at minute %d, token of %d, now %d) is %s", (...row) => {
    const [token, usedAt, tokenAt, now, standing] = row
    assert.strictEqual(tokenStanding(session(usedAt, tokenAt), token, now * MINUTE), standing)
  })

  it("notes its use once a minute", () => {
    assert.deepStrictEqual(
      [0, 0.999, 1, 5].map((now) => isUseNews(session(0, 0), now * MINUTE)),
      [false, false, true, true]
    )
  })
})
