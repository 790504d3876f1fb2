/** Signed in to the real host, and to another one on the same database as behind a load balancer. */
import { Redacted } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { EventSource } from "../http/eventSource.ts"
import { type CallOptions, LIVE_KEY, startHost, TEST_KEY, type TestHost } from "./startHost.ts"

let host: TestHost
let other: TestHost
beforeAll(async () => {
  host = await startHost()
  other = await startHost({ databaseUrl: Redacted.make(host.databaseUrl) })
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await host[Symbol.asyncDispose]()
})

const OURS = { "sec-fetch-site": "same-origin" }

/** What of the answer's cookie the browser sends back; undefined if it sets none. */
const cookieOf = (headers: Headers): string | undefined => headers.getSetCookie()[0]?.replace(/;.*/, "")

/** A browser: it keeps the cookie that it was given last. */
const browse = async (json: unknown, at = host) => {
  const signedIn = await at.call("POST", "session", { key: null, json, headers: OURS })
  assert.strictEqual(signedIn.status, 201, JSON.stringify(signedIn.body))
  let cookie = cookieOf(signedIn.headers) ?? ""
  return {
    session: signedIn.body.session,
    cookie: () => cookie,
    call: async (
      method: string,
      path: string,
      { json, to = host }: Pick<CallOptions, "json"> & { to?: TestHost } = {}
    ) => {
      const answer = await to.call(method, path, { key: null, json, headers: { ...OURS, cookie } })
      cookie = cookieOf(answer.headers) ?? cookie
      return answer
    }
  }
}

const LATEST = "session_id = (SELECT max(session_id) FROM sms.portal_sessions)"

/** As if so many minutes had passed since the last session's token was new. */
const ageToken = (minutes: number) =>
  host.query(`UPDATE sms.portal_sessions SET token_at = token_at - interval '${minutes} minutes' WHERE ${LATEST}`)

describe("a browser", () => {
  it("that signs in to the demo does there what its keys do", async () => {
    for (const [mode, key, id] of [
      ["live", LIVE_KEY, 1],
      ["test", TEST_KEY, 2]
    ] as const) {
      const browser = await browse({ demo: mode })
      assert.deepInclude(browser.session.account, { id, mode, currency: "EUR" })
      const own = await browser.call("GET", "numbers", { to: other })
      assert.deepStrictEqual(own.body, (await host.call("GET", "numbers", { key })).body)
      const [number] = own.body.numbers
      const sent = await browser.call("POST", "sms/send", {
        json: { from_number_id: number.id, to: "+31612345678", body: "from a browser" }
      })
      assert.strictEqual(sent.status, 201, JSON.stringify(sent.body))
    }
  })

  it("keeps its cookie from the host: the database has nothing that anybody could sign in with", async () => {
    const browser = await browse({ api_key: LIVE_KEY })
    const [row] = await host.query(`SELECT to_json(s)::text AS row FROM sms.portal_sessions s WHERE ${LATEST}`)
    const [, token = ""] = browser.cookie().split("=")
    assert.notInclude(String(row?.["row"]), token)
    assert.notInclude(String(row?.["row"]), Buffer.from(token, "base64url").toString("hex"))
    assert.notInclude((await host.call("GET", "/metrics", { key: null })).body, token)
  })

  it("is given another token after a quarter of an hour, and its other tabs are not in the way", async () => {
    const browser = await browse({ api_key: LIVE_KEY })
    const first = browser.cookie()
    await ageToken(16)
    const tabs = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? host : other)).map((at) =>
        at.call("GET", "wallet", { key: null, headers: { cookie: first } })
      )
    )
    assert.deepStrictEqual(
      tabs.map(({ status }) => status),
      tabs.map(() => 200)
    )
    const given = tabs.map(({ headers }) => cookieOf(headers)).filter((one) => one !== undefined)
    assert.lengthOf(given, 1)
    const [second = ""] = given
    assert.notStrictEqual(second, first)
    for (const cookie of [first, second]) {
      const answer = await other.call("GET", "wallet", { key: null, headers: { cookie } })
      assert.deepStrictEqual([answer.status, cookieOf(answer.headers)], [200, undefined])
    }
    await ageToken(2)
    const third = await startHost({ databaseUrl: Redacted.make(host.databaseUrl) })
    const [old, fresh] = await Promise.all(
      [first, second].map((cookie) => third.call("GET", "wallet", { key: null, headers: { cookie } }))
    )
    assert.deepStrictEqual([old?.status, fresh?.status], [401, 200])
    await third[Symbol.asyncDispose]()
  })

  it("is given it with an answer that is a refusal too, and with a stream", async () => {
    const browser = await browse({ api_key: LIVE_KEY })
    await ageToken(16)
    const before = browser.cookie()
    assert.strictEqual((await browser.call("GET", "sms/999999")).status, 404)
    assert.notStrictEqual(browser.cookie(), before)

    const second = await browse({ api_key: LIVE_KEY })
    await ageToken(16)
    using stream = await EventSource.open(host.url, { cookie: second.cookie() })
    assert.strictEqual(stream.status, 200)
    assert.match(stream.response.headers["set-cookie"]?.[0] ?? "", /^cliqtel_session=[\w-]{43};/)
  })

  it("that signs out is out, on whichever host", async () => {
    const browser = await browse({ api_key: LIVE_KEY })
    const cookie = browser.cookie()
    assert.strictEqual((await browser.call("GET", "wallet")).status, 200)
    assert.strictEqual((await browser.call("DELETE", "session")).status, 200)
    assert.strictEqual(browser.cookie(), "cliqtel_session=")
    for (const to of [host, other]) {
      assert.strictEqual((await to.call("GET", "wallet", { key: null, headers: { cookie } })).status, 401)
    }
  })

  it("is out once the key is revoked that it signed in with, be it by itself", async () => {
    const made = (await host.call("POST", "api_keys", { json: { name: "for a browser" } })).body.api_key
    const browser = await browse({ api_key: made.key })
    assert.strictEqual((await browser.call("DELETE", `api_keys/${made.id}`)).status, 200)
    assert.strictEqual((await browser.call("GET", "wallet")).status, 401)
    assert.deepStrictEqual((await browser.call("GET", "session")).body, { success: true, session: null, demo: true })
  })

  it("makes keys, which are told again to whoever repeats that", async () => {
    const browser = await browse({ api_key: LIVE_KEY })
    const make = () =>
      host.call("POST", "api_keys", {
        key: null,
        json: { name: "made in the portal" },
        headers: { ...OURS, cookie: browser.cookie(), "idempotency-key": "of the portal" }
      })
    const [first, again] = [await make(), await make()]
    assert.strictEqual(first.status, 201, JSON.stringify(first.body))
    assert.deepStrictEqual(again.body, first.body)
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
  })
})

describe("the demo", () => {
  it("is signed in to no more when its key was revoked, and by nobody where there is none", async () => {
    await using demo = await startHost()
    const [key] = (await demo.call("GET", "api_keys")).body.api_keys
    await demo.call("DELETE", `api_keys/${key.id}`)
    const signIn = (to: TestHost, mode: string) =>
      to.call("POST", "session", { key: null, json: { demo: mode }, headers: OURS })
    assert.deepStrictEqual((await signIn(demo, "live")).body.code, "forbidden")
    assert.strictEqual((await signIn(demo, "test")).status, 201)

    await using plain = await startHost({ demo: false })
    assert.deepStrictEqual((await signIn(plain, "live")).body.code, "forbidden")
    assert.deepStrictEqual((await plain.call("GET", "session", { key: null })).body, {
      success: true,
      session: null,
      demo: false
    })
  })
})
