/** Live updates of the real host: what one hears is what became of its messages, on whichever host that was. */
import { Redacted } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { EventSource } from "../http/eventSource.ts"
import { until } from "../http/rawClient.ts"
import { LIVE_KEY, startHost, TEST_KEY, type TestHost } from "./startHost.ts"

/** Its receipt comes first and twice. */
const DISORDERED = "+15005550012"

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

/** Of these messages: who listens from now on may hear of what others did a moment before. */
const eventsOf = (client: EventSource, ids: ReadonlyArray<number>) =>
  client.events.filter(({ data }) => ids.includes(data.id))

let host: TestHost
let other: TestHost
beforeAll(async () => {
  host = await startHost()
  other = await startHost({ databaseUrl: Redacted.make(host.databaseUrl) })
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await host[Symbol.asyncDispose]()
})

describe("live updates", () => {
  it("tell the life of a message in its order, and from any place on the rest of it", async () => {
    using client = await EventSource.open(host.url, LIVE_KEY)
    using stranger = await EventSource.open(host.url, TEST_KEY)
    const { id } = (await host.send("+31612345678")).body.message
    const heard = await client.heard(4)
    assert.deepStrictEqual(
      heard.map(({ data, type }) => [type, data.id, data.status]),
      [
        ["message.created", id, "queued"],
        ["message.updated", id, "sending"],
        ["message.updated", id, "sent"],
        ["message.updated", id, "delivered"]
      ]
    )
    assert.deepStrictEqual(heard.at(-1)?.data, (await host.call("GET", `sms/${id}`)).body.message)

    const places = [client.place, ...heard.map((event) => event.id)]
    assert.strictEqual(new Set(places).size, 5)
    assert.deepStrictEqual(places, places.toSorted())
    for (const [i, place] of places.entries()) {
      // On another host, as it would be behind a load balancer.
      using again = await EventSource.open(other.url, LIVE_KEY, place)
      await again.heard(4 - i)
      await pause(50)
      assert.deepStrictEqual(again.events, heard.slice(i))
    }
    assert.deepStrictEqual(stranger.events, [])
  })

  it("cross hosts: what one host does is heard on the other within a second and a half", async () => {
    using there = await EventSource.open(other.url, LIVE_KEY)
    const delays: Array<number> = []
    for (let i = 0; i < 3; i++) {
      const sentAt = performance.now()
      const { id } = (await host.send("+15005550010")).body.message
      await until(() => there.events.some(({ data }) => data.id === id))
      delays.push(performance.now() - sentAt)
    }
    // Other databases of the server may have held it back meanwhile.
    assert.isBelow(Math.min(...delays), 1500)
  })

  it("are in order for each message when many are sent at once, with none missing and none twice", async () => {
    using here = await EventSource.open(host.url, LIVE_KEY)
    using there = await EventSource.open(other.url, LIVE_KEY)
    const messages = Array.from({ length: 60 }, (_, i) => ({
      from_number_id: 1,
      to: i % 2 ? DISORDERED : "+31612345678",
      body: `${i}`
    }))
    // Of an account that may send ten a second those that are refused make no events.
    const ids: Array<number> = []
    while (ids.length < 20) {
      const answers = await Promise.all(
        [host, other].map((one) => one.call("POST", "sms/batch", { json: { messages } }))
      )
      for (const { body } of answers) {
        ids.push(
          ...body.results.flatMap((result: { success: boolean; message?: { id: number } }) => result.message?.id ?? [])
        )
      }
    }
    for (const id of ids) await host.message(id, ({ status }) => status === "delivered")
    const heardAll = (client: EventSource) =>
      eventsOf(client, ids).filter(({ data }) => data.status === "delivered").length === ids.length
    await until(() => heardAll(here) && heardAll(there))
    for (const client of [here, there]) {
      const lives = Map.groupBy(eventsOf(client, ids), ({ data }) => data.id as number)
      assert.sameMembers([...lives.keys()], [...ids])
      for (const [id, events] of lives) {
        const { timeline } = (await host.call("GET", `sms/${id}`)).body
        const statuses = events.map(({ data }) => data.status)
        assert.strictEqual(statuses[0], "queued")
        assert.strictEqual(statuses.at(-1), "delivered")
        const told = timeline.map(({ status }: { status: string }) => status)
        assert.deepStrictEqual(statuses, [...new Set(statuses)])
        assert.includeMembers(told, statuses)
      }
    }
    assert.deepStrictEqual(eventsOf(here, ids), eventsOf(there, ids))
  })

  it("hold up no host that stops", async () => {
    const third = await startHost({ databaseUrl: Redacted.make(host.databaseUrl) })
    using client = await EventSource.open(third.url, LIVE_KEY)
    const before = performance.now()
    await third[Symbol.asyncDispose]()
    assert.isBelow(performance.now() - before, 3000)
    await client.end()
    assert.isTrue(client.response.complete)
  })
})
