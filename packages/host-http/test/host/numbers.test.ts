/** The SMS toggle of a number: what it costs, when it is refused, and what is left as it was. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { assertRefused, type Customer, openCustomer, withAdmin } from "./customer.ts"
import { startHost, type TestHost } from "./startHost.ts"

let host: TestHost
beforeAll(async () => {
  host = await startHost(withAdmin)
})
afterAll(() => host[Symbol.asyncDispose]())

/** Mobile numbers of the Netherlands, each handed out once. */
let used = 0
const freshNumber = () => `+316${String(30_000_000 + ++used)}`

const open = async (money?: string) => {
  const customer = await openCustomer(host, money)
  const number = await customer.addNumber("NL", "mobile", freshNumber())
  return { customer, number, turn: (enabled: boolean) => toggle(customer, number.id, enabled) }
}

const toggle = (customer: Customer, id: number, enabled: boolean) =>
  customer.call("PUT", `numbers/${id}/sms`, { enabled })

const eventsOf = async ({ id }: Customer) =>
  (await host.query(`SELECT type FROM sms.account_events WHERE account_id = ${id} ORDER BY event_id`)).map(
    ({ type }) => type
  )

/** All that a refusal must leave alone. */
const state = async (customer: Customer) => ({
  numbers: (await customer.call("GET", "numbers")).body.numbers,
  balance: await customer.balance(),
  entries: await customer.entries(),
  events: await eventsOf(customer)
})

const MONTH_MILLIS = [28, 31].map((days) => days * 24 * 60 * 60 * 1000)

describe("switching SMS on", () => {
  it("charges a month once, and the number can send", async () => {
    const { customer, number, turn } = await open()
    const before = Date.now()
    const { body, status } = await turn(true)
    assert.deepStrictEqual(
      [status, body.success, body.number.sms.state, body.number.sms.enabled],
      [200, true, "on", true]
    )
    const paidFor = Date.parse(body.number.sms.paid_until) - before
    assert.isTrue(paidFor >= (MONTH_MILLIS[0] ?? 0) && paidFor <= (MONTH_MILLIS[1] ?? 0) + 60_000, String(paidFor))
    assert.strictEqual(await customer.balance(), "24.25")

    const again = await turn(true)
    assert.deepStrictEqual([again.status, again.body], [200, body])
    assert.strictEqual(await customer.balance(), "24.25")
    const [fee, opening] = await customer.entries()
    assert.deepStrictEqual(
      [fee.kind, fee.amount, fee.balance_after, opening.kind],
      ["addon_fee", "-0.75", "24.25", "top_up"]
    )
    assert.match(fee.reference, new RegExp(`^number:${number.id}:sms:`))
    assert.deepStrictEqual((await customer.call("GET", `numbers/${number.id}`)).body.number, body.number)
    assert.deepStrictEqual((await customer.call("GET", "sms/numbers")).body.numbers, [body.number])
    assert.deepStrictEqual(await eventsOf(customer), ["number.sms_enabled"])
  })

  it("charges once however many ask at the same time", async () => {
    const { customer, turn } = await open()
    const answers = await Promise.all(Array.from({ length: 20 }, () => turn(true)))
    for (const { body, status } of answers) assert.deepStrictEqual([status, body.number.sms.state], [200, "on"])
    assert.strictEqual(await customer.balance(), "24.25")
    assert.deepStrictEqual(await eventsOf(customer), ["number.sms_enabled"])
  })

  it("and off and on again within the month costs nothing more", async () => {
    const { customer, number, turn } = await open()
    const { paid_until } = (await turn(true)).body.number.sms
    const off = await turn(false)
    assert.deepStrictEqual(
      [off.status, off.body.number.sms.state, off.body.number.sms.enabled, off.body.number.sms.paid_until],
      [200, "off", false, paid_until]
    )
    const send = { from_number_id: number.id, to: "+31612345678", body: "Hello" }
    assert.strictEqual((await customer.call("POST", "sms/send", send)).body.code, "sms_not_enabled")
    assert.strictEqual((await turn(false)).status, 200)

    const on = await turn(true)
    assert.deepStrictEqual([on.body.number.sms.state, on.body.number.sms.paid_until], ["on", paid_until])
    assert.strictEqual(await customer.balance(), "24.25")
    assert.strictEqual((await customer.call("POST", "sms/send", send)).status, 201)
    assert.deepStrictEqual(await eventsOf(customer), [
      "number.sms_enabled",
      "number.sms_disabled",
      "number.sms_enabled"
    ])
  })

  it("is paid by a wallet that holds the price exactly", async () => {
    const { customer, turn } = await open("0.75")
    assert.strictEqual((await turn(true)).status, 200)
    assert.strictEqual(await customer.balance(), "0")
  })

  it("tells an owner once whose balance falls below the threshold", async () => {
    const { customer, turn } = await open("5.50")
    assert.strictEqual((await customer.call("GET", "wallet")).body.wallet.low_balance_threshold, "5")
    await turn(true)
    const more = await customer.addNumber("NL", "mobile", freshNumber())
    await toggle(customer, more.id, true)
    assert.sameMembers(await eventsOf(customer), ["number.sms_enabled", "wallet.low_balance", "number.sms_enabled"])
  })
})

describe("switching SMS on is refused, and changes nothing,", () => {
  const refused = async (
    customer: Customer,
    id: number,
    expected: readonly [number, string, string],
    detail: string
  ) => {
    const before = await state(customer)
    const answer = await toggle(customer, id, true)
    assertRefused(answer, expected)
    assert.strictEqual(answer.body.detail, detail)
    assert.deepStrictEqual(await state(customer), before)
  }

  it("without the money for it", async () => {
    const { customer, number } = await open("0.10")
    await refused(
      customer,
      number.id,
      [402, "insufficient_balance", "Insufficient wallet balance"],
      "The add-on costs EUR 0.75 a month, the wallet holds EUR 0.10."
    )
  })

  it("on a toll-free number in Germany", async () => {
    const { customer } = await open()
    const number = await customer.addNumber("DE", "toll_free", "+498001234567")
    await refused(
      customer,
      number.id,
      [422, "sms_unavailable", "SMS not available for this number type"],
      "SMS is not available for +498001234567: numbers of its type in its country cannot do it."
    )
  })

  it.each(["provisioning", "pending_verification", "suspended"])("on a number that is %s", async (status) => {
    const { customer } = await open()
    const number = await customer.addNumber("NL", "mobile", freshNumber(), status)
    await refused(
      customer,
      number.id,
      [409, "number_not_active", "Number must be active to enable SMS"],
      `${number.number} is ${status}; SMS can be enabled once it is active.`
    )
    assert.strictEqual((await toggle(customer, number.id, false)).status, 200)
  })

  it("on a number of somebody else, which is like one of nobody", async () => {
    const { customer } = await open()
    const other = await open()
    const before = await state(other.customer)
    for (const id of [other.number.id, 999_999]) {
      for (const enabled of [true, false]) {
        const answer = await toggle(customer, id, enabled)
        assertRefused(answer, [404, "not_found", "Not found"])
        assert.strictEqual(answer.body.detail, `There is no number ${id} in this account.`)
      }
    }
    assert.deepStrictEqual(await state(other.customer), before)
  })
})
