import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { assertProblem, call, post, SEND, valid } from "./calls.ts"
import { hashApiKey } from "../../src/ApiKey.ts"
import { type FakeHost, KEY, startHost } from "./fakeHost.ts"

let host: FakeHost
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.stop())

const MESSAGE = {
  id: 156,
  direction: "outbound",
  from: "+31201234567",
  to: "+31612345678",
  body: "Hello",
  status: "queued",
  segments: 1,
  encoding: "GSM-7",
  carrier: "cliqtel",
  price: "0.008",
  currency: "EUR",
  reason: null,
  number_id: 42,
  created_at: "2026-04-03T10:15:30.000000Z",
  updated_at: "2026-04-03T10:15:30.000000Z",
  sent_at: null,
  delivered_at: null
}

describe("every operation answers as the contract says", () => {
  test("POST /sms/send", async () => {
    const answer = await post(host, SEND, { ...valid, body: "Hello", unknown: { to: "be ignored" } })
    assert.strictEqual(answer.status, 201)
    assert.strictEqual(answer.headers.get("content-type"), "application/json")
    assert.deepStrictEqual(answer.json, { success: true, message: MESSAGE })
    assert.strictEqual(answer.headers.get("ratelimit-policy"), '"account";q=10;w=1')
    assert.strictEqual(answer.headers.get("ratelimit"), '"account";r=9;t=1')
    assert.deepStrictEqual(host.state.calls.at(-1)?.access, {
      accountId: 1 as never,
      keyId: 7 as never,
      scopes: ["sms:send", "sms:read", "numbers", "wallet", "webhooks", "keys"],
      mode: "live",
      hash: hashApiKey(KEY)
    })
  })

  test("POST /sms/batch tells each message's fate in order", async () => {
    const answer = await post(host, "/api/v1/portal/sms/batch", {
      messages: [
        { ...valid, body: "Hello" },
        { ...valid, to: "+1" }
      ]
    })
    assert.strictEqual(answer.status, 200)
    assert.strictEqual(answer.json.success, true)
    assert.deepStrictEqual(answer.json.results[0], { success: true, message: MESSAGE })
    assert.deepStrictEqual(answer.json.results[1], {
      success: false,
      type: "/problems/invalid_destination",
      title: "Failed to send SMS",
      status: 422,
      code: "invalid_destination",
      detail: "It is too short.",
      request_id: answer.headers.get("x-request-id")
    })
  })

  test("POST /sms/preview", async () => {
    const answer = await post(host, "/api/v1/portal/sms/preview", { body: "Hello" })
    assert.strictEqual(answer.status, 200)
    assert.deepStrictEqual(answer.json.preview, {
      encoding: "GSM-7",
      segments: 1,
      units: 5,
      units_per_segment: [5],
      remaining: 155,
      unit_price: "0.008",
      price: "0.008",
      currency: "EUR"
    })
  })

  test("GET /sms decodes its filters and gives a cursor that it takes back", async () => {
    const first = await call(host, "/api/v1/portal/sms")
    assert.deepStrictEqual(host.state.calls.at(-1)?.input, { limit: 50 })
    assert.deepStrictEqual(first.json.messages, [MESSAGE])

    const filters =
      "direction=outbound&number_id=42&status=sent&to=%2B31612345678&from=+31201234567" +
      `&since=2026-04-03T12:15:30%2B02:00&until=2026-04-04&limit=200&cursor=${first.json.next_cursor}&other=x`
    const second = await call(host, `/api/v1/portal/sms?${filters}`)
    assert.strictEqual(second.status, 200)
    assert.deepStrictEqual(host.state.calls.at(-1)?.input, {
      direction: "outbound",
      number_id: 42,
      status: "sent",
      to: "+31612345678",
      from: "+31201234567",
      since: Date.UTC(2026, 3, 3, 10, 15, 30),
      until: Date.UTC(2026, 3, 4),
      limit: 200,
      cursor: { createdAt: Date.UTC(2026, 3, 3, 10, 15, 30), id: 156 }
    })
  })

  test("GET /sms/{id}", async () => {
    const answer = await call(host, "/api/v1/portal/sms/156")
    assert.strictEqual(answer.status, 200)
    assert.deepStrictEqual(answer.json.message, MESSAGE)
    assert.deepStrictEqual(answer.json.timeline, [
      { status: "queued", at: "2026-04-03T10:15:30.000000Z", source: "api", detail: null }
    ])
    assertProblem(await call(host, "/api/v1/portal/sms/157"), 404, "not_found")
  })

  test("GET /sms/numbers, /sms/stats, /numbers, /numbers/{id}", async () => {
    const number = (await call(host, "/api/v1/portal/numbers/42")).json.number
    assert.strictEqual(number.sms.monthly_price, "0.75")
    assert.deepStrictEqual((await call(host, "/api/v1/portal/numbers")).json, { success: true, numbers: [number] })
    assert.deepStrictEqual((await call(host, "/api/v1/portal/sms/numbers")).json, { success: true, numbers: [number] })
    assert.deepStrictEqual((await call(host, "/api/v1/portal/sms/stats?number_id=42")).json.stats, {
      today: 1,
      this_month: 2,
      delivery_rate_30d: null,
      delivered_30d: 0,
      failed_30d: 0
    })
  })

  test("GET /sms/stats/daily", async () => {
    const { json } = await call(host, "/api/v1/portal/sms/stats/daily?number_id=42")
    assert.deepStrictEqual(json, {
      success: true,
      days: [{ date: "2026-11-01", messages: 3, delivered: 1, failed: 1 }]
    })
    assert.deepStrictEqual(host.state.calls.at(-1)?.input, { number_id: 42 })
  })

  test("GET /wallet and /wallet/entries", async () => {
    assert.deepStrictEqual((await call(host, "/api/v1/portal/wallet")).json, {
      success: true,
      wallet: { balance: "25", currency: "EUR", low_balance_threshold: null }
    })
    const page = await call(host, "/api/v1/portal/wallet/entries")
    assert.strictEqual(page.json.entries[0].amount, "-0.008")
    await call(host, `/api/v1/portal/wallet/entries?limit=7&cursor=${page.json.next_cursor}`)
    assert.deepStrictEqual(host.state.calls.at(-1)?.input, { limit: 7, cursor: 9 })
  })

  test("GET /coverage needs no key and is not bothered by a bad one", async () => {
    for (const headers of [{ authorization: "" }, { authorization: "Bearer nonsense" }]) {
      const answer = await call(host, "/api/v1/portal/coverage", { headers })
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.json.countries[0].country, "NL")
    }
  })
})

describe("for operators and readers", () => {
  test("GET /healthz and /readyz, which follows the database", async () => {
    assert.strictEqual((await call(host, "/healthz")).status, 200)
    assert.strictEqual((await call(host, "/readyz")).status, 200)
    host.state.ready = false
    assertProblem(await call(host, "/readyz"), 503, "unavailable")
    assert.strictEqual((await call(host, "/healthz")).status, 200)
    host.state.ready = true
  })

  test("GET /metrics counts by route template, whatever is asked for", async () => {
    for (const path of ["/api/v1/portal/sms/156", "/api/v1/portal/sms/157", "/a/1", "/a/2", "/"]) await call(host, path)
    const { headers, text } = await call(host, "/metrics", { headers: { accept: "text/plain" } })
    assert.match(headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/)
    assert.match(text, /http_requests_total\{method="GET",route="\/api\/v1\/portal\/sms\/:id",status="200"\} \d+/)
    assert.match(text, /http_requests_total\{method="GET",route="unmatched",status="404"\} \d+/)
    assert.match(text, /http_requests_total\{method="GET",route="\/",status="200"\} \d+/)
    assert.match(text, /http_request_duration_seconds_bucket\{method="GET",route="\/",le="\+Inf"\} \d+/)
    assert.match(text, /http_requests_in_flight 1\n/)
    assert.notInclude(text, "/a/1")
  })

  test("pages: /, /docs, /openapi.json, /problems/{code}", async () => {
    const landing = await call(host, "/", { headers: { accept: "text/html" } })
    assert.strictEqual(landing.status, 200)
    assert.match(landing.text, new RegExp(`curl ${host.url}${SEND}`))
    const page = await call(host, "/problems/opted_out", { headers: { accept: "text/html" } })
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/)
    assert.include(page.text, "replied STOP")
    assertProblem(await call(host, "/problems/none"), 404, "not_found")
    assert.match((await call(host, "/docs")).text, /api-reference/)
    assert.strictEqual((await call(host, "/openapi.json")).json.openapi, "3.1.0")
  })
})
