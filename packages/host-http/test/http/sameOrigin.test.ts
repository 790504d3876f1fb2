import { assert, describe, test } from "vitest"
import { isOurs } from "../../src/SameOrigin.ts"

const HOST = "sms.example:8443"
const ORIGIN = `https://${HOST}`

const SITES = ["same-origin", "same-site", "cross-site", "none", "same-origin, cross-site", "SAME-ORIGIN", ""]

describe("a request that changes something", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s is ours where the browser says so, whatever its Origin",
    (method) => {
      for (const site of SITES) {
        for (const origin of [undefined, ORIGIN, "https://evil.example", "null"]) {
          assert.strictEqual(isOurs({ method, site, origin, host: HOST }), site === "same-origin", `${site} ${origin}`)
        }
      }
    }
  )

  test.each([
    [ORIGIN, HOST, true],
    ["http://127.0.0.1:3000", "127.0.0.1:3000", true],
    // Whether it was http or https before a proxy, the host does not know.
    [`http://${HOST}`, HOST, true],
    ["http://[::1]:3000", "[::1]:3000", true],
    ["https://sms.example", "sms.example", true],
    ["https://sms.example", "SMS.example:443", true],
    ["http://sms.example", "sms.example:443", false],
    ["https://sms.example", HOST, false],
    ["https://evil.example:8443", HOST, false],
    ["https://sms.example.evil.example:8443", HOST, false],
    ["https://evil.example", "evil.example@sms.example", false],
    [`https://${HOST}/`, HOST, false],
    [`https://x@${HOST}`, HOST, false],
    [`${ORIGIN}, ${ORIGIN}`, HOST, false],
    [`chrome-extension://${HOST}`, HOST, false],
    ["null", HOST, false],
    ["null", "null", false],
    ["", HOST, false],
    [undefined, HOST, false],
    [ORIGIN, undefined, false],
    [undefined, undefined, false]
  ])("from %s to %s, of a browser that says nothing: %s", (origin, host, expected) => {
    assert.strictEqual(isOurs({ method: "POST", site: undefined, origin, host }), expected)
  })
})

describe("a request that only looks", () => {
  test.each(["GET", "HEAD"])("%s is refused where the browser says that another site made it", (method) => {
    for (const site of [...SITES, undefined]) {
      assert.strictEqual(isOurs({ method, site, origin: undefined, host: HOST }), site !== "cross-site", site)
    }
  })
})
