/** The admin API over HTTP: who is let in, what is refused, and what its answers look like. */
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { type Answer, assertProblem, call, type CallOptions } from "./calls.ts"
import { type FakeHost, KEY, startHost } from "./fakeHost.ts"
import { ADMIN_TOKEN } from "./memoryAdmin.ts"

const ADMIN = "/api/v1/admin"

let host: FakeHost
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.stop())

const send = (method: string, path: string, body: unknown, headers: CallOptions["headers"] = {}): Promise<Answer> =>
  call(host, ADMIN + path, {
    method,
    body,
    headers: { "content-type": "application/json", authorization: `Bearer ${ADMIN_TOKEN}`, ...headers }
  })

const open = async (body: unknown = { name: "Acme" }): Promise<Answer["json"]> => {
  const { json, status, text } = await send("POST", "/accounts", body)
  assert.strictEqual(status, 201, text)
  return json
}

/** Mobile numbers of the Netherlands, each handed out once. */
let numbers = 0
const fresh = () => `+316${String(10_000_000 + ++numbers)}`

const addNumber = async (account: number, more: object = {}): Promise<Answer["json"]> => {
  const body = { number: fresh(), country: "NL", type: "mobile", ...more }
  const { json, status, text } = await send("POST", `/accounts/${account}/numbers`, body)
  assert.strictEqual(status, 201, text)
  return json.number
}

describe("401: the admin token", () => {
  for (const authorization of [
    "",
    "Bearer",
    `Bearer ${KEY}`,
    `Bearer ${ADMIN_TOKEN}x`,
    `Bearer ${ADMIN_TOKEN.slice(0, -1)}`,
    `Bearer ${ADMIN_TOKEN.toUpperCase()}`,
    `Bearer ${ADMIN_TOKEN}, Bearer ${ADMIN_TOKEN}`,
    `Basic ${btoa(`admin:${ADMIN_TOKEN}`)}`,
    ADMIN_TOKEN,
    "Bearer \u00e9"
  ]) {
    test(`not "${authorization.slice(0, 50)}"`, async () => {
      const answer = await send("POST", "/accounts", { name: "Acme" }, { authorization })
      assertProblem(answer, 401, "unauthorized")
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/)
      assert.notInclude(answer.text, "Acme")
    })
  }

  test("is no API key", async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
    assertProblem(await call(host, "/api/v1/portal/wallet", { headers }), 401, "unauthorized")
  })

  test("is asked for before anything is told of the request", async () => {
    const headers = { authorization: "Bearer nonsense" }
    assertProblem(await send("POST", "/accounts", "{", headers), 401, "unauthorized")
    assertProblem(await send("PATCH", "/accounts/none", {}, headers), 401, "unauthorized")
    assertProblem(await send("PATCH", "/carriers/pigeon", { paused: true }, headers), 401, "unauthorized")
  })
})

describe("a host without an admin token", () => {
  const calls = [
    ["POST", "/accounts"],
    ["PATCH", "/accounts/1"],
    ["POST", "/accounts/1/credits"],
    ["POST", "/accounts/1/numbers"],
    ["PATCH", "/numbers/1"],
    ["PATCH", "/carriers/sandbox"],
    ["GET", "/accounts"],
    ["DELETE", "/accounts/1"],
    ["OPTIONS", "/accounts"],
    ["GET", "/nothing"]
  ] as const

  test("has no admin API, whatever is asked and whoever asks", async () => {
    await using without = await startHost({}, 0, null)
    for (const [method, path] of calls) {
      for (const authorization of [`Bearer ${ADMIN_TOKEN}`, `Bearer ${KEY}`, "Bearer undefined", ""]) {
        const answer = await call(without, ADMIN + path, { method, headers: { authorization } })
        assertProblem(answer, 404, "not_found")
        assert.strictEqual(answer.json.detail, "There is no admin API on this host: ADMIN_TOKEN is not set.")
      }
    }
  })
})

describe("every operation answers as the contract says", () => {
  test("POST /accounts", async () => {
    const { account, api_key, success, test_api_key } = await open({ name: " Acme Ltd ", unknown: "is ignored" })
    const { created_at, id, test_account_id, ...rest } = account
    assert.isTrue(success)
    assert.match(api_key, /^sk_live_[0-9A-Za-z]{48}$/)
    assert.match(test_api_key, /^sk_test_[0-9A-Za-z]{48}$/)
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    assert.isTrue(Number.isInteger(id) && Number.isInteger(test_account_id) && id !== test_account_id)
    assert.deepStrictEqual(rest, {
      name: "Acme Ltd",
      currency: "EUR",
      rate_limit_per_second: 10,
      low_balance_threshold: "5"
    })
  })

  test("PATCH /accounts/{id} changes what it names and nothing else", async () => {
    const { account } = await open()
    const { test_account_id: _, ...before } = account
    const patch = async (body: unknown) => (await send("PATCH", `/accounts/${account.id}`, body)).json.account
    assert.deepStrictEqual(await patch({}), before)
    assert.deepStrictEqual(await patch({ rate_limit_per_second: 10_000 }), { ...before, rate_limit_per_second: 10_000 })
    const renamed = { ...before, rate_limit_per_second: 10_000, name: "Other", low_balance_threshold: "0.5" }
    assert.deepStrictEqual(await patch({ name: "Other", low_balance_threshold: "0.50" }), renamed)
    assert.deepStrictEqual(await patch({ low_balance_threshold: null }), { ...renamed, low_balance_threshold: null })
  })

  test("POST /accounts/{id}/credits", async () => {
    const { account } = await open()
    const credit = (body: unknown) => send("POST", `/accounts/${account.id}/credits`, body)
    const first = await credit({ amount: "12.50", reference: "invoice 1" })
    assert.strictEqual(first.status, 201)
    assert.deepStrictEqual(first.json, { success: true, wallet: { balance: "12.5", currency: "EUR" } })
    const largest = await credit({ amount: "1000000000", reference: "invoice 2" })
    assert.strictEqual(largest.json.wallet.balance, "1000000012.5")
    const repeated = await credit({ amount: "12.5", reference: "invoice 1" })
    assert.strictEqual(repeated.status, 201)
    assert.deepStrictEqual(repeated.json, first.json)
    const other = await credit({ amount: "13", reference: "invoice 1" })
    assertProblem(other, 422, "idempotency_mismatch")
    assert.include(other.json.detail, "EUR 12.5")
    assert.strictEqual((await credit({ amount: "1", reference: "x".repeat(200) })).json.wallet.balance, "1000000013.5")
  })

  test("POST /accounts/{id}/numbers", async () => {
    const { account } = await open()
    const number = fresh()
    const { id, ...rest } = await addNumber(account.id, { number })
    assert.isTrue(Number.isInteger(id))
    assert.deepStrictEqual(rest, {
      number,
      country: "NL",
      type: "mobile",
      status: "active",
      monthly_price: "1",
      currency: "EUR",
      sms: {
        available: true,
        enabled: false,
        state: "off",
        monthly_price: "0.75",
        currency: "EUR",
        paid_until: null
      },
      messaging_profile: { assigned: true, inbound_hook: "configured", last_inbound_at: null },
      help_text: null
    })
    const pending = await addNumber(account.id, { status: "pending_verification", carrier: "sandbox" })
    assert.strictEqual(pending.status, "pending_verification")
  })

  test("PATCH /numbers/{id}", async () => {
    const { account } = await open()
    const number = await addNumber(account.id, { status: "provisioning" })
    const patch = async (body: unknown) => (await send("PATCH", `/numbers/${number.id}`, body)).json.number
    assert.deepStrictEqual(await patch({}), number)
    assert.deepStrictEqual(await patch({ status: "active" }), { ...number, status: "active" })
    const without = await patch({ messaging_profile_assigned: false })
    assert.deepInclude(without, { status: "active" })
    assert.isFalse(without.messaging_profile.assigned)
    assert.deepStrictEqual(await patch({ messaging_profile_assigned: true }), { ...number, status: "active" })
  })

  test("PATCH /carriers/{name}", async () => {
    for (const paused of [true, true, false, false]) {
      const answer = await send("PATCH", "/carriers/sandbox", { paused })
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual(answer.json, { success: true, carrier: { name: "sandbox", paused } })
    }
  })
})

describe("404: what is not there", () => {
  for (const [method, path, body] of [
    ["PATCH", "/accounts/999999", {}],
    ["POST", "/accounts/999999/credits", { amount: "1", reference: "x" }],
    ["POST", "/accounts/999999/numbers", { number: "+31699999999", country: "NL", type: "mobile" }],
    ["PATCH", "/numbers/999999", {}],
    ["PATCH", "/carriers/pigeon", { paused: true }],
    ["PATCH", "/accounts/0", {}],
    ["PATCH", "/accounts/abc", {}]
  ] as const) {
    test(`${method} ${path}`, async () => assertProblem(await send(method, path, body), 404, "not_found"))
  }
})

describe("422: what is not valid", () => {
  const account = { name: "Acme" }
  const number = { number: "+31612345678", country: "NL", type: "mobile" }
  const credit = { amount: "1", reference: "x" }
  const wholeNumber = "must be a whole number from 1 to 10000"

  const refused: ReadonlyArray<readonly [method: string, path: string, body: unknown, at: string, message: RegExp]> = [
    ["POST", "/accounts", {}, "name", /^is required$/],
    ["POST", "/accounts", { name: " \t " }, "name", /^must not be empty$/],
    ["POST", "/accounts", { name: "x".repeat(101) }, "name", /^must be at most 100 characters$/],
    ["POST", "/accounts", { name: "a\u0000b" }, "name", /^must not contain control characters$/],
    ["POST", "/accounts", { name: "a\nb" }, "name", /^must not contain control characters$/],
    ["POST", "/accounts", { name: 5 }, "name", /^must be a string$/],
    ["POST", "/accounts", { ...account, currency: "euro" }, "currency", /^must be an ISO 4217 code$/],
    ["POST", "/accounts", { ...account, currency: "eur" }, "currency", /^must be an ISO 4217 code$/],
    ["POST", "/accounts", { ...account, currency: null }, "currency", /^must be /],
    ["POST", "/accounts", { ...account, currency: "JPY" }, "currency", /^must be one that prices are in: EUR$/],
    ...[0, -1, 10_001, 1.5, "10", null, true].map(
      (rate_limit_per_second) =>
        [
          "PATCH",
          "/accounts/1",
          { rate_limit_per_second },
          "rate_limit_per_second",
          new RegExp(`^${wholeNumber}$`)
        ] as const
    ),
    ["PATCH", "/accounts/1", { name: "" }, "name", /^must not be empty$/],
    ["PATCH", "/accounts/1", { low_balance_threshold: "-1" }, "low_balance_threshold", /^must not be negative$/],
    ["PATCH", "/accounts/1", { low_balance_threshold: 5 }, "low_balance_threshold", /^must be /],
    ["PATCH", "/accounts/1", { low_balance_threshold: "5,0" }, "low_balance_threshold", /^must be a decimal/],
    ["POST", "/accounts/1/credits", { ...credit, amount: "0" }, "amount", /^must be above 0 and at most 1000000000$/],
    ["POST", "/accounts/1/credits", { ...credit, amount: "-1" }, "amount", /^must be above 0/],
    ["POST", "/accounts/1/credits", { ...credit, amount: "1000000000.000001" }, "amount", /^must be above 0/],
    ["POST", "/accounts/1/credits", { ...credit, amount: "1e3" }, "amount", /^must be a decimal string/],
    ["POST", "/accounts/1/credits", { ...credit, amount: 5 }, "amount", /^must be a decimal string/],
    ["POST", "/accounts/1/credits", { amount: "1" }, "reference", /^is required$/],
    ...["", "x".repeat(201), "a\nb", "a\u200bb"].map(
      (reference) =>
        ["POST", "/accounts/1/credits", { ...credit, reference }, "reference", /^must be 1 to 200 printable/] as const
    ),
    ["POST", "/accounts/1/credits", { ...credit, reference: 5 }, "reference", /^must be a string$/],
    [
      "POST",
      "/accounts/1/numbers",
      { ...number, number: "0612345678" },
      "number",
      /Begin with \+ and the country code/
    ],
    [
      "POST",
      "/accounts/1/numbers",
      { ...number, number: "+3361234567" },
      "number",
      /: A number of \+33 has 9 digits after that code/
    ],
    ["POST", "/accounts/1/numbers", { ...number, number: 31612345678 }, "number", /^must be a string$/],
    ["POST", "/accounts/1/numbers", { ...number, country: "XX" }, "country", /^must be a country's ISO 3166-1/],
    ["POST", "/accounts/1/numbers", { ...number, country: "nl" }, "country", /^must be a country's ISO 3166-1/],
    ["POST", "/accounts/1/numbers", { ...number, type: "satellite" }, "type", /^must be "local" or "mobile"/],
    ["POST", "/accounts/1/numbers", { ...number, status: "sold" }, "status", /^must be "provisioning" or/],
    ["POST", "/accounts/1/numbers", { ...number, country: "KP" }, "country", /^must be one that has prices/],
    ["POST", "/accounts/1/numbers", { ...number, carrier: "pigeon" }, "carrier", /^must be one that this host is/],
    ["PATCH", "/numbers/1", { status: "sold" }, "status", /^must be "provisioning" or/],
    [
      "PATCH",
      "/numbers/1",
      { messaging_profile_assigned: "yes" },
      "messaging_profile_assigned",
      /^must be true or false$/
    ],
    ["PATCH", "/carriers/sandbox", {}, "paused", /^is required$/],
    ["PATCH", "/carriers/sandbox", { paused: 1 }, "paused", /^must be true or false$/]
  ]

  beforeAll(async () => {
    await open()
  })

  for (const [method, path, body, at, message] of refused) {
    test(`${method} ${path} ${JSON.stringify(body).slice(0, 80)}`, async () => {
      const answer = await send(method, path, body)
      assertProblem(answer, 422, "validation_failed")
      const [first, ...more] = answer.json.errors
      assert.strictEqual(first.path, at)
      assert.match(first.message, message)
      assert.isEmpty(more)
    })
  }
})

describe("a number that somebody has", () => {
  test("cannot be added again, to whichever account", async () => {
    const [one, other] = [await open(), await open()]
    const { number } = await addNumber(one.account.id)
    for (const { account } of [one, other]) {
      const body = { number, country: "NL", type: "mobile" }
      assertProblem(await send("POST", `/accounts/${account.id}/numbers`, body), 409, "number_taken")
    }
  })
})

describe("an Idempotency-Key", () => {
  test("opens one account, and tells its keys again", async () => {
    const headers = { "idempotency-key": "open-1" }
    const first = await send("POST", "/accounts", { name: "Acme", currency: "EUR" }, headers)
    const again = await send("POST", "/accounts", { name: " Acme" }, headers)
    assert.strictEqual(first.headers.get("idempotent-replayed"), null)
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    assert.strictEqual(again.status, 201)
    assert.deepStrictEqual(again.json, first.json)
    assertProblem(await send("POST", "/accounts", { name: "Other" }, headers), 422, "idempotency_mismatch")
  })

  test("is free again when nothing was created", async () => {
    const headers = { "idempotency-key": "open-2" }
    assertProblem(await send("POST", "/accounts", { name: "Acme", currency: "JPY" }, headers), 422, "validation_failed")
    assert.strictEqual((await send("POST", "/accounts", { name: "Acme" }, headers)).status, 201)
  })

  test("replays a credit and a number", async () => {
    const { account } = await open()
    const number = { number: fresh(), country: "NL", type: "mobile" }
    for (const [path, body] of [
      ["credits", { amount: "5", reference: "key" }],
      ["numbers", number]
    ] as const) {
      const headers = { "idempotency-key": `once-${path}` }
      const first = await send("POST", `/accounts/${account.id}/${path}`, body, headers)
      const again = await send("POST", `/accounts/${account.id}/${path}`, body, headers)
      assert.strictEqual(first.status, 201, first.text)
      assert.deepStrictEqual(again.json, first.json)
      assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    }
  })

  test("is one for all accounts: it is the operator's", async () => {
    const [one, other] = [await open(), await open()]
    const headers = { "idempotency-key": "credit-of-one" }
    const credit = { amount: "5", reference: "r" }
    assert.strictEqual((await send("POST", `/accounts/${one.account.id}/credits`, credit, headers)).status, 201)
    const mixedUp = await send("POST", `/accounts/${other.account.id}/credits`, credit, headers)
    assertProblem(mixedUp, 422, "idempotency_mismatch")
  })
})
