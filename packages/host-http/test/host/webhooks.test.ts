/** Webhooks over the API, on a real socket: what a customer sees from registering one to sending an event again. */
import { Webhook } from "standardwebhooks"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { openCustomer, type Customer, withAdmin } from "./customer.ts"
import { type Received, type Receiver, startReceiver } from "@cliqtel/sms-testkit/simulator"
import { type Answer, startHost, type TestHost } from "./startHost.ts"

let host: TestHost
let receiver: Receiver
let failing: Receiver
beforeAll(async () => {
  host = await startHost(withAdmin)
  receiver = await startReceiver()
  failing = await startReceiver((response) => response.writeHead(500).end("x".repeat(2000)))
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
  await failing[Symbol.asyncDispose]()
})

const EVENTS = ["sms.sending", "sms.sent", "sms.delivered", "sms.failed"]

const register = async (customer: Customer, json: Record<string, unknown> = {}): Promise<Answer["body"]> => {
  const { body, status } = await customer.call("POST", "webhooks", { url: receiver.url, events: EVENTS, ...json })
  assert.strictEqual(status, 201, JSON.stringify(body))
  return body.webhook
}

/** What one receives, once it is as much as that. */
const received = async (where: string, count: number, from = receiver): Promise<ReadonlyArray<Received>> => {
  const deadline = Date.now() + 20_000
  for (;;) {
    const found = from.received.filter(({ url }) => url === where)
    if (found.length >= count) return found
    assert.isBelow(Date.now(), deadline, `${found.length} of ${count} came to ${where}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const verified = ({ body, headers }: Received, secret: string): Answer["body"] =>
  new Webhook(secret).verify(body, headers as Record<string, string>)

const deliveriesOf = async (customer: Customer, id: number, query = "") =>
  (await customer.call("GET", `webhooks/${id}/deliveries${query}`)).body

const settled = async (customer: Customer, id: number, until: (newest: Answer["body"]) => boolean) => {
  const deadline = Date.now() + 20_000
  for (;;) {
    const [newest] = (await deliveriesOf(customer, id, "?limit=1")).deliveries
    if (newest !== undefined && until(newest)) return newest
    assert.isBelow(Date.now(), deadline, JSON.stringify(newest))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const withNumber = async (number: string) => {
  const customer = await openCustomer(host)
  const { id } = await customer.addNumber("NL", "mobile", number)
  assert.strictEqual((await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })).status, 200)
  return { customer, numberId: id }
}

describe("a webhook", () => {
  it("is told of what people write, as the product's page has it", async () => {
    const number = "+31612000009"
    const { customer } = await withNumber(number)
    const webhook = await register(customer, { url: `${receiver.url}/replies`, events: ["sms.received"] })
    const reply = { from: "+31687654322", to: number, body: "Thanks, got the tracking!" }
    assert.strictEqual((await customer.call("POST", "sandbox/inbound", reply)).status, 202)
    const [event] = await received("/hook/replies", 1)
    assert.isDefined(event)
    const [message] = (await customer.call("GET", "sms?direction=inbound")).body.messages
    assert.deepStrictEqual(verified(event, webhook.secret), {
      event: "sms.received",
      data: { id: message.id, ...reply, segments: 1, received_at: message.received_at }
    })
  })

  it("is told of a message's way, signed and in order, each time as it was", async () => {
    const { customer, numberId } = await withNumber("+31612000001")
    const webhook = await register(customer, { url: `${receiver.url}/way` })
    assert.match(webhook.secret, /^whsec_[A-Za-z0-9+/]{32}$/)
    const sent = await customer.call("POST", "sms/send", {
      from_number_id: numberId,
      to: "+31687654321",
      body: "Héllo"
    })
    assert.strictEqual(sent.status, 201)
    const events = await received("/hook/way", 3)
    const told = events.map((one) => verified(one, webhook.secret))
    assert.deepStrictEqual(
      told.map(({ event }) => event),
      ["sms.sending", "sms.sent", "sms.delivered"]
    )
    const { message } = (await customer.call("GET", `sms/${sent.body.message.id}`)).body
    assert.deepStrictEqual(told[2].data, message)
    assert.deepStrictEqual(
      told.map(({ data }) => data.status),
      ["sending", "sent", "delivered"]
    )
    assert.isNull(told[0].data.sent_at)
    assert.isNull(told[1].data.delivered_at)
    for (const { event, timestamp, type } of told) {
      assert.strictEqual(type, event)
      assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    }
    assert.strictEqual(new Set(events.map(({ headers }) => headers["webhook-id"])).size, 3)

    const { deliveries, next_cursor } = await deliveriesOf(customer, webhook.id, "?limit=2")
    assert.deepStrictEqual(
      deliveries.map(({ event }: { event: string }) => event),
      ["sms.delivered", "sms.sent"]
    )
    const rest = await deliveriesOf(customer, webhook.id, `?limit=2&cursor=${next_cursor}`)
    assert.deepStrictEqual([rest.deliveries.length, rest.next_cursor], [1, null])
    const delivered = await settled(customer, webhook.id, ({ status }) => status === "succeeded")
    assert.deepInclude(delivered, { response_code: 200, response_body: "ok", next_attempt_at: null })
    assert.deepInclude(delivered.attempts[0], { status_code: 200, error: null, response_body: "ok" })
    assert.strictEqual(delivered.event_id, events[2]?.headers["webhook-id"])
  })

  it("is told of numbers and of the wallet", async () => {
    const customer = await openCustomer(host, "5.50")
    const webhook = await register(customer, { url: `${receiver.url}/account`, events: ["*"] })
    const { id } = await customer.addNumber("NL", "mobile", "+31612000002")
    await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })
    const [one, two] = (await received("/hook/account", 2)).map((event) => verified(event, webhook.secret))
    const byType = new Map([one, two].map((event) => [event.type, event.data]))
    assert.deepStrictEqual(byType.get("wallet.low_balance"), { balance: "4.75", threshold: "5", currency: "EUR" })
    assert.deepStrictEqual(byType.get("number.sms_enabled"), { number_id: id, number: "+31612000002" })
  })

  it("is tested, and gets the same again when it is asked for", async () => {
    const customer = await openCustomer(host)
    const webhook = await register(customer, { url: `${receiver.url}/test` })
    const tested = await customer.call("POST", `webhooks/${webhook.id}/test`)
    assert.strictEqual(tested.status, 202)
    assert.deepInclude(tested.body.delivery, { event: "webhook.test", status: "pending", response_code: null })
    const [first] = await received("/hook/test", 1)
    await settled(customer, webhook.id, ({ status }) => status === "succeeded")
    const path = `webhooks/${webhook.id}/deliveries/${tested.body.delivery.id}/redeliver`
    assert.strictEqual((await customer.call("POST", path)).status, 202)
    const [, second] = await received("/hook/test", 2)
    assert.deepStrictEqual([second?.body, second?.headers["webhook-id"]], [first?.body, first?.headers["webhook-id"]])
    await settled(customer, webhook.id, ({ attempts, status }) => status === "succeeded" && attempts.length === 2)
  })

  it("that fails is tried again, and shows why", async () => {
    const customer = await openCustomer(host)
    const webhook = await register(customer, { url: `${failing.url}/fails` })
    await customer.call("POST", `webhooks/${webhook.id}/test`)
    const first = await settled(customer, webhook.id, ({ attempts }) => attempts.length === 1)
    assert.deepInclude(first, { status: "pending", response_code: 500, response_body: "x".repeat(1024) })
    assert.strictEqual(first.attempts[0].error, "The endpoint answered 500.")
    const wait = Date.parse(first.next_attempt_at) - Date.parse(first.attempts[0].at)
    assert.isAtLeast(wait, 4500)
    // Counted from when it began, however long it took; the one after it comes minutes later.
    assert.isAtMost(wait, 60_000)
    assert.isNotNull((await customer.call("GET", "webhooks")).body.webhooks[0].failing_since)
    await received("/hook/fails", 2, failing)
    const off = await customer.call("PATCH", `webhooks/${webhook.id}`, { enabled: false })
    assert.deepInclude(off.body.webhook, { enabled: false, disabled_reason: "by_owner" })
    await settled(customer, webhook.id, ({ status }) => status === "failed")
    const refused = await customer.call("POST", `webhooks/${webhook.id}/test`)
    assert.deepStrictEqual([refused.status, refused.body.code], [409, "webhook_disabled"])
    const on = await customer.call("PATCH", `webhooks/${webhook.id}`, { enabled: true })
    assert.deepInclude(on.body.webhook, {
      enabled: true,
      disabled_reason: null,
      disabled_at: null,
      failing_since: null
    })
  })

  it("has a secret that is told twice: when it is made, and when it is replaced", async () => {
    const customer = await openCustomer(host)
    const json = { url: `${receiver.url}/rotate`, events: ["sms.sent"], description: "shop" }
    const headers = { "idempotency-key": "a webhook" }
    const made = await customer.call("POST", "webhooks", json, headers)
    const again = await customer.call("POST", "webhooks", json, headers)
    assert.deepStrictEqual(again.body, made.body)
    const { id, secret } = made.body.webhook
    const rotated = (await customer.call("POST", `webhooks/${id}/rotate_secret`)).body.webhook
    assert.notStrictEqual(rotated.secret, secret)
    const overlap = Date.parse(rotated.old_secret_until) - Date.now()
    assert.isAtMost(Math.abs(overlap - 86_400_000), 60_000)
    await customer.call("POST", `webhooks/${id}/test`)
    const [event] = await received("/hook/rotate", 1)
    assert.isDefined(event)
    for (const one of [secret, rotated.secret]) if (event !== undefined) verified(event, one)
    const { webhooks } = (await customer.call("GET", "webhooks")).body
    assert.lengthOf(webhooks, 1)
    assert.notProperty(webhooks[0], "secret")
    assert.strictEqual(webhooks[0].description, "shop")
    const changed = await customer.call("PATCH", `webhooks/${id}`, { events: ["*", "*"], description: null })
    assert.deepInclude(changed.body.webhook, { events: ["*"], description: null })
    assert.notProperty(changed.body.webhook, "secret")
    assert.strictEqual((await customer.call("DELETE", `webhooks/${id}`)).status, 200)
    assert.strictEqual((await customer.call("GET", `webhooks/${id}/deliveries`)).status, 404)
    assert.deepStrictEqual((await customer.call("GET", "webhooks")).body.webhooks, [])
  })

  it("is one of 32 at most", async () => {
    const customer = await openCustomer(host)
    for (let i = 0; i < 32; i++) await register(customer)
    const { body, status } = await customer.call("POST", "webhooks", { url: receiver.url, events: ["*"] })
    assert.deepStrictEqual([status, body.code], [409, "webhook_limit"])
  })
})

describe("no webhook is made of", () => {
  const refused: ReadonlyArray<readonly [string, Record<string, unknown>, string, string]> = [
    ["nothing", {}, "url", "is required"],
    ["a text that is no URL", { url: "example" }, "url", "must be a URL"],
    ["another scheme", { url: "ftp://example.com/" }, "url", "must begin with https:// or http://"],
    ["a user", { url: "https://u:p@example.com/" }, "url", "must not contain a user name or a password"],
    ["a long URL", { url: `https://example.com/${"x".repeat(2048)}` }, "url", "must be at most 2048 characters"],
    ["a line feed", { url: "https://example.com/\n" }, "url", "must be a URL"],
    ["no event", { events: [] }, "events", "must have at least 1 event"],
    ["no list of events", { events: "*" }, "events", "must be a list of event names"],
    ["a long description", { description: "x".repeat(257) }, "description", "must be at most 256 characters"]
  ]
  it.each(refused)("%s", async (_, json, path, message) => {
    const customer = await openCustomer(host, "0")
    const valid = { url: receiver.url, events: ["*"] }
    const { body, status } = await customer.call(
      "POST",
      "webhooks",
      path === "url" && json["url"] === undefined ? {} : { ...valid, ...json }
    )
    assert.deepStrictEqual([status, body.code], [422, "validation_failed"])
    assert.deepInclude(body.errors, { path, message })
  })

  it("an address that is not public, where only those are", async () => {
    await using strict = await startHost({ ...withAdmin, webhooksAllowPrivate: false })
    const customer = await openCustomer(strict)
    for (const url of [receiver.url, "https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://0x7f.1/"]) {
      const { body, status } = await customer.call("POST", "webhooks", { url, events: ["*"] })
      assert.deepStrictEqual([status, body.code], [422, "validation_failed"], url)
    }
    const { body } = await customer.call("POST", "webhooks", { url: "https://localhost:9443/", events: ["*"] })
    await customer.call("POST", `webhooks/${body.webhook.id}/test`)
    const tried = await settled(customer, body.webhook.id, ({ attempts }) => attempts.length === 1)
    assert.strictEqual(tried.attempts[0].error, "It leads to an address that is not public.")
  })
})
