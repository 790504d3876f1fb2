/** API keys: who may make which, that one is told once, and when one ends. */
import { mkdtempDisposable, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Redacted } from "effect"
import { afterAll, assert, beforeAll, describe, it, vi } from "vitest"
import { assertRefused, type Caller, caller, openCustomer, withAdmin } from "./customer.ts"
import { type Answer, LIVE_KEY, startHost, TEST_KEY, type TestHost } from "./startHost.ts"

let host: TestHost
beforeAll(async () => {
  host = await startHost(withAdmin)
})
afterAll(() => host[Symbol.asyncDispose]())

const create = (by: Caller, json: object, key?: string) =>
  by.call("POST", "api_keys", { name: "New", ...json }, key === undefined ? {} : { "idempotency-key": key })

const make = async (by: Caller, scopes?: ReadonlyArray<string>): Promise<Caller & { readonly keyId: number }> => {
  const { body, status } = await create(by, scopes === undefined ? {} : { scopes })
  assert.strictEqual(status, 201, JSON.stringify(body))
  return { ...caller(host, by.id, body.api_key.key), keyId: body.api_key.id }
}

const list = async (by: Caller): Promise<ReadonlyArray<Answer["body"]>> =>
  (await by.call("GET", "api_keys")).body.api_keys

const ALL = ["sms:send", "sms:read", "numbers", "wallet", "webhooks", "keys"]

describe("a new key", () => {
  it("may do what its maker may, and works at once", async () => {
    const customer = await openCustomer(host)
    const { body, headers, status } = await create(customer, { name: "  Web shop " })
    assert.strictEqual(status, 201)
    assert.isNull(headers.get("idempotent-replayed"))
    const { created_at, id, key, ...rest } = body.api_key
    assert.match(key, /^sk_live_[0-9A-Za-z]{48}$/)
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    const hint = `${key.slice(0, 11)}...${key.slice(-4)}`
    assert.deepStrictEqual(rest, { name: "Web shop", hint, mode: "live", scopes: ALL, last_used_at: null })
    assert.deepStrictEqual(
      (await list(customer)).find((one) => one.id === id),
      { id, created_at, ...rest }
    )
    assert.strictEqual(await caller(host, customer.id, key).balance(), "25")
  })

  it("is a test key when a test key makes it, and sees what that sees", async () => {
    const { test } = await openCustomer(host)
    const made = await make(test)
    assert.match(made.key, /^sk_test_/)
    assert.strictEqual(await made.balance(), await test.balance())
    assert.deepStrictEqual(
      (await list(made)).map(({ mode }) => mode),
      ["test", "test"]
    )
  })

  it("may be given less, and then makes none that may more", async () => {
    const customer = await openCustomer(host)
    const made = await make(customer, ["keys", "sms:read", "sms:read"])
    assert.strictEqual((await made.call("GET", "sms")).status, 200)
    assertRefused(await made.call("GET", "wallet"), [403, "forbidden", "Forbidden"])

    const before = await list(customer)
    for (const scopes of [["numbers"], ALL, ["sms:read", "wallet"]]) {
      const answer = await create(made, { scopes })
      assertRefused(answer, [403, "forbidden", "Forbidden"])
      assert.include(
        answer.body.detail,
        scopes.find((scope) => !["keys", "sms:read"].includes(scope))
      )
    }
    assert.deepStrictEqual(await list(customer), before)
    const child = await make(made)
    const own = (await list(customer)).find(({ id }) => id === child.keyId)
    assert.deepStrictEqual(own.scopes, ["sms:read", "keys"])
  })

  it("needs the scope keys, and scopes that there are", async () => {
    const customer = await openCustomer(host)
    const reader = await make(customer, ["sms:read"])
    assertRefused(await create(reader, {}), [403, "forbidden", "Forbidden"])
    const { body, status } = await create(customer, { scopes: ["sms:read", "everything"] })
    assert.deepStrictEqual([status, body.code, body.errors[0].path], [422, "validation_failed", "scopes.1"])
  })
})

describe("a key that is asked for again under its Idempotency-Key", () => {
  it("is the same, and there is one", async () => {
    const customer = await openCustomer(host)
    const first = await create(customer, { name: "Once" }, "key-1")
    const again = await create(customer, { name: " Once " }, "key-1")
    assert.deepStrictEqual([again.status, again.body], [201, first.body])
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    assert.strictEqual((await list(customer)).filter(({ name }) => name === "Once").length, 1)
    assertRefused(await create(customer, { name: "Other" }, "key-1"), [
      422,
      "idempotency_mismatch",
      "Idempotency key reused with another request"
    ])
  })

  it("is told to nobody else of the same account", async () => {
    const customer = await openCustomer(host)
    const other = await make(customer)
    const { body } = await create(customer, {}, "key-1")
    const answer = await create(other, {}, "key-1")
    assert.deepStrictEqual([answer.status, answer.body.code], [422, "idempotency_mismatch"])
    assert.notInclude(JSON.stringify(answer.body), body.api_key.key)
  })

  it("is nowhere in the database", async () => {
    const customer = await openCustomer(host)
    const { body } = await create(customer, { name: "Findable name" }, "key-1")
    const { key } = body.api_key
    const rows = await host.query(`
      SELECT answer AS text FROM sms.idempotency_keys WHERE account_id = ${customer.id}
      UNION ALL SELECT row_to_json(k)::text FROM sms.api_keys k WHERE account_id = ${customer.id}
    `)
    assert.strictEqual(rows.length, 3)
    const texts = rows.map(({ text }) => String(text))
    assert.isTrue(texts.some((text) => text.includes("Findable name")))
    const packed = texts.flatMap((text) => text.split("."))
    for (const text of [...texts, ...packed.map((part) => Buffer.from(part, "base64url").toString("latin1"))]) {
      // The secret, without what the hint shows of the key.
      assert.notInclude(text, key.slice(11, -4))
    }
  })
})

describe("a key that is revoked", () => {
  it("is refused at the next request, and is in no list", async () => {
    const customer = await openCustomer(host)
    const made = await make(customer)
    assert.strictEqual((await made.call("GET", "wallet")).status, 200)
    const { body, status } = await customer.call("DELETE", `api_keys/${made.keyId}`)
    assert.deepStrictEqual([status, body], [200, { success: true }])
    assertRefused(await made.call("GET", "wallet"), [401, "unauthorized", "Unauthorized"])
    assertRefused(await create(made, {}), [401, "unauthorized", "Unauthorized"])
    assert.notInclude(
      (await list(customer)).map(({ id }) => id),
      made.keyId
    )
    assertRefused(await customer.call("DELETE", `api_keys/${made.keyId}`), [404, "not_found", "Not found"])
  })

  it("may be the caller's own", async () => {
    const made = await make(await openCustomer(host))
    assert.strictEqual((await made.call("DELETE", `api_keys/${made.keyId}`)).status, 200)
    assert.strictEqual((await made.call("GET", "wallet")).status, 401)
  })

  it("is none of another account's, and a live key none of the test account's", async () => {
    const [one, other] = await Promise.all([openCustomer(host), openCustomer(host)])
    for (const foreign of [await make(other), await make(one.test)]) {
      assertRefused(await one.call("DELETE", `api_keys/${foreign.keyId}`), [404, "not_found", "Not found"])
      assert.strictEqual((await foreign.call("GET", "wallet")).status, 200)
    }
  })

  it("makes no keys on a host that remembers it", async () => {
    const customer = await openCustomer(host)
    const made = await make(customer)
    await made.balance()
    // As another host would.
    await host.query(`UPDATE sms.api_keys SET revoked_at = now() WHERE key_id = ${made.keyId}`)
    assertRefused(await create(made, {}), [401, "unauthorized", "Unauthorized"])
    assert.notInclude(
      (await list(customer)).map(({ name }) => name),
      "New"
    )
  })
})

describe("the use of a key", () => {
  it("is seen in the list", async () => {
    const customer = await openCustomer(host)
    const made = await make(customer)
    const lastUse = async () => (await list(customer)).find(({ id }) => id === made.keyId).last_used_at
    assert.isNull(await lastUse())
    const before = Date.now()
    await made.balance()
    const deadline = Date.now() + 10_000
    while ((await lastUse()) === null) assert.isBelow(Date.now(), deadline)
    assert.isAtLeast(Date.parse(await lastUse()), before - 1)
  })
})

describe("the demo's keys", () => {
  const idOf = async (by: Caller) => (await list(by))[0].id

  it("work again after a start that names them, though they were revoked", async () => {
    await using first = await startHost()
    for (const key of [LIVE_KEY, TEST_KEY]) {
      const demo = caller(first, 0, key)
      assert.strictEqual((await demo.call("DELETE", `api_keys/${await idOf(demo)}`)).status, 200)
      assert.strictEqual((await demo.call("GET", "wallet")).status, 401)
    }
    await using second = await startHost({ databaseUrl: Redacted.make(first.databaseUrl) })
    for (const key of [LIVE_KEY, TEST_KEY]) {
      assert.strictEqual((await caller(second, 0, key).call("GET", "wallet")).status, 200)
    }
  })

  it("that were made here stay revoked, and the start says so", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "demo-keys-"))
    const dataDir = folder.path
    const made = { dataDir, demoApiKey: undefined, demoTestApiKey: undefined }
    await using first = await startHost(made)
    const keys = JSON.parse(await readFile(join(dataDir, "demo-keys.json"), "utf8"))
    const demo = caller(first, 0, keys.live)
    assert.strictEqual((await demo.call("DELETE", `api_keys/${await idOf(demo)}`)).status, 200)

    const log = vi.spyOn(console, "log").mockImplementation(() => undefined)
    await using second = await startHost({ ...made, databaseUrl: Redacted.make(first.databaseUrl) })
    const printed = log.mock.calls.flat().join("\n")
    log.mockRestore()
    assert.strictEqual((await caller(second, 0, keys.live).call("GET", "wallet")).status, 401)
    assert.strictEqual((await caller(second, 0, keys.test).call("GET", "wallet")).status, 200)
    assert.include(printed, `Demo API key (live): ${keys.live} (revoked)\n`)
    assert.include(printed, `Demo API key (test): ${keys.test}`)
    assert.notInclude(printed, `${keys.test} (revoked)`)
    assert.notInclude(printed, "curl")
  })
})
