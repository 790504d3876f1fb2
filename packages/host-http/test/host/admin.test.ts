/** What whoever runs the host does for its customers, and what those see of it: accounts, limits, credits, numbers, carriers. */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Answer, LIVE_KEY, startHost, TEST_KEY, type TestHost } from "./startHost.ts"

const TOKEN = "admin-token-of-the-tests"

const config = { adminToken: Redacted.make(TOKEN) }

let host: TestHost
beforeAll(async () => {
  host = await startHost(config)
})
afterAll(() => host[Symbol.asyncDispose]())

const admin = (method: string, path: string, json: unknown, headers: Record<string, string> = {}, key = TOKEN) =>
  host.call(method, `/api/v1/admin/${path}`, { key, json, headers })

const sql = (statement: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Record<string, unknown>>(statement)).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(host.databaseUrl), maxConnections: 1 })),
    Effect.runPromise
  )

interface Customer {
  readonly id: number
  readonly testId: number
  readonly key: string
  readonly testKey: string
}

const openAccount = async (amount?: string): Promise<Customer> => {
  const { body, status } = await admin("POST", "accounts", { name: "Acme" })
  assert.strictEqual(status, 201)
  const { account, api_key: key, test_api_key: testKey } = body
  if (amount !== undefined) await credit(account.id, amount, "opening")
  return { id: account.id, testId: account.test_account_id, key, testKey }
}

const credit = (id: number, amount: string, reference: string) =>
  admin("POST", `accounts/${id}/credits`, { amount, reference })

/** Mobile numbers of the Netherlands, each handed out once. */
let numbers = 0
const addNumber = async (id: number, more: object = {}): Promise<Answer["body"]> => {
  const number = `+316${String(20_000_000 + ++numbers)}`
  const { body, status } = await admin("POST", `accounts/${id}/numbers`, {
    number,
    country: "NL",
    type: "mobile",
    ...more
  })
  assert.strictEqual(status, 201)
  return body.number
}

const as = (key: string) => ({
  get: async (path: string) => (await host.call("GET", path, { key })).body,
  switchOn: (numberId: number) => host.call("PUT", `numbers/${numberId}/sms`, { key, json: { enabled: true } }),
  send: (numberId: number, body = "Hello", on = host) =>
    on.call("POST", "sms/send", { key, json: { from_number_id: numberId, to: "+31612345678", body } }),
  /** Once it is as it should be. */
  message: async (id: number, until: (message: Answer["body"]) => boolean): Promise<Answer["body"]> => {
    const deadline = Date.now() + 20_000
    for (;;) {
      const { body } = await host.call("GET", `sms/${id}`, { key })
      if (until(body.message)) return body.message
      if (Date.now() > deadline) throw new Error(`message ${id} stays ${JSON.stringify(body)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
})

/** An account with money and a number that sends. */
const sender = async () => {
  const customer = await openAccount("100")
  const number = await addNumber(customer.id)
  const user = as(customer.key)
  assert.strictEqual((await user.switchOn(number.id)).status, 200)
  return { ...customer, ...user, number: number.id as number }
}

const isDelivered = ({ status }: Answer["body"]) => status === "delivered"

/** As if it had been accepted a little over a minute ago. */
const age = async (id: number) => {
  const aged = `created_at - interval '61 seconds'`
  await sql(`UPDATE sms.timeline SET message_created_at = message_${aged} WHERE message_id = ${id}`)
  await sql(`UPDATE sms.messages SET created_at = ${aged} WHERE message_id = ${id}`)
  await sql(`UPDATE sms.dispatches SET message_created_at = message_${aged} WHERE message_id = ${id}`)
}

/** What the inbox says of it, alone and in the list. */
const seen = async (user: ReturnType<typeof as>, id: number) => {
  const { message } = await user.get(`sms/${id}`)
  const { messages } = await user.get("sms")
  const listed = messages.find((one: { readonly id: number }) => one.id === id)
  assert.deepStrictEqual(listed, message)
  return { status: message.status, reason: message.reason }
}

/** No host has begun to submit it. */
const assertUntouched = async (id: number) => {
  const rows = await sql(`SELECT attempt FROM sms.dispatches WHERE message_id = ${id}`)
  assert.deepStrictEqual(
    rows.map(({ attempt }) => attempt),
    [0]
  )
}

describe("the admin token", () => {
  it("is no API key, and no API key is one", async () => {
    const { key, testKey } = await openAccount()
    for (const apiKey of [LIVE_KEY, key, testKey]) {
      const { body, status } = await admin("POST", "accounts", { name: "Acme" }, {}, apiKey)
      assert.deepInclude(body, { code: "unauthorized" })
      assert.strictEqual(status, 401)
    }
    assert.strictEqual((await host.call("GET", "wallet", { key: TOKEN })).status, 401)
  })

  it("cannot be a key of the demo: the host does not start", async () => {
    for (const key of [LIVE_KEY, TEST_KEY]) {
      const error: unknown = await startHost({ adminToken: Redacted.make(key) }).catch((error: unknown) => error)
      assert.match(String(error), /ADMIN_TOKEN is a demo API key as well/)
      assert.notInclude(String(error), key)
    }
  })
})

describe("an account that is opened", () => {
  it("has a live key that works, and a test key that sees the test account alone", async () => {
    const { id, key, testId, testKey } = await openAccount()
    const live = await addNumber(id)
    const test = await addNumber(testId)
    assert.deepInclude((await as(key).get("wallet")).wallet, { balance: "0", currency: "EUR" })
    assert.deepInclude((await as(testKey).get("wallet")).wallet, { balance: "100", currency: "EUR" })
    assert.deepStrictEqual((await as(key).get("numbers")).numbers, [live])
    assert.deepStrictEqual((await as(testKey).get("numbers")).numbers, [test])
    assert.strictEqual((await host.call("GET", `numbers/${live.id}`, { key: testKey })).status, 404)
    assert.strictEqual((await host.call("GET", `numbers/${test.id}`, { key })).status, 404)
  })

  it("can send from its test account without a cent of its own", async () => {
    const { testId, testKey } = await openAccount()
    const { id } = await addNumber(testId)
    const user = as(testKey)
    await user.switchOn(id)
    const { body } = await user.send(id)
    await user.message(body.message.id, isDelivered)
  })

  it("has its keys nowhere but in its answer, and a repetition of the request", async () => {
    const headers = { "idempotency-key": "open-once" }
    const first = await admin("POST", "accounts", { name: "Acme" }, headers)
    const again = await admin("POST", "accounts", { name: "Acme" }, headers)
    assert.deepStrictEqual(again.body, first.body)
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    const [row] = await sql(`SELECT answer FROM sms.idempotency_keys WHERE account_id = 0 AND key = 'open-once'`)
    assert.isString(row?.["answer"])
    assert.notMatch(String(row?.["answer"]), /sk_|api_key|Acme/)
  })

  it("is not opened again, nor are its keys told, to whoever comes with another admin token", async () => {
    const headers = { "idempotency-key": "rotated" }
    const json = { name: "Acme" }
    assert.strictEqual((await admin("POST", "accounts", json, headers)).status, 201)
    const key = "admin-token-that-came-later"
    const databaseUrl = Redacted.make(host.databaseUrl)
    await using other = await startHost({ adminToken: Redacted.make(key), demo: false, databaseUrl })
    const { body, status } = await other.call("POST", "/api/v1/admin/accounts", { key, json, headers })
    assert.strictEqual(status, 422)
    assert.strictEqual(body.code, "idempotency_mismatch")
  })
})

describe("a rate limit", () => {
  it("is in force at once, on every host", async () => {
    await using other = await startHost({ ...config, demo: false, databaseUrl: Redacted.make(host.databaseUrl) })
    const { id, number, send } = await sender()
    await admin("PATCH", `accounts/${id}`, { rate_limit_per_second: 1 })
    const started = performance.now()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => send(number, "Hello", i % 2 ? host : other)))
    const seconds = Math.floor((performance.now() - started) / 1000)
    const accepted = answers.filter(({ status }) => status === 201)
    assert.isAtLeast(accepted.length, 1)
    assert.isAtMost(accepted.length, 1 + seconds)
    for (const { headers, status } of answers) {
      assert.oneOf(status, [201, 429])
      assert.strictEqual(headers.get("ratelimit-policy"), '"account";q=1;w=1')
    }

    await admin("PATCH", `accounts/${id}`, { rate_limit_per_second: 1000 })
    for (;;) {
      const { headers } = await send(number, "Hello", other)
      if (Number(/r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]) > 50) break
    }
    const burst = await Promise.all(Array.from({ length: 50 }, () => send(number, "Hello", other)))
    for (const { status } of burst) assert.strictEqual(status, 201)
  })
})

describe("a credit", () => {
  it("is booked once for its reference, however often and however many at once", async () => {
    const { id, key } = await openAccount()
    const answers = await Promise.all(Array.from({ length: 10 }, () => credit(id, "12.50", "invoice 7")))
    for (const { body, status } of answers) {
      assert.strictEqual(status, 201)
      assert.deepStrictEqual(body, { success: true, wallet: { balance: "12.5", currency: "EUR" } })
    }
    await credit(id, "1", "invoice 8")
    assert.deepStrictEqual((await credit(id, "12.5", "invoice 7")).body, answers[0]?.body)
    const { entries } = await as(key).get("wallet/entries")
    assert.deepStrictEqual(
      entries.map(({ amount, kind }: { readonly amount: string; readonly kind: string }) => [kind, amount]),
      [
        ["top_up", "1"],
        ["top_up", "12.5"]
      ]
    )
    assert.strictEqual((await as(key).get("wallet")).wallet.balance, "13.5")
  })

  it("of another amount under the same reference is refused, and books nothing", async () => {
    const { id, key } = await openAccount("5")
    const { body, status } = await credit(id, "6", "opening")
    assert.strictEqual(status, 422)
    assert.strictEqual(body.code, "idempotency_mismatch")
    assert.strictEqual((await as(key).get("wallet")).wallet.balance, "5")
  })

  it("of the same reference to another account is another credit", async () => {
    const [one, other] = [await openAccount("5"), await openAccount("5")]
    for (const { key } of [one, other]) assert.strictEqual((await as(key).get("wallet")).wallet.balance, "5")
  })
})

describe("a number that is added", () => {
  it("sends once SMS is switched on", async () => {
    const { id, key } = await openAccount("100")
    const number = await addNumber(id)
    const user = as(key)
    assert.strictEqual((await user.send(number.id)).body.code, "sms_not_enabled")
    assert.strictEqual((await user.switchOn(number.id)).status, 200)
    const { body } = await user.send(number.id)
    const message = await user.message(body.message.id, isDelivered)
    assert.strictEqual(message.from, number.number)
  })

  it("has SMS enabled once it is active, not before", async () => {
    const { id, key } = await openAccount("100")
    const number = await addNumber(id, { status: "pending_verification" })
    const user = as(key)
    assert.strictEqual((await user.switchOn(number.id)).body.code, "number_not_active")
    assert.strictEqual((await user.get("wallet")).wallet.balance, "100")
    const { body } = await admin("PATCH", `numbers/${number.id}`, { status: "active" })
    assert.strictEqual(body.number.status, "active")
    assert.strictEqual((await user.switchOn(number.id)).body.number.sms.state, "on")
    assert.strictEqual((await user.send(number.id)).status, 201)
  })

  it("cannot be added a second time", async () => {
    const [one, other] = [await openAccount(), await openAccount()]
    const { number } = await addNumber(one.id)
    const json = { number, country: "NL", type: "mobile" }
    const { body, status } = await admin("POST", `accounts/${other.id}/numbers`, json)
    assert.strictEqual(status, 409)
    assert.strictEqual(body.code, "number_taken")
  })
})

describe("a number without a messaging profile", () => {
  it("keeps what it sends in the queue, says why after a minute, and lets it go once the profile is assigned", async () => {
    const user = await sender()
    await admin("PATCH", `numbers/${user.number}`, { messaging_profile_assigned: false })
    const { id } = (await user.send(user.number)).body.message
    // One with a profile overtakes it: whoever submits has been there.
    const other = await sender()
    await other.message((await other.send(other.number)).body.message.id, isDelivered)
    assert.deepStrictEqual(await seen(user, id), { status: "queued", reason: null })
    await assertUntouched(id)

    await age(id)
    assert.deepStrictEqual(await seen(user, id), { status: "queued", reason: "no_messaging_profile" })

    await admin("PATCH", `numbers/${user.number}`, { messaging_profile_assigned: true })
    await user.message(id, isDelivered)
    assert.deepStrictEqual(await seen(user, id), { status: "delivered", reason: null })
  })
})

describe("a paused carrier", () => {
  const pause = (paused: boolean) => admin("PATCH", "carriers/sandbox", { paused })

  it("keeps what is to go through it in the queue, says why after a minute, and goes on when it is unpaused", async () => {
    const user = await sender()
    assert.strictEqual((await pause(true)).status, 200)
    try {
      const ids: Array<number> = []
      for (let i = 0; i < 5; i++) ids.push((await user.send(user.number)).body.message.id)
      for (const id of ids) {
        assert.deepStrictEqual(await seen(user, id), { status: "queued", reason: null })
        await age(id)
        assert.deepStrictEqual(await seen(user, id), { status: "queued", reason: "carrier_paused" })
        await assertUntouched(id)
      }
      await pause(false)
      for (const id of ids) await user.message(id, isDelivered)
    } finally {
      await pause(false)
    }
  })

  it("is not named where a message only waits its turn", async () => {
    const user = await sender()
    await pause(true)
    try {
      const { id } = (await user.send(user.number)).body.message
      // As a carrier that is behind leaves it.
      await sql(
        `UPDATE sms.dispatches SET state = 'waiting', due_at = now() + interval '1 hour' WHERE message_id = ${id}`
      )
      await pause(false)
      await age(id)
      assert.deepStrictEqual(await seen(user, id), { status: "queued", reason: "carrier_processing" })
      await sql(`UPDATE sms.dispatches SET due_at = now() WHERE message_id = ${id}`)
      await user.message(id, isDelivered)
    } finally {
      await pause(false)
    }
  })
})
