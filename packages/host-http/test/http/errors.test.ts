import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { assertProblem, call, post, SEND, valid } from "./calls.ts"
import { type FakeHost, KEY, READ_ONLY_KEY, startHost } from "./fakeHost.ts"

let host: FakeHost
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.stop())

describe("bodies that are no JSON", () => {
  const bodies: ReadonlyArray<readonly [string, string | Uint8Array]> = [
    ["empty", ""],
    ["cut off", '{"from_number_id": 42, '],
    ["no JSON", "from_number_id=42"],
    ["two values", "{} {}"],
    ["invalid UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])]
  ]
  for (const [name, body] of bodies) {
    test(name, async () => assertProblem(await post(host, SEND, body), 400, "malformed_request"))
  }

  test("a byte order mark is passed over", async () => {
    const bytes = new TextEncoder().encode(`\uFEFF${JSON.stringify(valid)}`)
    assert.strictEqual((await post(host, SEND, bytes)).status, 201)
  })

  test("64 KiB of brackets do no harm", async () => {
    assertProblem(await post(host, SEND, "[".repeat(65_000)), 400, "malformed_request")
    assertProblem(await post(host, SEND, "[".repeat(30_000) + "]".repeat(30_000)), 400, "malformed_request")
    const deep = JSON.stringify(valid).replace("}", `,"note":${"[".repeat(30_000)}${"]".repeat(30_000)}}`)
    assertProblem(await post(host, SEND, deep), 400, "malformed_request")
    assert.strictEqual((await post(host, SEND, { ...valid, body: "[".repeat(1600) })).status, 201)
  })
})

describe("415: what is not declared as JSON", () => {
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/json; charset=iso-8859-1",
    "application/problem+json",
    "application/json, application/json"
  ]) {
    test(type, async () =>
      assertProblem(await post(host, SEND, valid, { "content-type": type }), 415, "unsupported_media_type")
    )
  }

  test("none at all", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(valid))
    assertProblem(await call(host, SEND, { method: "POST", body: bytes }), 415, "unsupported_media_type")
  })

  test("a compressed body", async () => {
    assertProblem(await post(host, SEND, valid, { "content-encoding": "gzip" }), 415, "unsupported_media_type")
  })

  for (const type of ["application/json;charset=utf-8", 'Application/JSON; Charset="UTF-8"']) {
    test(`but ${type} is`, async () =>
      assert.strictEqual((await post(host, SEND, valid, { "content-type": type })).status, 201))
  }
})

describe("406: clients that take no JSON", () => {
  for (const accept of ["text/html", "application/xml, text/*", "application/json;q=0", "application/json;q=0, */*"]) {
    test(accept, async () => assertProblem(await post(host, SEND, valid, { accept }), 406, "not_acceptable"))
  }
  for (const accept of [
    "*/*",
    "application/*",
    "text/html, application/json;q=0.1",
    "text/html,*/*;q=0.8",
    "APPLICATION/JSON"
  ]) {
    test(`but ${accept} does`, async () => assert.strictEqual((await post(host, SEND, valid, { accept })).status, 201))
  }
})

describe("addresses", () => {
  for (const path of [
    "/nothing",
    "/api/v1/portal/nothing",
    "/api/v1/portal/sms/abc",
    "/api/v1/portal/sms/0",
    "/api/v1/portal/sms/-1",
    "/api/v1/portal/sms/007",
    "/api/v1/portal/sms/1.5",
    "/api/v1/portal/sms/1e3",
    "/api/v1/portal/sms/9007199254740993",
    "/api/v1/portal/sms/99999999999999999999",
    `/api/v1/portal/sms/${"1".repeat(300)}`,
    "/api/v1/portal/sms/%zz",
    "/api/v1/portal/sms/1/2",
    "/API/v1/portal/sms/1",
    "//api/v1/portal/sms/1"
  ]) {
    test(`404: ${path.slice(0, 60)}`, async () => assertProblem(await call(host, path), 404, "not_found"))
  }

  const wrong: ReadonlyArray<readonly [string, string, string]> = [
    ["GET", SEND, "POST, OPTIONS"],
    ["HEAD", SEND, "POST, OPTIONS"],
    ["PUT", SEND, "POST, OPTIONS"],
    ["DELETE", "/api/v1/portal/sms/5", "GET, HEAD, OPTIONS"],
    ["PATCH", "/api/v1/portal/wallet", "GET, HEAD, OPTIONS"],
    ["POST", "/healthz", "GET, HEAD, OPTIONS"],
    ["POST", "/problems/internal", "GET, HEAD, OPTIONS"],
    ["PROPFIND", "/api/v1/portal/sms", "GET, HEAD, OPTIONS"]
  ]
  for (const [method, path, allow] of wrong) {
    test(`405: ${method} ${path}`, async () => {
      const answer = await call(host, path, { method })
      assert.strictEqual(answer.status, 405)
      assert.strictEqual(answer.headers.get("allow"), allow)
      if (method !== "HEAD") assertProblem(answer, 405, "method_not_allowed")
    })
  }

  test("OPTIONS tells the methods", async () => {
    const answer = await call(host, SEND, { method: "OPTIONS" })
    assert.strictEqual(answer.status, 204)
    assert.strictEqual(answer.headers.get("allow"), "POST, OPTIONS")
    assertProblem(await call(host, "/nothing", { method: "OPTIONS" }), 404, "not_found")
  })

  test("HEAD is GET without the body", async () => {
    const get = await call(host, "/api/v1/portal/wallet")
    const head = await call(host, "/api/v1/portal/wallet", { method: "HEAD" })
    assert.strictEqual(head.status, 200)
    assert.strictEqual(head.text, "")
    assert.strictEqual(head.headers.get("content-length"), String(get.text.length))
  })

  test("a slash at the end changes nothing", async () => {
    assert.strictEqual((await call(host, "/api/v1/portal/wallet/")).status, 200)
  })
})

describe("400: queries", () => {
  for (const query of [
    "limit=0",
    "limit=201",
    "limit=ten",
    "limit=",
    "limit=1&limit=2",
    "direction=sideways",
    "direction=",
    "status=lost",
    "number_id=x",
    "number_id=-1",
    "to=0612345678",
    "since=yesterday",
    "since=2026-13-01",
    "since=2026-02-30",
    "until=2026-04-03T10:15:30",
    "cursor=",
    "cursor=nonsense",
    "cursor=MQ",
    "cursor=%00",
    `cursor=${"A".repeat(500)}`
  ]) {
    test(query.slice(0, 50), async () =>
      assertProblem(await call(host, `/api/v1/portal/sms?${query}`), 400, "malformed_request")
    )
  }

  test("the detail names the parameter", async () => {
    const { json } = await call(host, "/api/v1/portal/sms?direction=sideways")
    assert.strictEqual(json.detail, 'Query parameter direction must be "outbound" or "inbound".')
  })
})

describe("413: large bodies", () => {
  const large = (size: number) =>
    JSON.stringify({ ...valid, note: "x".repeat(size - JSON.stringify({ ...valid, note: "" }).length) })
  const chunked = (text: string) => {
    const stream = new ReadableStream({
      start: (controller) => {
        for (let at = 0; at < text.length; at += 8192)
          controller.enqueue(new TextEncoder().encode(text.slice(at, at + 8192)))
        controller.close()
      }
    })
    return fetch(host.url + SEND, {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" }
    })
  }

  test("64 KiB are taken, one byte more is not", async () => {
    assert.strictEqual((await post(host, SEND, large(65_536))).status, 201)
    assertProblem(await post(host, SEND, large(65_537)), 413, "payload_too_large")
  })

  test("nor when the length is not announced", async () => {
    assert.strictEqual((await chunked(large(65_536))).status, 201)
    const refused = await chunked(large(65_537))
    assert.strictEqual(refused.status, 413)
    assert.strictEqual(((await refused.json()) as { code: string }).code, "payload_too_large")
  })

  test("a batch may have 4 MiB", async () => {
    const batch = { messages: [valid], note: "x".repeat(4_000_000) }
    assert.strictEqual((await post(host, "/api/v1/portal/sms/batch", batch)).status, 200)
    assertProblem(
      await post(host, "/api/v1/portal/sms/batch", { ...batch, note: "x".repeat(4_194_304) }),
      413,
      "payload_too_large"
    )
  })
})

describe("401 and 403: keys", () => {
  for (const authorization of [
    "",
    "Bearer",
    "Bearer ",
    `Basic ${btoa("user:password")}`,
    KEY,
    `Token ${KEY}`,
    `Bearer ${KEY}x`,
    `Bearer ${KEY} extra`,
    "Bearer \u00e9",
    `Bearer ${"x".repeat(5000)}`,
    `Bearer ${KEY}, Bearer ${KEY}`
  ]) {
    test(`401: "${authorization.slice(0, 40)}"`, async () => {
      const answer = await call(host, "/api/v1/portal/wallet", { headers: { authorization } })
      assertProblem(answer, 401, "unauthorized")
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/)
    })
  }

  test("the scheme may be written in any case", async () => {
    assert.strictEqual(
      (await call(host, "/api/v1/portal/wallet", { headers: { authorization: `bEARER ${KEY}` } })).status,
      200
    )
  })

  test("nobody learns about the body or the query without a key", async () => {
    const headers = { authorization: "Bearer nonsense" }
    assertProblem(await post(host, SEND, "{", headers), 401, "unauthorized")
    assertProblem(await post(host, SEND, valid, { ...headers, "content-type": "text/plain" }), 401, "unauthorized")
    assertProblem(await call(host, "/api/v1/portal/sms?limit=x", { headers }), 401, "unauthorized")
    assertProblem(await call(host, "/api/v1/portal/sms/x", { headers }), 401, "unauthorized")
  })

  test("a key without the scope is told which", async () => {
    const headers = { authorization: `Bearer ${READ_ONLY_KEY}` }
    assert.strictEqual((await call(host, "/api/v1/portal/sms", { headers })).status, 200)
    const answer = await post(host, SEND, "{", headers)
    assertProblem(answer, 403, "forbidden")
    assert.include(answer.json.detail, "sms:send")
  })
})

describe("what handlers raise", () => {
  test("a problem with its headers", async () => {
    assertProblem(await post(host, SEND, { ...valid, body: "poor" }), 402, "insufficient_balance")
    const limited = await post(host, SEND, { ...valid, body: "limited" })
    assertProblem(limited, 429, "rate_limited")
    assert.strictEqual(limited.headers.get("retry-after"), "1")
    assert.strictEqual(limited.headers.get("ratelimit-policy"), '"account";q=10;w=1')
  })

  test("a defect is 500 and tells nothing of its cause", async () => {
    const answer = await post(host, SEND, { ...valid, body: "defect" })
    assertProblem(answer, 500, "internal")
    assert.notMatch(answer.text, /SELECT|secret|fakeHost/)
  })

  test("an outage is 503 with Retry-After in whole seconds", async () => {
    const answer = await post(host, SEND, { ...valid, body: "unavailable" })
    assertProblem(answer, 503, "unavailable")
    assert.strictEqual(answer.headers.get("retry-after"), "3")
    assert.notMatch(answer.text, /ECONNREFUSED/)
  })
})

describe("headers", () => {
  test("a sane request id is kept, any other is replaced", async () => {
    const kept = await call(host, "/healthz", { headers: { "x-request-id": "abc-DEF_1.2" } })
    assert.strictEqual(kept.headers.get("x-request-id"), "abc-DEF_1.2")
    for (const id of ["", "a b", "x".repeat(65), "<script>", "a,b"]) {
      const answer = await call(host, "/nothing", { headers: { "x-request-id": id } })
      assertProblem(answer, 404, "not_found")
      assert.match(answer.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/)
    }
  })

  test("every answer forbids sniffing, and API answers forbid storing", async () => {
    for (const path of ["/api/v1/portal/wallet", "/nothing", "/problems/internal"]) {
      const { headers } = await call(host, path)
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual(headers.get("referrer-policy"), "no-referrer")
      assert.strictEqual(headers.get("cache-control"), path === "/problems/internal" ? "no-cache" : "no-store")
    }
  })

  test("the Idempotency-Key arrives bare, whichever way it was sent", async () => {
    for (const key of ["abc 123", '"abc 123"']) {
      assert.strictEqual((await post(host, SEND, valid, { "idempotency-key": key })).status, 201)
      assert.deepInclude(host.state.calls.at(-1)?.input, { key: "abc 123" })
    }
    for (const key of ["", '""', '"abc', "\u00e9", "x".repeat(256), `"${"x".repeat(256)}"`]) {
      assertProblem(await post(host, SEND, valid, { "idempotency-key": key }), 400, "malformed_request")
    }
  })
})
