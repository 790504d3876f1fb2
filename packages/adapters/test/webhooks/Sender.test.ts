/** What goes over the wire, and what of an answer counts. */
import { WebhookSender } from "@cliqtel/sms-core"
import { Effect } from "effect"
import type { LookupAddress } from "node:dns"
import { createServer, type Socket } from "node:net"
import type { ServerResponse } from "node:http"
import { Webhook } from "standardwebhooks"
import { assert, describe, test } from "vitest"
import { layerWebhookSender, makeSecret, type SenderOptions } from "../../src/webhooks/index.ts"
import { startReceiver } from "@cliqtel/sms-testkit/simulator"

const BODY = '{"type":"sms.sent","data":{"body":"Grüße 😀"}}'

const withSender = <A>(options: SenderOptions, use: (sender: WebhookSender["Service"]) => Effect.Effect<A>) =>
  Effect.runPromise(WebhookSender.use(use).pipe(Effect.provide(layerWebhookSender(options))))

const event = (url: string, secrets = [makeSecret()]) => ({ url, secrets, id: "evt_7", at: Date.now(), body: BODY })

const sendTo = (url: string, options: SenderOptions = { allowPrivate: true }) =>
  withSender(options, (sender) => sender.send(event(url)))

const answering = (answer: (response: ServerResponse) => void) => startReceiver(answer)

describe("an event", () => {
  test("arrives signed with each secret, as the reference library checks it", async () => {
    await using receiver = await startReceiver()
    const secrets = [makeSecret(), makeSecret()]
    const outcome = await withSender({ allowPrivate: true }, (sender) => sender.send(event(receiver.url, secrets)))
    assert.deepInclude(outcome, { _tag: "Answered", status: 200, body: "ok", retryAfterMillis: null })
    const [received] = receiver.received
    assert.deepInclude(received, { method: "POST", url: "/hook", body: BODY })
    const headers = received?.headers as Record<string, string>
    assert.deepInclude(headers, { "webhook-id": "evt_7", "content-type": "application/json" })
    for (const secret of secrets) new Webhook(secret).verify(BODY, headers)
    assert.throws(() => new Webhook(makeSecret()).verify(BODY, headers))
  })

  test("uses a connection again", async () => {
    await using receiver = await startReceiver()
    await withSender({ allowPrivate: true }, (sender) =>
      Effect.forEach([1, 2, 3], () => sender.send(event(receiver.url)))
    )
    assert.lengthOf(receiver.received, 3)
    // A connection is free a moment after the answer, so the second may not find it yet.
    assert.isBelow(receiver.connections(), 3)
  })

  test("is sent again at once over a connection that turns out to be closed", async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      let requests = 0
      socket.on("error", () => undefined)
      socket.on("data", () => {
        // The second request on a connection finds it gone.
        if (++requests === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        else socket.resetAndDestroy()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as { readonly port: number }
    const outcomes = await withSender({ allowPrivate: true }, (sender) =>
      Effect.forEach([1, 2], () => sender.send(event(`http://127.0.0.1:${port}/`)))
    )
    assert.deepStrictEqual(
      outcomes.map((outcome) => outcome._tag === "Answered" && outcome.status),
      [200, 200]
    )
    assert.strictEqual(sockets.size, 2)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
})

describe("of an answer", () => {
  test("a redirect is not followed", async () => {
    await using elsewhere = await startReceiver()
    await using receiver = await answering((response) => response.writeHead(307, { location: elsewhere.url }).end())
    assert.deepInclude(await sendTo(receiver.url), { _tag: "Answered", status: 307 })
    assert.lengthOf(elsewhere.received, 0)
  })

  test("the first KiB is kept, however much comes", async () => {
    let sent = 0
    await using receiver = await answering((response) => {
      const timer = setInterval(() => {
        sent++
        response.write("x".repeat(64 * 1024))
      }, 1)
      response.on("close", () => clearInterval(timer))
    })
    const outcome = await sendTo(receiver.url)
    assert.deepInclude(outcome, { status: 200, body: "x".repeat(1024) })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const then = sent
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.strictEqual(sent, then)
  })

  test("the status counts when the rest never comes", async () => {
    await using receiver = await answering((response) => {
      response.writeHead(202)
      response.write("beg")
    })
    assert.deepInclude(await sendTo(receiver.url), { _tag: "Answered", status: 202, body: "beg" })
  })

  test("Retry-After is read in seconds and as a date", async () => {
    await using seconds = await answering((response) => response.writeHead(429, { "retry-after": "120" }).end())
    assert.deepInclude(await sendTo(seconds.url), { status: 429, retryAfterMillis: 120_000 })
    const at = new Date(Date.now() + 60_000).toUTCString()
    await using date = await answering((response) => response.writeHead(503, { "retry-after": at }).end())
    const outcome = await sendTo(date.url)
    assert.isTrue(outcome._tag === "Answered" && Math.abs((outcome.retryAfterMillis ?? 0) - 60_000) < 2000)
    await using nonsense = await answering((response) => response.writeHead(503, { "retry-after": "soon" }).end())
    assert.deepInclude(await sendTo(nonsense.url), { retryAfterMillis: null })
  })
})

describe("there is no answer from", () => {
  const failed = async (url: string, options?: SenderOptions) => {
    const outcome = await sendTo(url, options)
    return outcome._tag === "Failed" ? outcome.reason : `${outcome.status}`
  }

  test("an endpoint that hangs", async () => {
    await using receiver = await answering(() => undefined)
    const started = performance.now()
    assert.strictEqual(
      await failed(receiver.url, { allowPrivate: true, timeoutMillis: 200 }),
      "There was no answer within 0.2 s."
    )
    assert.isBelow(performance.now() - started, 2000)
  })

  test("a closed port", async () => {
    const receiver = await startReceiver()
    await receiver[Symbol.asyncDispose]()
    assert.strictEqual(await failed(receiver.url), "The endpoint refused the connection.")
  })

  test("one that hangs up, or does not speak HTTP", async () => {
    await using closing = await answering((response) => response.socket?.destroy())
    assert.strictEqual(await failed(closing.url), "The endpoint closed the connection without an answer.")
    await using mumbling = await answering((response) => response.socket?.end("what?\r\n\r\n"))
    assert.strictEqual(await failed(mumbling.url), "The endpoint did not answer by the rules of HTTP.")
  })
})

describe("a host that sends to public addresses alone", () => {
  const asking: Array<string> = []
  const answers = (addresses: ReadonlyArray<LookupAddress>): SenderOptions => ({
    allowPrivate: false,
    lookup: (hostname, _, callback) => {
      asking.push(hostname)
      callback(null, [...addresses])
    }
  })
  const reason = async (url: string, options: SenderOptions) => {
    const outcome = await sendTo(url, options)
    return outcome._tag === "Failed" ? outcome.reason : `${outcome.status}`
  }
  const PRIVATE = "It leads to an address that is not public."

  test("connects to no name that leads elsewhere, to one bad answer among good ones neither", async () => {
    await using receiver = await startReceiver()
    const url = `https://rebinding.example:${receiver.port}/`
    const loopback = { address: "127.0.0.1", family: 4 }
    assert.strictEqual(await reason(url, answers([loopback])), PRIVATE)
    assert.strictEqual(await reason(url, answers([{ address: "8.8.8.8", family: 4 }, loopback])), PRIVATE)
    assert.strictEqual(await reason(url, answers([{ address: "::ffff:7f00:1", family: 6 }])), PRIVATE)
    assert.strictEqual(await reason(url, answers([{ address: "fd00:ec2::254", family: 6 }])), PRIVATE)
    assert.strictEqual(await reason(url, answers([])), PRIVATE)
    assert.strictEqual(await reason(`https://localhost.:${receiver.port}/`, answers([loopback])), PRIVATE)
    assert.strictEqual(receiver.connections(), 0)
    assert.include(asking, "rebinding.example")
  })

  test("asks about the name at each attempt", async () => {
    const options = answers([{ address: "127.0.0.1", family: 4 }])
    const before = asking.length
    await withSender(options, (sender) => Effect.forEach([1, 2, 3], () => sender.send(event("https://a.example:1/"))))
    await withSender(options, (sender) =>
      Effect.forEach([1, 2, 3], () => sender.send(event("https://a.example:8443/")))
    )
    assert.strictEqual(asking.length - before, 3)
  })

  test("takes no address for a name, and no http", async () => {
    await using receiver = await startReceiver()
    const options = { allowPrivate: false }
    for (const url of [receiver.url, `https://127.0.0.1:${receiver.port}/`, `https://[::1]:${receiver.port}/`]) {
      assert.match(await reason(url, options), /^The address must /)
    }
    assert.strictEqual(receiver.connections(), 0)
  })

  test("says so when an endpoint is registered", async () => {
    const check = (url: string, allowPrivate: boolean) => withSender({ allowPrivate }, (sender) => sender.check(url))
    assert.isNull(await check("https://example.com/hook", false))
    assert.strictEqual(await check("http://example.com/", false), "must begin with https://")
    assert.strictEqual(await check("https://127.0.0.1/", false), "must lead to a public address")
    assert.isNull(await check("http://127.0.0.1:3001/", true))
  })
})
