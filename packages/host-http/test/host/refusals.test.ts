/** Whatever is refused: a clear problem, nothing stored, nothing charged. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundledFile } from "@cliqtel/sms-adapters/catalogue"
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { startHost, type TestHost } from "./startHost.ts"

let host: TestHost
let folder: string
const query = (statement: string): Promise<unknown> =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(host.databaseUrl), maxConnections: 1 })),
    Effect.runPromise
  )

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catalogue-"))
  const file = join(folder, "catalogue.json")
  const catalogue = JSON.parse(await readFile(bundledFile, "utf8"))
  catalogue.destinations.off = ["KP"]
  await writeFile(file, JSON.stringify(catalogue))
  host = await startHost({ catalogueFile: file })
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const state = async () => {
  const wallet = await host.call("GET", "wallet")
  const messages = await host.call("GET", "sms")
  return { balance: wallet.body.wallet.balance, messages: messages.body.messages.length }
}

const refused = async (json: unknown, status: number, code: string, title: string) => {
  const before = await state()
  const answer = await host.call("POST", "sms/send", { json })
  assert.deepStrictEqual([answer.status, answer.body.code, answer.body.title], [status, code, title])
  assert.strictEqual(answer.body.success, false)
  assert.strictEqual(answer.body.type, `/problems/${code}`)
  assert.strictEqual(answer.body.request_id, answer.headers.get("x-request-id"))
  assert.isNotEmpty(answer.body.detail)
  assert.deepStrictEqual(await state(), before)
  return answer
}

const valid = { from_number_id: 1, to: "+31612345678", body: "Hello" }

describe("a send", () => {
  const destinations = [
    "31612345678",
    "0031612345678",
    "+31 6 12345678",
    "+31-612345678",
    "+310612345678",
    "+3161",
    "+316123456789012",
    "+999123456789",
    "+",
    "",
    " ",
    "x",
    "+31612345678\u0000",
    "\uff0b31612345678",
    `+${"3".repeat(5000)}`
  ]
  it.each(destinations)("to %j is no possible number", async (to) => {
    await refused({ ...valid, to }, 422, "invalid_destination", "Failed to send SMS")
  })

  it("to a country that is switched off is not supported", async () => {
    await refused({ ...valid, to: "+8501921234567" }, 422, "destination_not_supported", "Failed to send SMS")
  })

  it("from a number of nobody is not found", async () => {
    await refused({ ...valid, from_number_id: 999 }, 404, "not_found", "Not found")
  })

  it.each([2, 3])("from number %i needs SMS to be on", async (from_number_id) => {
    await refused({ ...valid, from_number_id }, 409, "sms_not_enabled", "SMS is not enabled on this number")
  })

  it("to somebody who has opted out is refused", async () => {
    await query("INSERT INTO sms.opt_outs VALUES (1, 1, '+31687654321', now())")
    await refused({ ...valid, to: "+31687654321" }, 422, "opted_out", "Failed to send SMS")
  })

  const fields: ReadonlyArray<readonly [string, unknown, string]> = [
    ["an empty body", { ...valid, body: "" }, "body"],
    ["1,601 characters", { ...valid, body: "x".repeat(1601) }, "body"],
    ["1,601 emoji", { ...valid, body: "\u{1F600}".repeat(1601) }, "body"],
    ["U+0000", { ...valid, body: "a\u0000b" }, "body"],
    ["a lone surrogate", { ...valid, body: "a\ud800b" }, "body"],
    ["a body that is a number", { ...valid, body: 5 }, "body"],
    ["no body", { from_number_id: 1, to: "+31612345678" }, "body"],
    ["a recipient that is a list", { ...valid, to: ["+31612345678"] }, "to"],
    ["no recipient", { from_number_id: 1, body: "x" }, "to"],
    ["a sender that is text", { ...valid, from_number_id: "1" }, "from_number_id"],
    ["a sender of 1.5", { ...valid, from_number_id: 1.5 }, "from_number_id"],
    ["a sender of 0", { ...valid, from_number_id: 0 }, "from_number_id"],
    ["a sender of -1", { ...valid, from_number_id: -1 }, "from_number_id"],
    ["a sender beyond 2^53", { ...valid, from_number_id: 2 ** 53 }, "from_number_id"],
    ["a sender that is null", { ...valid, from_number_id: null }, "from_number_id"],
    ["nothing", null, ""],
    ["a list", [], ""],
    ["a text", "hello", ""]
  ]
  it.each(fields)("with %s says which field is wrong", async (_, json, path) => {
    const { body } = await refused(json, 422, "validation_failed", "The request is not valid")
    assert.include(
      body.errors.map((error: { path: string }) => error.path),
      path
    )
    for (const error of body.errors) assert.isNotEmpty(error.message)
  })

  it.each(["media", "media_urls"])("with %s is MMS, which is not supported", async (name) => {
    await refused(
      { ...valid, [name]: ["https://example.com/a.png"] },
      422,
      "media_not_supported",
      "MMS is not supported"
    )
  })

  it("beyond the balance is refused, and one that is paid exactly is not", async () => {
    await query("UPDATE sms.wallets SET balance = 16000 WHERE account_id = 1")
    const { body } = await refused(
      { ...valid, body: "x".repeat(400) },
      402,
      "insufficient_balance",
      "Insufficient wallet balance"
    )
    assert.strictEqual(body.detail, "The message costs EUR 0.024, the wallet holds EUR 0.016.")
    assert.strictEqual((await host.send("+31612345678", "x".repeat(300))).status, 201)
    assert.strictEqual((await state()).balance, "0")
    await refused(valid, 402, "insufficient_balance", "Insufficient wallet balance")
    await query("UPDATE sms.wallets SET balance = 1000000 WHERE account_id = 1")
  })

  it("over the rate limit says when to come back, and is not charged", async () => {
    const before = await state()
    const answers = await Promise.all(Array.from({ length: 40 }, () => host.send("+31612345678")))
    const limited = answers.filter(({ status }) => status === 429)
    const accepted = answers.filter(({ status }) => status === 201)
    assert.strictEqual(limited.length + accepted.length, 40)
    assert.isAtLeast(limited.length, 10)
    for (const { body, headers } of limited) {
      assert.deepStrictEqual([body.code, body.title], ["rate_limited", "Rate limit exceeded"])
      assert.match(headers.get("retry-after") ?? "", /^[1-9]\d*$/)
      assert.strictEqual(headers.get("ratelimit-policy"), '"account";q=10;w=1')
      assert.match(headers.get("ratelimit") ?? "", /^"account";r=0;t=\d+$/)
    }
    const after = await state()
    assert.closeTo(Number(before.balance) - Number(after.balance), accepted.length * 0.008, 1e-9)
  })
})

describe("a batch", () => {
  const batch = (messages: unknown) => host.call("POST", "sms/batch", { json: { messages } })

  it("answers each message in its place", async () => {
    await query("UPDATE sms.wallets SET bucket_level = 10000, bucket_at = now() WHERE account_id = 1")
    const { body, status } = await batch([
      valid,
      { ...valid, to: "nobody" },
      { ...valid, body: "" },
      { ...valid, media: [] },
      5,
      { ...valid, from_number_id: 999 },
      { ...valid, to: "+31612345679" }
    ])
    assert.strictEqual(status, 200)
    const codes = body.results.map((result: { success: boolean; code?: string }) => result.code ?? "accepted")
    assert.deepStrictEqual(codes, [
      "accepted",
      "invalid_destination",
      "validation_failed",
      "media_not_supported",
      "validation_failed",
      "not_found",
      "accepted"
    ])
    assert.strictEqual(body.results[6].message.to, "+31612345679")
  })

  it("takes the rate limit message by message, in order", async () => {
    await query(
      "UPDATE sms.wallets SET bucket_level = 4000, bucket_at = now() + interval '1 hour' WHERE account_id = 1"
    )
    const { body } = await batch(Array.from({ length: 1000 }, () => valid))
    const codes = body.results.map((result: { code?: string }) => result.code ?? "accepted")
    assert.deepStrictEqual(codes, [...Array(4).fill("accepted"), ...Array(996).fill("rate_limited")])
    await query("UPDATE sms.wallets SET bucket_level = 10000, bucket_at = now() WHERE account_id = 1")
  })

  it("takes the wallet message by message, in order", async () => {
    await query("UPDATE sms.wallets SET balance = 20000, bucket_level = 10000, bucket_at = now() WHERE account_id = 1")
    const { body } = await batch([valid, { ...valid, body: "x".repeat(400) }, valid, valid])
    const codes = body.results.map((result: { code?: string }) => result.code ?? "accepted")
    assert.deepStrictEqual(codes, ["accepted", "insufficient_balance", "accepted", "insufficient_balance"])
    await query("UPDATE sms.wallets SET balance = 1000000 WHERE account_id = 1")
  })

  it.each([[[]], [Array.from({ length: 1001 }, () => valid)], [null], ["x"], [{}]])(
    "of anything but 1 to 1,000 is refused as a whole (%#)",
    async (messages) => {
      const before = await state()
      const { body, status } = await batch(messages)
      assert.deepStrictEqual([status, body.code, body.errors[0].path], [422, "validation_failed", "messages"])
      assert.deepStrictEqual(await state(), before)
    }
  )
})

describe("the database away", () => {
  it("is 503 with Retry-After, and service returns by itself", async () => {
    const name = new URL(host.databaseUrl).pathname.slice(1)
    const admin = new URL(host.databaseUrl)
    admin.pathname = "/postgres"
    const onServer = (statement: string) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)).pipe(
        Effect.provide(PgClient.layer({ url: Redacted.make(admin.href), maxConnections: 1 })),
        Effect.runPromise
      )
    await onServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
    const answers = await Promise.all([host.send("+31612345678"), host.call("GET", "sms"), host.call("GET", "/readyz")])
    for (const { body, headers, status } of answers) {
      assert.deepStrictEqual([status, body.code], [503, "unavailable"])
      assert.match(headers.get("retry-after") ?? "", /^[1-9]\d*$/)
    }
    assert.strictEqual((await host.call("GET", "/healthz")).status, 200)
    await onServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    const deadline = Date.now() + 20_000
    while ((await host.call("GET", "/readyz")).status !== 200) assert.isBelow(Date.now(), deadline)
    const { body } = await host.send("+31612345678")
    const { message } = await host.message(body.message.id, ({ status }) => status === "delivered")
    assert.strictEqual(message.status, "delivered")
  })
})
