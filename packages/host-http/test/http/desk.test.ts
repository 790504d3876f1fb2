/** What customers do beside sending: how requests are read and refused, whatever is behind them. */
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { assertProblem, call, post } from "./calls.ts"
import { type FakeHost, READ_ONLY_KEY, startHost } from "./fakeHost.ts"

let host: FakeHost
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.stop())

const SWITCH = "/api/v1/portal/numbers/42/sms"
const ORDERS = "/api/v1/portal/numbers/orders"
const AVAILABLE = "/api/v1/portal/numbers/available"
const TOP_UPS = "/api/v1/portal/wallet/top_ups"
const KEYS = "/api/v1/portal/api_keys"

const put = (path: string, body: unknown) =>
  call(host, path, { method: "PUT", body, headers: { "content-type": "application/json" } })

const lastInput = () => host.state.calls.at(-1)?.input

describe("requests are decoded", () => {
  test("PUT /numbers/{id}/sms", async () => {
    const answer = await put(SWITCH, { enabled: false, unknown: 1 })
    assert.strictEqual(answer.status, 200)
    assert.strictEqual(answer.json.number.id, 42)
    assert.deepStrictEqual(lastInput(), { enabled: false, id: 42 })
  })

  test("GET /numbers/available, which is no number of an id", async () => {
    const answer = await call(host, `${AVAILABLE}?country=NL&type=local&limit=3`)
    assert.strictEqual(answer.status, 200)
    assert.deepStrictEqual(lastInput(), { country: "NL", type: "local", limit: 3 })
    assert.strictEqual(answer.json.numbers[0].sms.monthly_price, "0.75")
    await call(host, AVAILABLE)
    assert.deepStrictEqual(lastInput(), { limit: 50 })
  })

  test("POST /numbers/orders, without SMS unless it is asked for", async () => {
    const answer = await post(host, ORDERS, {
      items: [{ number: "+31201234567", sms: true }, { number: "+31612345678" }]
    })
    assert.strictEqual(answer.status, 201)
    assert.deepStrictEqual(answer.json.order, { id: 7, total: "1.75", currency: "EUR" })
    assert.deepStrictEqual(lastInput(), {
      items: [
        { number: "+31201234567", sms: true },
        { number: "+31612345678", sms: false }
      ]
    })
  })

  test.each([
    ["0.000001", 1n],
    ["25", 25_000_000n],
    ["25.00", 25_000_000n],
    ["100000", 100_000_000_000n],
    ["100000.000000", 100_000_000_000n]
  ])("POST /wallet/top_ups of %j", async (amount, micros) => {
    const answer = await post(host, TOP_UPS, { amount })
    assert.strictEqual(answer.status, 201)
    assert.deepStrictEqual(answer.json.wallet, { balance: "25", currency: "EUR" })
    assert.deepStrictEqual(lastInput(), { amount: micros })
  })

  test("POST /api_keys, with a name without the white space around it", async () => {
    const answer = await post(host, KEYS, { name: "  Web shop \u{1F4F1}\n", scopes: ["sms:read"] })
    assert.strictEqual(answer.status, 201)
    assert.strictEqual(answer.json.api_key.key, "sk_live_new")
    assert.deepStrictEqual(lastInput(), { name: "Web shop \u{1F4F1}", scopes: ["sms:read"] })
    await post(host, KEYS, { name: "x".repeat(100) })
    assert.deepStrictEqual(lastInput(), { name: "x".repeat(100) })
    assert.strictEqual((await post(host, KEYS, { name: "\u{1F4F1}".repeat(100) })).status, 201)
  })

  test("GET and DELETE /api_keys, which tell no key", async () => {
    const { json } = await call(host, KEYS)
    assert.deepStrictEqual(json.api_keys, [
      {
        id: 3,
        name: "Web shop",
        hint: "sk_live_AbC...wXyZ",
        mode: "live",
        scopes: ["sms:read"],
        created_at: "2026-04-03T10:15:30.000000Z",
        last_used_at: null
      }
    ])
    const answer = await call(host, `${KEYS}/3`, { method: "DELETE" })
    assert.deepStrictEqual([answer.status, answer.json], [200, { success: true }])
    assert.deepStrictEqual(lastInput(), { id: 3 })
  })
})

const numberText = "must be a phone number in E.164 form, such as +31612345678"
const decimal = 'must be a decimal string with at most six decimals, such as "25.00"'
const range = "must be above 0 and at most 100000"
const one = { number: "+31201234567" }

describe("422 names the field:", () => {
  const refused: ReadonlyArray<readonly [path: string, body: unknown, field: string, message: string]> = [
    [SWITCH, {}, "enabled", "is required"],
    [SWITCH, { enabled: "true" }, "enabled", "must be true or false"],
    [SWITCH, { enabled: 1 }, "enabled", "must be true or false"],
    [SWITCH, { enabled: null }, "enabled", "must be true or false"],
    [SWITCH, [], "", "must be an object"],
    [ORDERS, {}, "items", "is required"],
    [ORDERS, { items: {} }, "items", "must be a list of numbers"],
    [ORDERS, { items: [] }, "items", "must have at least 1 number"],
    [ORDERS, { items: Array.from({ length: 51 }, () => one) }, "items", "must have at most 50 numbers"],
    [ORDERS, { items: [one, "+31201234567"] }, "items.1", "must be an object"],
    [ORDERS, { items: [one, {}] }, "items.1.number", "is required"],
    [ORDERS, { items: [{ number: "31201234567" }] }, "items.0.number", numberText],
    [ORDERS, { items: [{ number: "+31 20 1234567" }] }, "items.0.number", numberText],
    [ORDERS, { items: [{ number: 31201234567 }] }, "items.0.number", numberText],
    [ORDERS, { items: [{ ...one, sms: "yes" }] }, "items.0.sms", "must be true or false"],
    [TOP_UPS, {}, "amount", "is required"],
    ...[25, 0.1, null, "", "25,00", "1e3", "+5", " 5", "5 ", "5.", ".5", "0.0000001", "1".repeat(14), "\u0665"].map(
      (amount) => [TOP_UPS, { amount }, "amount", decimal] as const
    ),
    ...["0", "0.000000", "-1", "100000.000001", "8999999999999"].map(
      (amount) => [TOP_UPS, { amount }, "amount", range] as const
    ),
    [KEYS, {}, "name", "is required"],
    [KEYS, { name: 5 }, "name", "must be a string"],
    [KEYS, { name: "" }, "name", "must not be empty"],
    [KEYS, { name: " \t " }, "name", "must not be empty"],
    [KEYS, { name: "x".repeat(101) }, "name", "must be at most 100 characters"],
    ...["a\u0000b", "a\nb", "a\u007fb", "a\u2028b", "a\ud800b"].map(
      (name) => [KEYS, { name }, "name", "must not contain control characters"] as const
    ),
    [KEYS, { name: "x", scopes: "sms:read" }, "scopes", "must be a list of scopes"],
    [KEYS, { name: "x", scopes: null }, "scopes", "must be a list of scopes"],
    [KEYS, { name: "x", scopes: [] }, "scopes", "must have at least 1 scope"],
    [
      KEYS,
      { name: "x", scopes: ["sms:read", "admin"] },
      "scopes.1",
      'must be "sms:send" or "sms:read" or "numbers" or "wallet" or "webhooks" or "keys"'
    ]
  ]
  test.each(refused)("%s %j", async (path, body, field, message) => {
    const answer = await (path === SWITCH ? put(path, body) : post(host, path, body))
    assertProblem(answer, 422, "validation_failed")
    assert.deepStrictEqual(answer.json.errors, [{ path: field, message }])
  })
})

describe("400: a search with", () => {
  test.each([
    "country=nl",
    "country=XX",
    "country=NLD",
    "country=",
    "country=NL&country=DE",
    "type=fax",
    "type=",
    "limit=0",
    "limit=201",
    "limit=1.5",
    "limit=-1"
  ])("%s", async (query) => {
    const answer = await call(host, `${AVAILABLE}?${query}`)
    assertProblem(answer, 400, "malformed_request")
    assert.include(answer.json.detail, query.split("=")[0])
    assert.isBelow(answer.json.detail.length, 200)
  })
})

describe("addresses", () => {
  test.each([
    ["GET", ORDERS, "POST, OPTIONS"],
    ["GET", SWITCH, "PUT, OPTIONS"],
    ["POST", SWITCH, "PUT, OPTIONS"],
    ["GET", TOP_UPS, "POST, OPTIONS"],
    ["PUT", KEYS, "GET, POST, HEAD, OPTIONS"],
    ["GET", `${KEYS}/3`, "DELETE, OPTIONS"],
    ["DELETE", AVAILABLE, "GET, HEAD, OPTIONS"]
  ])("405: %s %s", async (method, path, allow) => {
    const answer = await call(host, path, { method })
    assert.strictEqual(answer.status, 405)
    assert.strictEqual(answer.headers.get("allow"), allow)
  })

  test.each([`${KEYS}/x`, `${KEYS}/0`])("404: DELETE %s", async (path) =>
    assertProblem(await call(host, path, { method: "DELETE" }), 404, "not_found")
  )
})

describe("403: a key without the scope", () => {
  test.each([
    ["numbers", "PUT", SWITCH],
    ["numbers", "GET", AVAILABLE],
    ["numbers", "POST", ORDERS],
    ["wallet", "POST", TOP_UPS],
    ["keys", "GET", KEYS],
    ["keys", "POST", KEYS],
    ["keys", "DELETE", `${KEYS}/3`]
  ])("%s is told so: %s %s", async (scope, method, path) => {
    const answer = await call(host, path, { method, headers: { authorization: `Bearer ${READ_ONLY_KEY}` } })
    assertProblem(answer, 403, "forbidden")
    assert.include(answer.json.detail, scope)
  })
})
