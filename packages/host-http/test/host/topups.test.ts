/** Top-ups: money in, once for each payment, where the host takes payments at all. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { assertRefused, type Caller, openCustomer, withAdmin } from "./customer.ts"
import { startHost, type TestHost } from "./startHost.ts"

let host: TestHost
beforeAll(async () => {
  host = await startHost(withAdmin)
})
afterAll(() => host[Symbol.asyncDispose]())

/** Amounts that the sandbox's payments end otherwise with. */
const DECLINED = "4000.02"
const PENDING_AT_FIRST = "4000.03"

const topUp = (customer: Caller, amount: unknown, key?: string) =>
  customer.call("POST", "wallet/top_ups", { amount }, key === undefined ? {} : { "idempotency-key": key })

describe("a top-up", () => {
  it("is on the wallet when it is answered", async () => {
    const customer = await openCustomer(host, "0")
    const { body, status } = await topUp(customer, "25.00")
    assert.deepStrictEqual([status, body], [201, { success: true, wallet: { balance: "25", currency: "EUR" } }])
    assert.strictEqual(await customer.balance(), "25")
    assert.strictEqual((await topUp(customer, "0.000001")).body.wallet.balance, "25.000001")
    const [last, first] = await customer.entries()
    assert.deepStrictEqual([last.kind, last.amount, first.kind, first.amount], ["top_up", "0.000001", "top_up", "25"])
    assert.match(first.reference, /^top_up:\d+$/)
  })

  it("is booked once for its Idempotency-Key, and its repetition is told what the first was", async () => {
    const customer = await openCustomer(host, "0")
    const first = await topUp(customer, "10", "pay-1")
    await topUp(customer, "5")
    const again = await topUp(customer, "10.0", "pay-1")
    assert.deepStrictEqual([again.status, again.body], [201, first.body])
    assert.deepStrictEqual(
      [first, again].map(({ headers }) => headers.get("idempotent-replayed")),
      [null, "true"]
    )
    assert.strictEqual((await topUp(customer, "11", "pay-1")).body.code, "idempotency_mismatch")
    assert.strictEqual(await customer.balance(), "15")
  })

  it("that is sent by many at once under one key is booked once", async () => {
    const customer = await openCustomer(host, "0")
    const answers = await Promise.all(Array.from({ length: 10 }, () => topUp(customer, "10", "pay-1")))
    for (const { body, status } of answers) {
      if (status === 201) assert.strictEqual(body.wallet.balance, "10")
      else assert.deepStrictEqual([status, body.code], [409, "idempotency_in_progress"])
    }
    assert.strictEqual(await customer.balance(), "10")
  })

  it("that is declined is 402 and books nothing, however often it is sent", async () => {
    const customer = await openCustomer(host, "0")
    for (let i = 0; i < 2; i++) {
      const answer = await topUp(customer, DECLINED, "pay-1")
      assertRefused(answer, [402, "payment_declined", "Payment declined"])
      assert.strictEqual(answer.body.detail, "The payment was declined: card_declined.")
    }
    assert.deepStrictEqual(await customer.entries(), [])
  })

  it("whose outcome is open is 503, and booked once it is known", async () => {
    const customer = await openCustomer(host, "0")
    const open = await topUp(customer, PENDING_AT_FIRST, "pay-1")
    assertRefused(open, [503, "unavailable", "Temporarily unavailable"])
    assert.match(open.headers.get("retry-after") ?? "", /^[1-9]\d*$/)
    assert.match(open.body.detail, /booked once it is paid/)
    assert.deepStrictEqual(await customer.entries(), [])

    const known = await topUp(customer, PENDING_AT_FIRST, "pay-1")
    assert.deepStrictEqual([known.status, known.body.wallet.balance], [201, "4000.03"])
    await topUp(customer, PENDING_AT_FIRST, "pay-1")
    assert.strictEqual((await customer.entries()).length, 1)
  })

  it("whose client does not come back is booked all the same", async () => {
    const customer = await openCustomer(host, "0")
    assert.strictEqual((await topUp(customer, PENDING_AT_FIRST)).status, 503)
    // As if a minute had passed.
    await host.query(`UPDATE sms.top_ups SET due_at = now() WHERE account_id = ${customer.id}`)
    const deadline = Date.now() + 30_000
    while ((await customer.balance()) !== "4000.03") {
      assert.isBelow(Date.now(), deadline)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  })

  it("of a number is refused with the advice to write a string", async () => {
    const customer = await openCustomer(host, "0")
    const { body, status } = await topUp(customer, 25)
    assert.deepStrictEqual(
      [status, body.errors],
      [422, [{ path: "amount", message: 'must be a decimal string with at most six decimals, such as "25.00"' }]]
    )
  })

  it("brings back an add-on that stayed unpaid", async () => {
    const customer = await openCustomer(host, "0.75")
    const number = await customer.addNumber("NL", "mobile", "+31640000001")
    await customer.call("PUT", `numbers/${number.id}/sms`, { enabled: true })
    // A month later, with an empty wallet.
    await host.query(`
      UPDATE sms.numbers SET sms_paid_until = now() - interval '1 minute', sms_due_at = now() - interval '1 minute',
        sms_anchor = now() - interval '1 month' - interval '1 minute'
      WHERE number_id = ${number.id}
    `)
    const becomes = async (state: string) => {
      const deadline = Date.now() + 60_000
      for (;;) {
        const { sms } = (await customer.call("GET", `numbers/${number.id}`)).body.number
        if (sms.state === state && (state !== "on" || Date.parse(sms.paid_until) > Date.now())) return
        assert.isBelow(Date.now(), deadline, JSON.stringify(sms))
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
    await becomes("past_due")
    await topUp(customer, "10")
    await becomes("on")
    assert.strictEqual(await customer.balance(), "9.25")
  })
})

describe("a host that is no demo", () => {
  it("takes no payments of live accounts, but play money of test accounts", async () => {
    await using real = await startHost({ ...withAdmin, demo: false })
    const customer = await openCustomer(real, "1")
    const answer = await topUp(customer, "25")
    assertRefused(answer, [403, "forbidden", "Forbidden"])
    assert.strictEqual(await customer.balance(), "1")
    const before = Number(await customer.test.balance())
    assert.strictEqual(Number((await topUp(customer.test, "25")).body.wallet.balance), before + 25)
  })
})
