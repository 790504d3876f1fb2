/** What a customer does with the API, from the first send to the last cent. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { LIVE_KEY, startHost, TEST_KEY, type TestHost } from "./startHost.ts"

let host: TestHost
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host[Symbol.asyncDispose]())

/** The demo account sends 10 a second: a test that has sent waits for its tokens. */
const tokens = async (count: number) => {
  for (;;) {
    const { body, headers } = await host.send("+31612345678", "a token")
    if (body.success === false) assert.strictEqual(body.code, "rate_limited")
    const left = Number(/r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1])
    if (left >= count) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const balance = async (key = LIVE_KEY) => (await host.call("GET", "wallet", { key })).body.wallet.balance

describe("a message", () => {
  it("is answered in the shape of the product page", async () => {
    const { body, headers, status } = await host.call("POST", "sms/send", {
      json: { from_number_id: 1, to: "+31612345678", body: "Your order #1234 has shipped!" }
    })
    assert.strictEqual(status, 201)
    assert.match(headers.get("ratelimit-policy") ?? "", /^"account";q=10;w=1$/)
    const { created_at, id, updated_at, ...rest } = body.message
    assert.isTrue(Number.isInteger(id))
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    assert.strictEqual(updated_at, created_at)
    assert.deepStrictEqual(rest, {
      direction: "outbound",
      from: "+31201234567",
      to: "+31612345678",
      body: "Your order #1234 has shipped!",
      status: "queued",
      segments: 1,
      encoding: "GSM-7",
      carrier: "sandbox",
      price: "0.008",
      currency: "EUR",
      reason: null,
      number_id: 1,
      sent_at: null,
      delivered_at: null
    })
  })

  it("is delivered, step by step, and costs its segments", async () => {
    const before = Number(await balance())
    const { body } = await host.send("+31612345678", "x".repeat(161))
    assert.strictEqual(body.message.segments, 2)
    const { message, timeline } = await host.message(body.message.id, ({ status }) => status === "delivered")
    assert.deepStrictEqual(
      timeline.map((entry: { status: string }) => entry.status),
      ["queued", "sending", "sent", "delivered"]
    )
    assert.isTrue(message.sent_at <= message.delivered_at)
    assert.closeTo(before - Number(await balance()), 0.016, 1e-9)
  })

  it("of 1,600 emoji is one of 49 segments, and one more character is refused", async () => {
    const { body, status } = await host.send("+31612345678", "\u{1F600}".repeat(1600))
    assert.strictEqual(status, 201)
    assert.strictEqual(body.message.segments, 49)
    assert.strictEqual(body.message.price, "0.392")
    assert.strictEqual((await host.send("+31612345678", "\u{1F600}".repeat(1601))).body.code, "validation_failed")
  })
})

describe("the sandbox", () => {
  const outcomes = [
    ["+15005550006", "delivered", null, 0.008, ["queued", "sending", "sent", "delivered"]],
    ["+15005550001", "failed", "invalid_destination", 0, ["queued", "sending", "failed"]],
    ["+15005550002", "failed", "no_route", 0, ["queued", "sending", "failed"]],
    ["+15005550009", "failed", "undeliverable", 0.008, ["queued", "sending", "sent", "failed"]],
    ["+15005550010", "sent", null, 0.008, ["queued", "sending", "sent"]],
    ["+15005550013", "delivered", null, 0.008, ["queued", "sending", "sent", "delivered"]],
    ["+15005550015", "delivered", null, 0.008, ["queued", "sending", "sent", "delivered"]]
  ] as const

  it.each(outcomes)("%s ends as %s (%s) and costs EUR %d", async (to, status, reason, cost, statuses) => {
    await tokens(1)
    const before = Number(await balance())
    const { body } = await host.send(to)
    const { message, timeline } = await host.message(body.message.id, (one) => one.status === status)
    assert.strictEqual(message.reason, reason)
    assert.deepStrictEqual(
      timeline.map((entry: { status: string }) => entry.status),
      [...statuses]
    )
    assert.closeTo(before - Number(await balance()), cost, 1e-9)
  })

  it("+15005550011: an unknown outcome waits for its receipt, and is submitted once", async () => {
    await tokens(1)
    const { body } = await host.send("+15005550011")
    const { timeline } = await host.message(body.message.id, ({ status }) => status === "delivered")
    const statuses = timeline.map((entry: { status: string }) => entry.status)
    assert.deepStrictEqual(statuses, ["queued", "sending", "sending", "delivered"])
    assert.match(timeline[2].detail, /did not answer/)
  })

  it("+15005550012: what comes late or twice is in the timeline and changes nothing", async () => {
    await tokens(1)
    const { body } = await host.send("+15005550012")
    const { message, timeline } = await host.message(
      body.message.id,
      (_, timeline) => timeline.filter(({ status }) => status === "sent").length > 1
    )
    assert.strictEqual(message.status, "delivered")
    const statuses = timeline.map((entry: { status: string }) => entry.status)
    assert.strictEqual(statuses.filter((status: string) => status === "delivered").length, 2)
    assert.strictEqual(statuses.at(-1), "sent")
    assert.isTrue(message.updated_at <= timeline.at(-1).at)
  })

  it("+15005550014: two temporary failures, then sent and delivered", async () => {
    await tokens(1)
    const { body } = await host.send("+15005550014")
    const { timeline } = await host.message(body.message.id, ({ status }) => status === "delivered")
    const busy = timeline.filter((entry: { detail: string | null }) => entry.detail === "The carrier is busy.")
    assert.strictEqual(busy.length, 2)
  })
})

describe("money", () => {
  it("is the sum of the ledger, line by line", async () => {
    const entries = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`
      const { body } = await host.call("GET", `wallet/entries?limit=7${query}`)
      entries.push(...body.entries)
      cursor = body.next_cursor
    } while (cursor !== null)
    const micros = (text: string) => Math.round(Number(text) * 1e6)
    const sum = entries.reduce((total, entry) => total + micros(entry.amount), 0)
    assert.strictEqual(sum, micros(await balance()))
    for (const [i, entry] of entries.entries()) {
      const older = entries[i + 1]
      assert.strictEqual(micros(entry.balance_after) - micros(entry.amount), older ? micros(older.balance_after) : 0)
    }
    assert.strictEqual(new Set(entries.map(({ kind, reference }) => `${kind} ${reference}`)).size, entries.length)
  })
})

describe("an Idempotency-Key", () => {
  it("replays the first answer, word for word, and charges once", async () => {
    await tokens(1)
    const headers = { "idempotency-key": "order-1" }
    const first = await host.send("+31612345678", "once", { headers })
    await host.message(first.body.message.id, ({ status }) => status === "delivered")
    const before = await balance()
    const again = await host.send("+31612345678", "once", { headers: { "idempotency-key": '"order-1"' } })
    assert.strictEqual(again.status, 201)
    assert.deepStrictEqual(again.body, first.body)
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    assert.strictEqual(await balance(), before)
  })

  it("replays a batch word for word, its problems too", async () => {
    await tokens(2)
    const options = {
      headers: { "idempotency-key": "batch-1" },
      json: {
        messages: [
          { from_number_id: 1, to: "+31612345678", body: "x" },
          { from_number_id: 1, to: "nobody", body: "x" },
          5
        ]
      }
    }
    const first = await host.call("POST", "sms/batch", options)
    const again = await host.call("POST", "sms/batch", options)
    assert.deepStrictEqual(
      first.body.results.map(({ success }: { success: boolean }) => success),
      [true, false, false]
    )
    assert.deepStrictEqual(again.body, first.body)
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
  })

  it("with another body is a mismatch, and nothing is sent", async () => {
    const { body, status } = await host.send("+31612345678", "twice", { headers: { "idempotency-key": "order-1" } })
    assert.strictEqual(status, 422)
    assert.strictEqual(body.code, "idempotency_mismatch")
  })

  it("of many requests at once makes one message", async () => {
    await tokens(5)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => host.send("+31612345678", "at once", { headers: { "idempotency-key": "race" } }))
    )
    const made = answers.filter(({ status }) => status === 201)
    assert.isAtLeast(made.length, 1)
    assert.strictEqual(new Set(made.map(({ body }) => body.message.id)).size, 1)
    for (const { body, status } of answers) if (status !== 201) assert.strictEqual(body.code, "idempotency_in_progress")
  })

  it("of another account is another key", async () => {
    const { body, status } = await host.send("+31612345678", "once", {
      headers: { "idempotency-key": "order-1" },
      key: TEST_KEY
    })
    assert.strictEqual(status, 201)
    assert.strictEqual(body.message.from, "+31201234568")
  })

  it("is free again when nothing was created", async () => {
    const headers = { "idempotency-key": "free" }
    assert.strictEqual((await host.send("nobody", "x", { headers })).body.code, "invalid_destination")
    await tokens(1)
    assert.strictEqual((await host.send("+31612345678", "x", { headers })).status, 201)
  })
})
