/** Signing in as a browser does, and what its requests may do then. */
import { afterAll, afterEach, assert, beforeAll, describe, test } from "vitest"
import { type Answer, assertProblem, call, SEND, valid } from "./calls.ts"
import { EventSource } from "./eventSource.ts"
import { type FakeHost, KEY, READ_ONLY_KEY, startHost } from "./fakeHost.ts"
import { RawClient, until } from "./rawClient.ts"

const SESSION = "/api/v1/portal/session"
const MESSAGES = "/api/v1/portal/sms"

const OURS = { "sec-fetch-site": "same-origin" }
const JSON_BODY = { "content-type": "application/json" }
const HTTPS = { "x-forwarded-proto": "https" }

let host: FakeHost
beforeAll(async () => {
  host = await startHost({ heartbeat: 50 })
})
afterAll(() => host.stop())
afterEach(() => host.state.revoked.clear())

/** Without an API key. */
const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> =>
  call(host, path, {
    method,
    body,
    keyless: true,
    headers: { ...(body === undefined ? {} : JSON_BODY), ...headers }
  })

const signIn = (body: unknown, headers: Record<string, string> = {}) =>
  ask("POST", SESSION, { ...OURS, ...headers }, body)

const cookieOf = (answer: Answer): string => {
  const [cookie] = answer.headers.getSetCookie()
  if (cookie === undefined) throw new Error(`no cookie: ${answer.text}`)
  return cookie.slice(0, cookie.indexOf(";"))
}

const signedIn = async (key = KEY) => ({ cookie: cookieOf(await signIn({ api_key: key })) })

const shown = async (headers: Record<string, string>) => (await ask("GET", SESSION, headers)).json.session

describe("signing in", () => {
  test("tells who is signed in, and sets a cookie that no script can read", async () => {
    const answer = await signIn({ api_key: KEY, remember_me: true })
    assert.strictEqual(answer.status, 201)
    const { session } = answer.json
    assert.deepStrictEqual(answer.json, {
      success: true,
      session: {
        account: { id: 1, name: "Acme", mode: "live", currency: "EUR" },
        scopes: ["sms:send", "sms:read", "numbers", "wallet", "webhooks", "keys"],
        signed_in_at: session.signed_in_at,
        expires_at: session.expires_at
      }
    })
    assert.strictEqual(Date.parse(session.expires_at) - Date.parse(session.signed_in_at), 3_600_000)
    const [cookie, ...more] = answer.headers.getSetCookie()
    assert.isEmpty(more)
    assert.match(cookie ?? "", /^cliqtel_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    assert.strictEqual(answer.headers.get("cache-control"), "no-store")
    assert.deepStrictEqual((await ask("GET", SESSION, { cookie: cookieOf(answer) })).json, {
      success: true,
      session,
      demo: true
    })
  })

  test("by https sets it under a name that no other page can set, for https alone", async () => {
    const answer = await signIn({ api_key: KEY }, { "x-forwarded-proto": "https, http" })
    const cookie = cookieOf(answer)
    assert.match(
      answer.headers.getSetCookie()[0] ?? "",
      /^__Host-cliqtel_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/
    )
    assert.isNotNull(await shown({ cookie, ...HTTPS }))
    // Over http it is not read, and over https the other one is not.
    assert.isNull(await shown({ cookie }))
    assert.isNull(await shown({ cookie: cookie.replace("__Host-", ""), ...HTTPS }))
  })

  test("makes a new token, and ends the session whose cookie came along", async () => {
    const before = await signedIn()
    const answer = await signIn({ api_key: KEY }, before)
    const cookie = cookieOf(answer)
    assert.notStrictEqual(cookie, before.cookie)
    assert.isNull(await shown(before))
    assert.isNotNull(await shown({ cookie }))
    const made = `cliqtel_session=${"a".repeat(43)}`
    assert.notStrictEqual(cookieOf(await signIn({ api_key: KEY }, { cookie: made })), made)
    assert.isNull(await shown({ cookie: made }))
  })

  test("to the demo takes no key, as long as its key is good", async () => {
    const answer = await signIn({ demo: "live" })
    assert.strictEqual(answer.status, 201)
    assert.deepStrictEqual(answer.json.session.scopes, ["sms:read"])
    assertProblem(await signIn({ demo: "test" }), 403, "forbidden")
    host.state.revoked.add(READ_ONLY_KEY)
    assertProblem(await signIn({ demo: "live" }), 403, "forbidden")
    assert.deepStrictEqual((await ask("GET", SESSION)).json, { success: true, session: null, demo: false })
  })

  test.each(["sk_live_of_nobody", "", "a b", "\u{1f600}", "x".repeat(1000)])(
    "with %j, which is no key, sets no cookie",
    async (api_key) => {
      const before = await signedIn()
      const answer = await signIn({ api_key }, before)
      assertProblem(answer, 401, "unauthorized")
      assert.isEmpty(answer.headers.getSetCookie())
      assert.isNotNull(await shown(before))
    }
  )

  test.each<unknown>([
    {},
    { api_key: KEY, demo: "live" },
    { api_key: 7 },
    { api_key: null },
    { demo: true },
    { demo: "other" },
    [KEY],
    null
  ])("with %j is no valid request", async (body) => {
    assertProblem(await signIn(body), 422, "validation_failed")
  })
})

describe("a browser that is signed in", () => {
  test("asks for what its key may, as its account", async () => {
    const session = await signedIn()
    assert.strictEqual((await ask("GET", MESSAGES, session)).status, 200)
    const { access } = host.state.calls.at(-1) ?? {}
    assert.deepInclude(access, { accountId: 1 as never, keyId: 7 as never, mode: "live" })
    assert.strictEqual((await ask("POST", SEND, { ...session, ...OURS }, valid)).status, 201)
    const readOnly = await signedIn(READ_ONLY_KEY)
    assert.strictEqual((await ask("GET", MESSAGES, readOnly)).status, 200)
    assertProblem(await ask("POST", SEND, { ...readOnly, ...OURS }, valid), 403, "forbidden")
  })

  test("among other cookies", async () => {
    const { cookie } = await signedIn()
    for (const all of [`a=b; ${cookie}`, `${cookie}; cliqtel_session=later`, `xcliqtel_session=1;${cookie};c`]) {
      assert.strictEqual((await ask("GET", MESSAGES, { cookie: all })).status, 200, all)
    }
    for (const none of [
      "cliqtel_session=",
      "cliqtel_session=short",
      `${cookie}x`,
      cookie.toUpperCase(),
      "cliqtel_session"
    ]) {
      assertProblem(await ask("GET", MESSAGES, { cookie: none }), 401, "unauthorized")
    }
  })

  test("is signed out when its key is revoked", async () => {
    const session = await signedIn()
    host.state.revoked.add(KEY)
    assertProblem(await ask("GET", MESSAGES, session), 401, "unauthorized")
    assert.isNull(await shown(session))
  })

  test("is signed out by itself, on the host and in the browser", async () => {
    const session = await signedIn()
    const answer = await ask("DELETE", SESSION, { ...session, ...OURS })
    assert.deepStrictEqual([answer.status, answer.json], [200, { success: true }])
    assert.match(
      answer.headers.getSetCookie()[0] ?? "",
      /^cliqtel_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/
    )
    assert.isNull(await shown(session))
    assertProblem(await ask("GET", MESSAGES, session), 401, "unauthorized")
    for (const again of [session, {}]) {
      assert.strictEqual((await ask("DELETE", SESSION, { ...again, ...OURS })).status, 200)
    }
  })

  test("is not looked at where there is an Authorization header, whatever is in it", async () => {
    const session = await signedIn()
    for (const authorization of ["Bearer nobody", "Bearer", "Basic eDp4", "x"]) {
      const answer = await call(host, MESSAGES, { headers: { ...session, authorization } })
      assertProblem(answer, 401, "unauthorized")
    }
    // A key asks from anywhere.
    const answer = await call(host, MESSAGES, { headers: { ...session, "sec-fetch-site": "cross-site" } })
    assert.strictEqual(answer.status, 200)
  })
})

describe("a request that another site makes a browser send", () => {
  const FOREIGN = [
    {},
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { origin: "https://evil.example" },
    { origin: "null" }
  ]

  test.each(FOREIGN)("with %j changes nothing", async (headers) => {
    const session = await signedIn()
    const { length } = host.state.calls
    assertProblem(await ask("POST", SEND, { ...session, ...headers }, valid), 403, "forbidden")
    assertProblem(await ask("DELETE", `/api/v1/portal/api_keys/3`, { ...session, ...headers }), 403, "forbidden")
    assertProblem(await ask("DELETE", SESSION, { ...session, ...headers }), 403, "forbidden")
    const answer = await ask("POST", SESSION, { ...session, ...headers }, { api_key: READ_ONLY_KEY })
    assertProblem(answer, 403, "forbidden")
    assert.isEmpty(answer.headers.getSetCookie())
    assert.lengthOf(host.state.calls, length)
    assert.isNotNull(await shown(session))
  })

  test("is told nothing either", async () => {
    const headers = { ...(await signedIn()), "sec-fetch-site": "cross-site" }
    for (const path of [MESSAGES, SESSION, "/api/v1/portal/sms/events"]) {
      assertProblem(await ask("GET", path, headers), 403, "forbidden")
    }
  })

  test("is known by its Origin where the browser says nothing else", async () => {
    const session = { ...(await signedIn()), origin: host.url }
    assert.strictEqual((await ask("POST", SEND, session, valid)).status, 201)
    assert.strictEqual((await ask("DELETE", SESSION, session)).status, 200)
  })
})

describe("live updates for a browser", () => {
  test("go on while it is signed in, and no longer", async () => {
    const session = await signedIn()
    using client = await EventSource.open(host.url, session)
    assert.strictEqual(client.status, 200)
    await until(() => client.text.split("\n:\n").length > 3)
    host.state.told.tell("to a browser")
    const [event] = await client.heard(1)
    assert.strictEqual(event?.data.body, "to a browser")
    await ask("DELETE", SESSION, { ...session, ...OURS })
    await client.end()
  })
})

describe("a request as bytes", () => {
  test("with two cookie headers is signed in by either", async () => {
    const { cookie } = await signedIn()
    using client = await RawClient.open(host.port)
    client.send(`GET ${MESSAGES} HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\nCookie: ${cookie}\r\n\r\n`)
    await until(() => client.received.includes("\r\n\r\n"))
    assert.match(client.received, /^HTTP\/1.1 200 /)
  })
})
