/** What people write: into the inbox, out of the way, answered, and what it says of whom one may write to. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { caller, openCustomer, withAdmin } from "./customer.ts"
import { startHost, TEST_KEY, type TestHost } from "./startHost.ts"

const OURS = "+31201234567"

let host: TestHost
beforeAll(async () => {
  host = await startHost(withAdmin)
})
afterAll(() => host[Symbol.asyncDispose]())

let people = 0
/** Somebody who has not written yet. */
const somebody = () => `+3161200${String(people++).padStart(4, "0")}`

const write = (from: string, body: string, to = OURS) =>
  host.call("POST", "sandbox/inbound", { json: { from, to, body } })

const writes = async (from: string, body: string) =>
  assert.deepStrictEqual(await write(from, body).then(({ body: told, status }) => [status, told]), [
    202,
    { success: true }
  ])

const inboxOf = async (person: string) =>
  (await host.call("GET", `sms?direction=inbound&from=${encodeURIComponent(person)}`)).body.messages

const outboxTo = async (person: string) =>
  (await host.call("GET", `sms?direction=outbound&to=${encodeURIComponent(person)}`)).body.messages

const balance = async () => (await host.call("GET", "wallet")).body.wallet.balance

const until = async (holds: () => Promise<boolean>) => {
  for (const deadline = Date.now() + 20_000; !(await holds());) {
    assert.isBelow(Date.now(), deadline)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe("an inbound message", () => {
  it("is in the inbox when it is answered, free of charge", async () => {
    const person = somebody()
    const before = await balance()
    await writes(person, "Thanks, got the tracking!")
    const [message] = await inboxOf(person)
    assert.deepInclude(message, {
      direction: "inbound",
      from: person,
      to: OURS,
      body: "Thanks, got the tracking!",
      status: "received",
      segments: 1,
      encoding: "GSM-7",
      carrier: "sandbox",
      price: "0",
      currency: "EUR",
      reason: null,
      number_id: 1,
      sent_at: null,
      delivered_at: null
    })
    assert.strictEqual(message.received_at, message.created_at)
    assert.strictEqual(await balance(), before)
    const { body } = await host.call("GET", `sms/${message.id}`)
    assert.deepStrictEqual(body.timeline, [
      { status: "received", at: message.created_at, source: "carrier", detail: null }
    ])
    const { messaging_profile: profile } = (await host.call("GET", "numbers/1")).body.number
    assert.deepStrictEqual(profile, {
      assigned: true,
      inbound_hook: "configured",
      last_inbound_at: message.created_at
    })
  })

  it.each([
    ["GSM-7", "0123456789".repeat(31), 3],
    ["GSM-7", "€".repeat(160), 3],
    ["UCS-2", "🚀".repeat(67), 3],
    ["UCS-2", "ж".repeat(1600), 24]
  ])("of several parts is one message, %s", async (encoding, text, segments) => {
    const person = somebody()
    await writes(person, text)
    const messages = await inboxOf(person)
    assert.lengthOf(messages, 1)
    assert.deepInclude(messages[0], { body: text, encoding, segments, reason: null })
  })

  it("is counted, and listed by its status", async () => {
    const { stats: before } = (await host.call("GET", "sms/stats")).body
    await writes(somebody(), "one more")
    const { stats: after } = (await host.call("GET", "sms/stats")).body
    assert.deepStrictEqual(after, { ...before, today: before.today + 1, this_month: before.this_month + 1 })
    const { messages } = (await host.call("GET", "sms?status=received&limit=1")).body
    assert.strictEqual(messages[0].body, "one more")
  })

  it("is refused for a number that is not the account's, or not a number", async () => {
    const customer = await openCustomer(host)
    const { number } = await customer.addNumber("NL", "mobile", "+31612349876")
    for (const to of [number, "+31612340002", "+31699999999"]) {
      const { body, status } = await write(somebody(), "Hello", to)
      assert.deepStrictEqual([status, body.code], [404, "not_found"])
    }
    const { body, status } = await host.call("POST", "sandbox/inbound", { json: { from: "ACME", to: "1", body: "" } })
    assert.deepStrictEqual([status, body.code], [422, "validation_failed"])
    assert.sameMembers(
      body.errors.map(({ path }: { path: string }) => path),
      ["from", "to", "body"]
    )
  })

  it("is refused for a number of another carrier", async () => {
    await host.query("UPDATE sms.numbers SET carrier = 'acme' WHERE number_id = 4")
    const { body, status } = await write(somebody(), "Hello", "+18005550100")
    assert.deepStrictEqual([status, body.code, body.errors[0].path], [422, "validation_failed", "to"])
    await host.query("UPDATE sms.numbers SET carrier = 'sandbox' WHERE number_id = 4")
  })

  it("to a number whose SMS is off is kept with the reason, and counted for whoever watches", async () => {
    assert.strictEqual((await write(somebody(), "Hello", "+31612340001")).status, 202)
    assert.strictEqual((await write(somebody(), "Hello", "+493012345678")).status, 202)
    const letters = await host.query("SELECT reason, recipient, body FROM sms.inbound_dead_letters ORDER BY letter_id")
    assert.deepStrictEqual(letters, [
      { reason: "sms_off", recipient: "+31612340001", body: "Hello" },
      { reason: "number_not_active", recipient: "+493012345678", body: "Hello" }
    ])
    const { body } = await host.call("GET", "/metrics", { key: null })
    assert.match(body, /^sms_inbound_dead_letters_total\{reason="sms_off"\} [1-9]/m)
    assert.match(body, /^sms_inbound_dead_letters_total\{reason="number_not_active"\} [1-9]/m)
  })
})

describe("STOP", () => {
  it("refuses sends to that person, for nothing, until START", async () => {
    const person = somebody()
    await writes(person, "Stop.")
    const before = await balance()
    const { body, status } = await host.send(person)
    assert.deepStrictEqual([status, body.code], [422, "opted_out"])
    assert.strictEqual(await balance(), before)
    assert.deepStrictEqual(await outboxTo(person), [])
    await writes(person, "start")
    assert.strictEqual((await host.send(person)).status, 201)
  })

  it("is listed, and undone by the owner alone", async () => {
    const customer = await openCustomer(host)
    const number = await customer.addNumber("FR", "mobile", "+33612345678")
    await customer.call("PUT", `numbers/${number.id}/sms`, { enabled: true })
    const others = [somebody(), somebody(), somebody()]
    for (const from of others) {
      const { status } = await customer.call("POST", "sandbox/inbound", { from, to: number.number, body: "Arrêt" })
      assert.strictEqual(status, 202)
    }
    const first = (await customer.call("GET", `opt_outs?number_id=${number.id}&limit=2`)).body
    const second = (await customer.call("GET", `opt_outs?limit=2&cursor=${first.next_cursor}`)).body
    const all = [...first.opt_outs, ...second.opt_outs]
    assert.sameMembers(
      all.map(({ person }) => person),
      others
    )
    assert.isNull(second.next_cursor)
    assert.hasAllKeys(all[0], ["number_id", "number", "person", "created_at"])
    assert.deepInclude(all[0], { number_id: number.id, number: number.number })

    const undo = `opt_outs?number_id=${number.id}&person=${encodeURIComponent(all[0].person)}`
    const foreign = await host.call("DELETE", undo)
    assert.deepStrictEqual([foreign.status, foreign.body.code], [404, "not_found"])
    const undone = await customer.call("DELETE", undo)
    assert.deepStrictEqual([undone.status, undone.body], [200, { success: true }])
    assert.strictEqual((await customer.call("DELETE", undo)).status, 404)
    assert.lengthOf((await customer.call("GET", "opt_outs")).body.opt_outs, 2)
    const message = { from_number_id: number.id, to: all[0].person, body: "Hello" }
    assert.strictEqual((await customer.call("POST", "sms/send", message)).status, 201)
  })
})

describe("HELP", () => {
  it("is answered with the number's text, charged like any message", async () => {
    const text = "Write to help@example.com"
    const { body, status } = await host.call("PATCH", "numbers/1", { json: { help_text: text } })
    assert.deepStrictEqual([status, body.number.help_text], [200, text])
    assert.strictEqual((await host.call("PATCH", "numbers/1", { json: {} })).body.number.help_text, text)
    const person = somebody()
    await writes(person, "Help?")
    await until(async () => (await outboxTo(person)).length === 1)
    const [answer] = await outboxTo(person)
    assert.deepInclude(answer, { body: text, from: OURS, to: person, price: "0.008" })
    await host.call("PATCH", "numbers/1", { json: { help_text: null } })
  })

  it("has a text that can be sent, and is the owner's to set", async () => {
    for (const help_text of ["", "x".repeat(1601), 5]) {
      const { body, status } = await host.call("PATCH", "numbers/1", { json: { help_text } })
      assert.deepStrictEqual([status, body.code, body.errors[0].path], [422, "validation_failed", "help_text"])
    }
    const { status } = await host.call("PATCH", "numbers/1", { key: TEST_KEY, json: { help_text: "mine" } })
    assert.strictEqual(status, 404)
  })
})

describe("the sandbox's recipients", () => {
  it("+15005550013 replies with the same text", async () => {
    const text = "long ".repeat(50)
    const { message } = (await host.send("+15005550013", text)).body
    await host.message(message.id, ({ status }) => status === "delivered")
    await until(async () => (await inboxOf("+15005550013")).length === 1)
    assert.deepInclude((await inboxOf("+15005550013"))[0], { body: text, to: OURS, segments: 2 })
  })

  it("+15005550015 replies STOP", async () => {
    const { message } = (await host.send("+15005550015")).body
    await host.message(message.id, ({ status }) => status === "delivered")
    await until(async () => (await host.send("+15005550015")).body.code === "opted_out")
    assert.strictEqual((await inboxOf("+15005550015"))[0].body, "STOP")
    const owner = caller(host, 1, TEST_KEY)
    assert.strictEqual((await owner.call("GET", "opt_outs")).body.opt_outs.length, 0)
  })
})
