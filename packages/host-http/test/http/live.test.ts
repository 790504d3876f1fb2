import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { assertProblem, call } from "./calls.ts"
import { EventSource } from "./eventSource.ts"
import { type FakeHost, KEY, READ_ONLY_KEY, startHost } from "./fakeHost.ts"
import { RawClient, until } from "./rawClient.ts"

const EVENTS = "/api/v1/portal/sms/events"

const bodies = (client: EventSource) => client.events.map(({ data }) => data.body)
const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

describe("a stream of live updates", () => {
  let host: FakeHost
  beforeAll(async () => {
    host = await startHost({ heartbeat: 50, maxInFlight: 2, answerTimeout: 100 })
  })
  afterAll(() => host.stop())

  test("begins at once, in a way that nobody keeps", async () => {
    using client = await EventSource.open(host.url, KEY)
    assert.strictEqual(client.status, 200)
    assert.deepInclude(client.response.headers, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no"
    })
    assert.isString(client.response.headers["x-request-id"])
    await until(() => client.place !== "")
    assert.match(client.text, /^: /)
  })

  test("tells of what happens from then on, to those whose it is", async () => {
    host.state.told.tell("before")
    using client = await EventSource.open(host.url, READ_ONLY_KEY)
    host.state.told.tell("one")
    host.state.told.tell("of another account", 2)
    host.state.told.tell("two")
    const [first] = await client.heard(2)
    assert.deepStrictEqual(bodies(client), ["one", "two"])
    assert.strictEqual(first?.type, "message.created")
    assert.strictEqual(first?.data.price, "0.008")
    assert.strictEqual(first?.data.created_at, "2026-09-21T14:13:20.000000Z")
  })

  test("goes on after the last event that was heard, wherever that was", async () => {
    using all = await EventSource.open(host.url, KEY)
    await until(() => all.place !== "")
    for (let i = 0; i < 8; i++) host.state.told.tell(`event ${i}`)
    const heard = await all.heard(8)
    const places = [all.place, ...heard.map(({ id }) => id)]
    assert.deepStrictEqual(places, places.toSorted())
    await Promise.all(
      places.map(async (place, i) => {
        using client = await EventSource.open(host.url, KEY, place)
        await client.heard(8 - i)
        await pause(100)
        assert.deepStrictEqual(client.events, heard.slice(i))
      })
    )
  })

  test("brings what was missed, however much, and then what follows", async () => {
    using before = await EventSource.open(host.url, KEY)
    await until(() => before.place !== "")
    const missed = Array.from({ length: 1234 }, (_, i) => `missed ${i}`)
    for (const body of missed) host.state.told.tell(body)
    using client = await EventSource.open(host.url, KEY, before.place)
    host.state.told.tell("and this")
    await client.heard(missed.length + 1)
    assert.deepStrictEqual(bodies(client), [...missed, "and this"])
  })

  test("is no request in flight, and has no time by which it must be answered", async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => EventSource.open(host.url, KEY)))
    await pause(300)
    assert.strictEqual((await call(host, "/api/v1/portal/sms")).status, 200)
    host.state.told.tell("still there")
    for (const client of clients) {
      await client.heard(1)
      client[Symbol.dispose]()
    }
  })

  test("gives signs of life, until its key is revoked", async () => {
    using client = await EventSource.open(host.url, READ_ONLY_KEY)
    await until(() => client.text.split("\n:\n").length > 3)
    assert.isFalse(client.ended)
    host.state.revoked.add(READ_ONLY_KEY)
    await client.end()
    host.state.revoked.delete(READ_ONLY_KEY)
  })

  test("asks the store nothing once nobody listens", async () => {
    const client = await EventSource.open(host.url, KEY)
    await until(() => client.place !== "")
    client[Symbol.dispose]()
    await pause(200)
    const { asked } = host.state.told
    await pause(700)
    assert.strictEqual(host.state.told.asked, asked)
  })

  test("reaches everybody who listens, a thousand clients too", async () => {
    await using wide = await startHost({ maxListenersOfAccount: 1000, maxInFlight: 1 })
    const clients = await Promise.all(Array.from({ length: 1000 }, () => EventSource.open(wide.url, KEY)))
    assert.isTrue(clients.every(({ status }) => status === 200))
    const { asked } = wide.state.told
    for (let i = 0; i < 3; i++) wide.state.told.tell(`event ${i}`)
    await until(() => clients.every(({ text }) => text.includes("event 2")))
    await Promise.all(clients.map((client) => client.heard(3)))
    for (const client of clients) assert.deepStrictEqual(bodies(client), ["event 0", "event 1", "event 2"])
    assert.isBelow(wide.state.told.asked - asked, 20)
    for (const client of clients) client[Symbol.dispose]()
  })
})

describe("what is refused", () => {
  let host: FakeHost
  beforeAll(async () => {
    host = await startHost({ maxListeners: 3, maxListenersOfAccount: 2 })
  })
  afterAll(() => host.stop())

  test.each(["", "nonsense", "0".repeat(36), "0".repeat(38), "g".repeat(37), "f".repeat(37)])(
    "the id %j, which no event has",
    async (id) => {
      assertProblem(await call(host, EVENTS, { headers: { "last-event-id": id } }), 400, "malformed_request")
    }
  )

  test("clients that take no events, or bring no key, or another method", async () => {
    assertProblem(await call(host, EVENTS, { headers: { accept: "application/json" } }), 406, "not_acceptable")
    assertProblem(await call(host, EVENTS, { headers: { authorization: "Bearer nobody" } }), 401, "unauthorized")
    const wrong = await call(host, EVENTS, { method: "POST" })
    assertProblem(wrong, 405, "method_not_allowed")
    assert.strictEqual(wrong.headers.get("allow"), "GET, HEAD, OPTIONS")
  })

  test("nobody who asks for the headers alone, and that takes no place", async () => {
    for (let i = 0; i < 5; i++) {
      const { headers, status } = await call(host, EVENTS, { method: "HEAD" })
      assert.deepStrictEqual([status, headers.get("content-type")], [200, "text/event-stream"])
    }
  })

  test("more streams than there is room for, until one ends", async () => {
    using first = await EventSource.open(host.url, KEY)
    using second = await EventSource.open(host.url, READ_ONLY_KEY)
    await until(() => first.place !== "" && second.place !== "")
    const refused = await call(host, EVENTS)
    assertProblem(refused, 503, "unavailable")
    assert.strictEqual(refused.headers.get("retry-after"), "10")
    first[Symbol.dispose]()
    for (;;) {
      using third = await EventSource.open(host.url, KEY)
      if (third.status === 200) break
      await pause(10)
    }
  })
})

describe("a client that does not read", () => {
  const open = async (host: FakeHost) => {
    const client = await RawClient.open(host.port)
    client.send(`GET ${EVENTS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${KEY}\r\n\r\n`)
    await until(() => client.received.includes("id: "))
    client.socket.pause()
    return client
  }
  const tell = async (host: FakeHost, count: number) => {
    for (let i = 0; i < count; i++) {
      host.state.told.tell("x".repeat(1600))
      if (i % 100 === 99) await pause(10)
    }
  }

  test("is cut off, and holds up nobody who does", async () => {
    await using host = await startHost({ stalledStreamTimeout: 300 })
    using reading = await EventSource.open(host.url, KEY)
    using stuck = await open(host)
    await tell(host, 5000)
    await reading.heard(5000)
    await pause(1500)
    // A socket that is not read learns of the reset when it is.
    stuck.socket.resume()
    await stuck.gone()
    await until(() => stuck.error !== undefined)
    assert.strictEqual(stuck.error?.code, "ECONNRESET")
    assert.isBelow(stuck.received.length, 5000 * 1600)
  })
})

describe("stopping the host", () => {
  test("ends the streams, and is not held up by them", async () => {
    const host = await startHost()
    const clients = await Promise.all(Array.from({ length: 20 }, () => EventSource.open(host.url, KEY)))
    const before = performance.now()
    await host.stop()
    assert.isBelow(performance.now() - before, 1000)
    for (const client of clients) {
      await client.end()
      assert.isTrue(client.response.complete)
    }
  })
})
