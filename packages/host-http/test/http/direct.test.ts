/**
 * A send has a short way beside the contract's builder (see src/Direct.ts). A query keeps a request from it, so the same
 * request can be sent both ways: nobody may see a difference. All other tests of sends take the short way where it is taken.
 */
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { SEND, valid } from "./calls.ts"
import { type FakeHost, KEY, READ_ONLY_KEY, startHost } from "./fakeHost.ts"
import { type RawAnswer, RawClient, until } from "./rawClient.ts"

let host: FakeHost
beforeAll(async () => {
  host = await startHost({ maxBodyBytes: 100_000 })
})
afterAll(() => host[Symbol.asyncDispose]())

interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const JSON_TYPE = { "Content-Type": "application/json" }
const BEARER = { Authorization: `Bearer ${KEY}` }

const bytesOf = (path: string, { body = JSON.stringify(valid), headers = {} }: Asked) => {
  const all = { Host: "localhost", ...BEARER, ...JSON_TYPE, "X-Request-Id": "one", ...headers }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}`]))
  return `POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const ask = async (path: string, asked: Asked): Promise<RawAnswer> => {
  using client = await RawClient.open(host.port)
  client.send(bytesOf(path, asked))
  return await client.answer()
}

/** But for the date and the order of its headers. */
const comparable = ({ body, headers, status }: RawAnswer) => ({
  status,
  headers: [...headers].filter(([name]) => name !== "date").sort(([a], [b]) => (a < b ? -1 : 1)),
  body
})

const body = (text: string) => ({ body: JSON.stringify({ ...valid, body: text }) })

const asked: ReadonlyArray<readonly [string, number, Asked]> = [
  ["a message", 201, {}],
  ["with an idempotency key", 201, { headers: { "Idempotency-Key": '"a key"' } }],
  ["with a key that is none", 400, { headers: { "Idempotency-Key": "k".repeat(256) } }],
  ["a type with a charset", 201, { headers: { "Content-Type": "application/json; charset=UTF-8" } }],
  ["another type", 415, { headers: { "Content-Type": "text/plain" } }],
  ["a compressed body", 415, { headers: { "Content-Encoding": "gzip" } }],
  ["no key", 401, { headers: { Authorization: "" } }],
  ["a key that is nobody's", 401, { headers: { Authorization: "Bearer sk_live_nobody" } }],
  ["a key that is none", 401, { headers: { Authorization: "Bearer a b" } }],
  ["another scheme", 401, { headers: { Authorization: `Basic ${KEY}` } }],
  ["a key without the scope", 403, { headers: { Authorization: `Bearer ${READ_ONLY_KEY}` } }],
  ["who takes no JSON", 406, { headers: { Accept: "text/html" } }],
  ["who takes anything", 201, { headers: { Accept: "text/html, */*;q=0.1" } }],
  ["no JSON", 400, { body: "{" }],
  ["an empty body", 400, { body: "" }],
  ["no object", 422, { body: "[]" }],
  ["fields that are wrong", 422, { body: '{"from_number_id":"1","to":7}' }],
  ["media", 422, { body: JSON.stringify({ ...valid, media: [] }) }],
  ["a body that is too large", 413, body("x".repeat(70_000))],
  ["a text that is too long", 422, body("x".repeat(1601))],
  ["texts of any language", 201, body("Ḷ \u{1F600} سلام")],
  ["a wallet that is empty", 402, body("poor")],
  ["a limit", 429, body("limited")],
  ["a store that is away", 503, body("unavailable")],
  ["a defect", 500, body("defect")]
]

describe("both ways of a send", () => {
  test.each(asked)("%s: %d", async (_, status, one) => {
    const [short, long] = [await ask(SEND, one), await ask(`${SEND}?`, one)]
    assert.strictEqual(short.status, status, short.body)
    assert.deepStrictEqual(comparable(short), comparable(long))
  })

  test("call the handler with the same", async () => {
    const before = host.state.calls.length
    for (const path of [SEND, `${SEND}?`]) await ask(path, { headers: { "Idempotency-Key": "same" } })
    const [short, long] = host.state.calls.slice(before)
    assert.isDefined(short)
    assert.deepStrictEqual(short, long)
  })

  test("are two", async () => {
    const before = host.state.direct
    await ask(`${SEND}?`, {})
    assert.strictEqual(host.state.direct, before)
    await ask(SEND, {})
    assert.strictEqual(host.state.direct, before + 1)
  })

  test("give requests ids of their own", async () => {
    const ids = await Promise.all(
      [SEND, SEND, `${SEND}?`].map(async (path) =>
        (await ask(path, { headers: { "X-Request-Id": "not sane!" } })).headers.get("x-request-id")
      )
    )
    assert.strictEqual(new Set(ids).size, 3)
  })
})

describe("the short way", () => {
  test("reads a body that comes in pieces, and requests that come together one after the other", async () => {
    using client = await RawClient.open(host.port)
    const bytes = Buffer.from(bytesOf(SEND, body("in pieces \u{1F600}")))
    for (const byte of bytes.subarray(0, -1)) client.send(Buffer.of(byte))
    await fetch(`${host.url}/healthz`)
    client.send(Buffer.concat([bytes.subarray(-1), bytes, bytes]))
    for (const index of [0, 1, 2]) assert.strictEqual((await client.answer(index)).status, 201)
    assert.lengthOf(
      host.state.completed.filter((text) => text === "in pieces \u{1F600}"),
      3
    )
  })

  test("is counted like any other request, and not any more once its client is gone", async () => {
    await using host = await startHost()
    const scrape = async () => (await fetch(`${host.url}/metrics`)).text()
    const count = async (status: number) =>
      Number(
        new RegExp(`http_requests_total\\{method="POST",route="${SEND}",status="${status}"\\} (\\d+)`).exec(
          await scrape()
        )?.[1] ?? 0
      )
    using client = await RawClient.open(host.port)
    // Hosts of one process count together.
    const before = { 201: await count(201), 499: await count(499) }
    client.send(bytesOf(SEND, {}))
    await client.answer()
    assert.strictEqual(await count(201), before[201] + 1)

    let open = () => {}
    host.state.gate = new Promise((resolve) => (open = resolve))
    client.send(bytesOf(SEND, body("goes on")))
    await until(() => host.state.calls.length === 2)
    assert.include(await scrape(), "http_requests_in_flight 2\n")
    client.socket.destroy()
    while ((await count(499)) === before[499]) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.include(await scrape(), "http_requests_in_flight 1\n")
    assert.notInclude(host.state.completed, "goes on")
    open()
    await until(() => host.state.completed.includes("goes on"))
  })

  test("forgets what a client has begun behind another request when it hangs up", async () => {
    await using host = await startHost()
    const inFlight = async (count: number) =>
      (await (await fetch(`${host.url}/metrics`)).text()).includes(`http_requests_in_flight ${count}\n`)
    let open = () => {}
    host.state.gate = new Promise((resolve) => (open = resolve))
    using client = await RawClient.open(host.port)
    const bytes = bytesOf(SEND, {})
    client.send(bytes + bytes.slice(0, -10))
    while (!(await inFlight(3))) await new Promise((resolve) => setTimeout(resolve, 5))
    client.socket.destroy()
    while (!(await inFlight(1))) await new Promise((resolve) => setTimeout(resolve, 5))
    open()
    assert.lengthOf(host.state.calls, 1)
  })

  test("is told so when it takes too long, and its send goes on", async () => {
    await using host = await startHost({ answerTimeout: 50 })
    let open = () => {}
    host.state.gate = new Promise((resolve) => (open = resolve))
    using client = await RawClient.open(host.port)
    client.send(bytesOf(SEND, body("late")))
    const answer = await client.answer()
    assert.strictEqual(answer.status, 503)
    assert.strictEqual(JSON.parse(answer.body).detail, "The request could not be completed in time. Repeat it later.")
    open()
    await until(() => host.state.completed.includes("late"))
    client.send(bytesOf(SEND, body("next")))
    assert.strictEqual((await client.answer(1)).status, 201)
  })

  test("gives back the memory of bodies, whatever came of them", async () => {
    // All together announce more than there is.
    const large = body("x".repeat(1600))
    for (let i = 0; i < 100; i++) {
      using client = await RawClient.open(host.port)
      const bytes = bytesOf(SEND, large)
      client.send(i % 2 === 0 ? bytes.slice(0, -10) : bytes)
      if (i % 2 === 1) assert.strictEqual((await client.answer()).status, 201)
      client.socket.destroy()
    }
    assert.strictEqual((await ask(SEND, body("x".repeat(1600)))).status, 201)
  })
})
