import { readFileSync } from "node:fs"
import { assert, describe, test } from "vitest"
import { SEND, valid } from "./calls.ts"
import { type FakeHost, KEY, startHost } from "./fakeHost.ts"
import { type RawAnswer, RawClient, until } from "./rawClient.ts"

const head = (length: number | "chunked", extra = "") =>
  `POST ${SEND} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${KEY}\r\nContent-Type: application/json\r\n` +
  (length === "chunked" ? "Transfer-Encoding: chunked\r\n" : `Content-Length: ${length}\r\n`) +
  `${extra}\r\n`

const request = (body: unknown = valid, extra = "") => {
  const text = JSON.stringify(body)
  return head(text.length, extra) + text
}

const GET = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

const assertProblem = (answer: RawAnswer, status: number, code: string) => {
  assert.strictEqual(answer.status, status, answer.body)
  assert.strictEqual(answer.headers.get("content-type"), "application/problem+json")
  const problem = JSON.parse(answer.body)
  assert.strictEqual(problem.code, code)
  assert.strictEqual(problem.success, false)
  assert.strictEqual(problem.request_id, answer.headers.get("x-request-id"))
}

/** What was sent before has reached the host: it has answered something that was sent after. */
const roundTrip = (host: FakeHost) => fetch(`${host.url}/healthz`)

/** The host still works, and nothing is left over from before: the scrape itself is the only request in flight. */
const assertIdle = async (host: FakeHost) => {
  const scrape = async () => (await fetch(`${host.url}/metrics`)).text()
  const deadline = performance.now() + 5000
  while (!(await scrape()).includes("http_requests_in_flight 1\n")) {
    assert.isBelow(performance.now(), deadline, "requests are left in flight")
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe("slow clients are cut off", () => {
  const limits = { headersTimeout: 80, requestTimeout: 160 }

  test("one that never finishes its headers", async () => {
    await using host = await startHost(limits)
    using client = await RawClient.open(host.port)
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    const drip = setInterval(() => client.send("a"), 10)
    assertProblem(await client.answer(), 408, "request_timeout")
    await client.gone()
    clearInterval(drip)
    await assertIdle(host)
  })

  test("one that never says anything", async () => {
    await using host = await startHost(limits)
    using client = await RawClient.open(host.port)
    await client.gone()
  })

  test("one that never finishes its body; the send does not happen", async () => {
    await using host = await startHost(limits)
    using client = await RawClient.open(host.port)
    client.send(head(200) + "{")
    const drip = setInterval(() => client.send(" "), 10)
    assertProblem(await client.answer(), 408, "request_timeout")
    await client.gone()
    clearInterval(drip)
    await assertIdle(host)
    assert.isEmpty(host.state.calls)
  })

  test("one that never finishes a chunked body", async () => {
    await using host = await startHost(limits)
    using client = await RawClient.open(host.port)
    client.send(head("chunked") + "1\r\n{\r\n")
    assertProblem(await client.answer(), 408, "request_timeout")
    await client.gone()
    assert.isEmpty(host.state.calls)
  })

  test("one that keeps its connection and does nothing with it", async () => {
    await using host = await startHost({ keepAliveTimeout: 50 })
    using client = await RawClient.open(host.port)
    client.send(GET)
    assert.strictEqual((await client.answer()).status, 200)
    await client.gone()
  })

  for (const [name, drip] of [
    ["one that stops reading", ""],
    ["one that reads nothing but goes on sending", "\r\n"]
  ] as const) {
    test(name, async () => {
      await using host = await startHost({ stalledTimeout: 100 })
      using client = await RawClient.open(host.port)
      client.socket.pause()
      // The reference page is 3 MB: several of them are more than the buffers of both systems hold.
      client.send("GET /docs HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(8))
      const dripping = setInterval(() => drip !== "" && client.send(drip), 10)
      await until(
        () => client.error !== undefined || client.closed || !connected(client),
        () => "the cut"
      )
      clearInterval(dripping)
    })
  }
})

/** Whether the host still has the connection, seen from outside: a paused client is told nothing. */
const connected = (client: RawClient): boolean => {
  const port = client.socket.localPort?.toString(16).toUpperCase().padStart(4, "0")
  const rows = readFileSync("/proc/net/tcp", "latin1")
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
  // Column 1 is the local address, column 3 the state; 01 is established.
  return rows.some(([, local = "", , state]) => local.endsWith(`:${port}`) && state === "01")
}

describe("what is no HTTP is answered and closed", () => {
  const garbage: ReadonlyArray<readonly [string, string | Uint8Array]> = [
    ["text", "hello\r\n\r\n"],
    ["a TLS hello", new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ["an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a bad header name", "GET / HTTP/1.1\r\nHost: localhost\r\nbad name: x\r\n\r\n"],
    ["two lengths", `POST ${SEND} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    [
      "a length beside chunks",
      `POST ${SEND} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`
    ],
    ["a negative length", `POST ${SEND} HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n`],
    ["a bad version", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"]
  ]
  for (const [name, bytes] of garbage) {
    test(name, async () => {
      await using host = await startHost()
      using client = await RawClient.open(host.port)
      client.send(bytes)
      assertProblem(await client.answer(), 400, "malformed_request")
      await client.gone()
      await assertIdle(host)
    })
  }

  test("a chunk that is none", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(head("chunked") + "zz\r\n")
    assertProblem(await client.answer(), 400, "malformed_request")
    await client.gone()
    await assertIdle(host)
    assert.isEmpty(host.state.calls)
  })

  test("headers that are too large", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`)
    assertProblem(await client.answer(), 431, "headers_too_large")
    await client.gone()
  })

  test("a request without Host", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send("GET /healthz HTTP/1.1\r\n\r\nGET /healthz HTTP/1.0\r\n\r\n")
    assertProblem(await client.answer(), 400, "malformed_request")
    // HTTP/1.0 has no such header.
    assert.strictEqual((await client.answer(1)).status, 200)
  })

  test("two Authorization headers are 401, whichever is right", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(
      `GET /api/v1/portal/wallet HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${KEY}\r\nAuthorization: Bearer x\r\n\r\n`
    )
    assertProblem(await client.answer(), 401, "unauthorized")
  })
})

describe("pipelined requests", () => {
  test("are answered in their order", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(request({ ...valid, body: "first" }) + GET + request({ ...valid, body: "second" }))
    await client.answer(2)
    assert.deepStrictEqual(
      client.answers.map(({ status }) => status),
      [201, 200, 201]
    )
    assert.include(client.answers[0]?.body, "first")
    assert.include(client.answers[2]?.body, "second")
  })

  test("garbage after a good one does not take its answer", async () => {
    await using host = await startHost()
    let open = () => {}
    host.state.gate = new Promise((resolve) => (open = resolve))
    using client = await RawClient.open(host.port)
    client.send(`${request()}garbage\r\n\r\n`)
    await until(() => host.state.calls.length === 1)
    open()
    await client.answer(1)
    assert.strictEqual(client.answers[0]?.status, 201)
    assertProblem(client.answers[1] as RawAnswer, 400, "malformed_request")
    await client.gone()
  })
})

describe("large bodies", () => {
  test("are refused before they are sent, and the answer can be read", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(head(100_000_000))
    assertProblem(await client.answer(), 413, "payload_too_large")
  })

  test("are refused while they are sent in chunks, and the answer can be read", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(head("chunked"))
    const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`
    const pump = setInterval(() => client.socket.writable && client.send(chunk), 1)
    assertProblem(await client.answer(), 413, "payload_too_large")
    await client.gone()
    clearInterval(pump)
    await assertIdle(host)
    assert.isEmpty(host.state.calls)
  })

  test("with Expect: 100-continue are refused instead of being asked for", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(head(100_000, "Expect: 100-continue\r\n"))
    assertProblem(await client.answer(), 413, "payload_too_large")
  })

  test("are turned away while too many are held", async () => {
    await using host = await startHost({ maxBodyBytes: 950 })
    using first = await RawClient.open(host.port)
    first.send(head(900) + "{")
    using second = await RawClient.open(host.port)
    await until(() => {
      second.send(request())
      return second.answers.some(({ status }) => status === 503)
    })
    assertProblem(second.answers.at(-1) as RawAnswer, 503, "unavailable")
    first.socket.destroy()
    const served = second.answers.length
    await until(() => {
      second.send(request())
      return second.answers.slice(served).some(({ status }) => status === 201)
    })
  })
})

describe("Expect: 100-continue", () => {
  test("is answered once the body is wanted", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    const text = JSON.stringify(valid)
    client.send(head(text.length, "Expect: 100-continue\r\n"))
    assert.strictEqual((await client.answer()).status, 100)
    client.send(text)
    assert.strictEqual((await client.answer(1)).status, 201)
  })

  test("is not answered to who has no key", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(head(100, "Expect: 100-continue\r\n").replace(KEY, "nonsense"))
    assertProblem(await client.answer(), 401, "unauthorized")
  })

  test("any other expectation is passed over", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(request(valid, "Expect: miracles\r\n"))
    assert.strictEqual((await client.answer()).status, 201)
  })
})

describe("a client that offers to upgrade", () => {
  test("is served in HTTP/1.1", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(
      request(valid, "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n")
    )
    assert.strictEqual((await client.answer()).status, 201)
  })
})

describe("clients that hang up", () => {
  test("half-open ones get their answer", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(request())
    client.socket.end()
    assert.strictEqual((await client.answer()).status, 201)
    await client.gone()
  })

  for (const how of ["close", "reset"] as const) {
    test(`a send that has begun is completed (${how})`, async () => {
      await using host = await startHost()
      let open = () => {}
      host.state.gate = new Promise((resolve) => (open = resolve))
      using client = await RawClient.open(host.port)
      client.send(request({ ...valid, body: "paid for" }))
      await until(() => host.state.calls.length === 1)
      if (how === "close") client.socket.destroy()
      else client.socket.resetAndDestroy()
      await until(() => client.closed)
      await roundTrip(host)
      open()
      await until(() => host.state.completed.includes("paid for"))
      await assertIdle(host)
    })
  }

  test("a send that has not begun does not begin", async () => {
    await using host = await startHost()
    using client = await RawClient.open(host.port)
    client.send(request().slice(0, -5))
    await roundTrip(host)
    client.socket.destroy()
    await roundTrip(host)
    await assertIdle(host)
    assert.isEmpty(host.state.calls)
  })
})

describe("overload", () => {
  test("requests beyond the limit are turned away; operators still get in", async () => {
    await using host = await startHost({ maxInFlight: 2 })
    let open = () => {}
    host.state.gate = new Promise((resolve) => (open = resolve))
    using first = await RawClient.open(host.port)
    using second = await RawClient.open(host.port)
    using third = await RawClient.open(host.port)
    first.send(request())
    second.send(request())
    await until(() => host.state.calls.length === 2)

    third.send(request())
    const turnedAway = await third.answer()
    assertProblem(turnedAway, 503, "unavailable")
    assert.strictEqual(turnedAway.headers.get("retry-after"), "1")
    assert.strictEqual((await fetch(`${host.url}/healthz`)).status, 200)
    assert.strictEqual((await fetch(`${host.url}/readyz`)).status, 200)

    open()
    assert.strictEqual((await first.answer()).status, 201)
    third.send(request())
    assert.strictEqual((await third.answer(1)).status, 201)
  })

  test("connections beyond the limit are closed", async () => {
    await using host = await startHost({ maxConnections: 1 })
    using first = await RawClient.open(host.port)
    first.send(GET)
    assert.strictEqual((await first.answer()).status, 200)
    using second = await RawClient.open(host.port)
    await second.gone()
    first.send(GET)
    assert.strictEqual((await first.answer(1)).status, 200)
  })
})

test("who asks to be told to continue is turned away like anybody else while the host is full", async () => {
  await using host = await startHost({ maxInFlight: 1 })
  let open = () => {}
  host.state.gate = new Promise((resolve) => (open = resolve))
  using busy = await RawClient.open(host.port)
  busy.send(request())
  await until(() => host.state.calls.length === 1)
  using late = await RawClient.open(host.port)
  late.send(head(10, "Expect: 100-continue\r\n"))
  assertProblem(await late.answer(), 503, "unavailable")
  open()
  assert.strictEqual((await busy.answer()).status, 201)
})
