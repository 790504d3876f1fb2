import { assert, describe, test } from "vitest"
import { SEND, valid } from "./calls.ts"
import { KEY, startHost } from "./fakeHost.ts"
import { RawClient, until } from "./rawClient.ts"

const text = JSON.stringify(valid)
const REQUEST =
  `POST ${SEND} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${KEY}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`

describe("stopping", () => {
  test("answers what is in flight, closes its connection and those that are idle, and takes nothing new", async () => {
    const host = await startHost()
    let open = () => {}
    host.state.gate = new Promise((resolve) => (open = resolve))
    using busy = await RawClient.open(host.port)
    using idle = await RawClient.open(host.port)
    idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await idle.answer()
    busy.send(REQUEST)
    await until(() => host.state.calls.length === 1)

    const stopped = host.stop()
    await idle.gone()
    await RawClient.open(host.port).then(
      () => assert.fail("a new connection was accepted"),
      (error: NodeJS.ErrnoException) => assert.strictEqual(error.code, "ECONNREFUSED")
    )
    open()
    const answer = await busy.answer()
    assert.strictEqual(answer.status, 201)
    assert.strictEqual(answer.headers.get("connection"), "close")
    await busy.gone()
    await stopped
  })

  test("a pipelined request that comes too late is told so", async () => {
    const host = await startHost()
    let open = () => {}
    host.state.gate = new Promise((resolve) => (open = resolve))
    using client = await RawClient.open(host.port)
    using idle = await RawClient.open(host.port)
    idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await idle.answer()
    client.send(REQUEST)
    await until(() => host.state.calls.length === 1)
    const stopped = host.stop()
    await idle.gone()
    await new Promise((resolve) => client.socket.write(REQUEST, resolve))
    open()
    assert.strictEqual((await client.answer()).status, 201)
    await client.gone()
    await stopped
    assert.lengthOf(host.state.calls, 1)
  })

  test("cuts what is left after the time for it", async () => {
    const host = await startHost({ drainTimeout: 100 })
    using stuck = await RawClient.open(host.port)
    stuck.send(REQUEST.slice(0, -5))
    // Answered after it, so that has reached the host.
    await fetch(`${host.url}/healthz`)
    const before = performance.now()
    await host.stop()
    assert.isBelow(performance.now() - before, 1000)
    await stuck.gone()
    assert.isEmpty(host.state.calls)
  })
})

describe("stopping while the database hangs", () => {
  test("does not wait for a send that never ends", async () => {
    const host = await startHost({ drainTimeout: 100 })
    host.state.gate = new Promise(() => {})
    using client = await RawClient.open(host.port)
    client.send(REQUEST)
    await until(() => host.state.calls.length === 1)
    const before = performance.now()
    await host.stop()
    assert.isBelow(performance.now() - before, 2000)
    await client.gone()
  })
})

describe("starting", () => {
  test("a host that listens answers, from the first connection on", async () => {
    // The port is not known before it is open, so one is opened to learn a free one, and given back.
    const probe = await startHost()
    const { port } = probe
    await probe.stop()
    const knock = async (): Promise<number> => {
      for (;;) {
        try {
          using client = await RawClient.open(port)
          client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
          return (await client.answer()).status
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error
        }
      }
    }
    const knocking = knock()
    const host = await startHost({}, port)
    assert.strictEqual(await knocking, 200)
    await host.stop()
  })
})
