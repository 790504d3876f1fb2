import { Webhook } from "standardwebhooks"
import { assert, describe, test } from "vitest"
import { makeSecret, sign } from "../../src/webhooks/Signature.ts"

const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"

describe("a signature", () => {
  test("is that of the published example", () => {
    assert.strictEqual(
      sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], ID, 1_614_265_330, '{"test": 2432232314}'),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
  })

  test("is what the reference library expects, whatever is signed", () => {
    const now = Math.floor(Date.now() / 1000)
    for (const body of ["{}", '{"body":"Grüße 😀"}', JSON.stringify({ text: "\u2028".repeat(100) })]) {
      const secret = makeSecret()
      const headers = (signature: string) => ({
        "webhook-id": ID,
        "webhook-timestamp": String(now),
        "webhook-signature": signature
      })
      const library = new Webhook(secret)
      assert.deepStrictEqual(library.verify(body, headers(sign([secret], ID, now, body))), JSON.parse(body))
      assert.strictEqual(sign([secret], ID, now, body), library.sign(ID, new Date(now * 1000), body))
      // Either secret of a rotation is enough.
      library.verify(body, headers(sign([makeSecret(), secret], ID, now, body)))
      assert.throws(() => library.verify(`${body} `, headers(sign([secret], ID, now, body))))
      assert.throws(() => library.verify(body, headers(sign([makeSecret()], ID, now, body))))
    }
  })

  test("has a secret of 24 random bytes", () => {
    const secret = makeSecret()
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{32}$/)
    assert.notStrictEqual(secret, makeSecret())
  })
})
