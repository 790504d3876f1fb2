/** Secrets at rest: what is kept of an answer that tells one, and what is shown of a key. */
import type { Kept } from "@cliqtel/sms-core"
import { Effect, Exit, Redacted } from "effect"
import * as fc from "fast-check"
import { assert, describe, test } from "vitest"
import { keyHint, makeApiKey } from "../../src/ApiKey.ts"
import { requestKey, sealedRequestKey } from "../../src/RequestKey.ts"
import { sealed } from "../../src/Sealed.ts"

const asText: Kept<string> = { encode: (answer) => answer, decode: Effect.succeed }
const tokens = fc.string({ minLength: 1 }).map((token) => Redacted.make(token))
const open = (text: string, secret: Redacted.Redacted<string>) =>
  Effect.runSyncExit(sealed(asText, secret).decode(text))

describe("a sealed answer", () => {
  test("opens with its own secret, and shows nothing of itself", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), tokens, (answer, secret) => {
        const text = sealed(asText, secret).encode(answer)
        assert.deepStrictEqual(open(text, secret), Exit.succeed(answer))
        assert.notInclude(text, answer)
        assert.notInclude(Buffer.from(text.split(".")[1] ?? "", "base64url").toString("latin1"), answer)
      })
    )
  })

  test("may be in any script", () => {
    const answer = "\u00e9 \u20ac \u{1F4F1} \u0000"
    const secret = Redacted.make("token")
    assert.deepStrictEqual(open(sealed(asText, secret).encode(answer), secret), Exit.succeed(answer))
  })

  test("is another text each time, so that equal ones are not seen to be equal", () => {
    const secret = Redacted.make("token")
    assert.notStrictEqual(sealed(asText, secret).encode("answer"), sealed(asText, secret).encode("answer"))
  })

  test("opens with no other secret", () => {
    fc.assert(
      fc.property(fc.string(), tokens, tokens, (answer, secret, other) => {
        fc.pre(Redacted.value(secret) !== Redacted.value(other))
        assert.isTrue(Exit.isFailure(open(sealed(asText, secret).encode(answer), other)))
      })
    )
  })

  test("opens no more once a bit of it has changed, and what was never sealed does not open", () => {
    fc.assert(
      fc.property(fc.string(), tokens, fc.nat(), fc.integer({ min: 0, max: 7 }), (answer, secret, place, bit) => {
        const [version, packed = ""] = sealed(asText, secret).encode(answer).split(".")
        const bytes = Buffer.from(packed, "base64url")
        const at = place % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        assert.isTrue(Exit.isFailure(open(`${version}.${bytes.toString("base64url")}`, secret)))
        assert.isTrue(Exit.isFailure(open(answer, secret)))
      })
    )
  })
})

describe("the name of a request", () => {
  const request = { headers: { "idempotency-key": "k" }, path: "/api_keys", payload: { name: "x" } }
  const fingerprintOf = (token: string) => sealedRequestKey(request, Redacted.make(token))?.fingerprint

  test("is the same for the same token alone where the answer is sealed", () => {
    assert.strictEqual(fingerprintOf("one"), fingerprintOf("one"))
    assert.notStrictEqual(fingerprintOf("one"), fingerprintOf("other"))
    assert.notStrictEqual(fingerprintOf("one"), requestKey(request)?.fingerprint)
  })

  test("is none without the header", () => {
    assert.isUndefined(requestKey({ ...request, headers: {} }))
    assert.isUndefined(sealedRequestKey({ ...request, headers: {} }, Redacted.make("one")))
  })

  test("takes amounts that are the same for the same", () => {
    const of = (amount: bigint) => requestKey({ ...request, payload: { amount } })?.fingerprint
    assert.strictEqual(of(25_000_000n), of(25_000_000n))
    assert.notStrictEqual(of(25_000_000n), of(25_000_001n))
  })
})

describe("the hint of a key", () => {
  test("has its beginning and its end, and nothing of the secret between", () => {
    for (const mode of ["live", "test"] as const) {
      const key = makeApiKey(mode)
      assert.strictEqual(keyHint(key), `sk_${mode}_${key.slice(8, 11)}...${key.slice(-4)}`)
    }
  })

  test("tells at most three characters of a key of any other form", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (key) => {
        assert.isAtMost(keyHint(key).length, 6)
      })
    )
  })
})
