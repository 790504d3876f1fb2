/** Ordering numbers: what is offered, what it costs, and that an order is carried out whole or not at all. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { assertRefused, type Caller, type Customer, openCustomer, withAdmin } from "./customer.ts"
import { type Answer, startHost, type TestHost } from "./startHost.ts"

let host: TestHost
beforeAll(async () => {
  host = await startHost(withAdmin)
})
afterAll(() => host[Symbol.asyncDispose]())

const offers = async (customer: Caller, query = "country=NL&type=mobile"): Promise<ReadonlyArray<Answer["body"]>> => {
  const { body, status } = await customer.call("GET", `numbers/available?${query}`)
  assert.strictEqual(status, 200)
  return body.numbers
}

/** The first numbers that are offered. */
const free = async (customer: Caller, count: number, query?: string): Promise<ReadonlyArray<string>> => {
  const numbers = (await offers(customer, query)).slice(0, count).map(({ number }) => number)
  assert.strictEqual(numbers.length, count)
  return numbers
}

interface Item {
  readonly number: string | undefined
  readonly sms?: boolean
}

const order = (customer: Caller, items: ReadonlyArray<Item>, headers?: Record<string, string>) =>
  customer.call("POST", "numbers/orders", { items }, headers)

const state = async (customer: Customer) => ({
  numbers: (await customer.call("GET", "numbers")).body.numbers,
  balance: await customer.balance(),
  entries: await customer.entries(),
  orders: await host.query(`SELECT order_id FROM sms.orders WHERE account_id = ${customer.id}`)
})

const refused = async (customer: Customer, items: ReadonlyArray<Item>, expected: readonly [number, string, string]) => {
  const before = await state(customer)
  const answer = await order(customer, items)
  assertRefused(answer, expected)
  assert.deepStrictEqual(await state(customer), before)
  return answer.body
}

describe("numbers that can be ordered", () => {
  it("are of the country and type that is asked for, with what they cost", async () => {
    const customer = await openCustomer(host)
    const found = await offers(customer, "country=NL&type=local&limit=3")
    assert.strictEqual(found.length, 3)
    for (const { number, ...offer } of found) {
      assert.match(number, /^\+31\d{9}$/)
      assert.deepStrictEqual(offer, {
        country: "NL",
        type: "local",
        monthly_price: "1",
        currency: "EUR",
        sms: { available: true, monthly_price: "0.75", currency: "EUR" },
        status: "active"
      })
    }
    const [german] = await offers(customer, "country=DE&type=toll_free&limit=1")
    assert.deepStrictEqual([german.sms.available, german.status], [false, "pending_verification"])
  })

  it("are 50 unless it is said how many, of every country if none is named, and none twice", async () => {
    const customer = await openCustomer(host)
    assert.strictEqual((await offers(customer, "")).length, 50)
    const many = await offers(customer, "limit=200")
    assert.strictEqual(many.length, 200)
    assert.strictEqual(new Set(many.map(({ number }) => number)).size, 200)
    assert.isAtLeast(new Set(many.map(({ country }) => country)).size, 10)
  })

  it("are others for test accounts, which cannot order those of live ones", async () => {
    const customer = await openCustomer(host)
    const live = new Set(await free(customer, 50))
    for (const number of await free(customer.test, 50)) assert.isFalse(live.has(number))
    const [number] = live
    assertRefused(await order(customer.test, [{ number }]), [409, "number_taken", "Number is no longer available"])
    assert.strictEqual((await order(customer, [{ number }])).status, 201)
  })
})

describe("an order", () => {
  it("gives the numbers in its order and charges them with their add-ons", async () => {
    const customer = await openCustomer(host)
    const [first, second] = await free(customer, 2)
    const { body, headers, status } = await order(customer, [{ number: second, sms: true }, { number: first }])
    assert.strictEqual(status, 201, JSON.stringify(body))
    assert.isNull(headers.get("idempotent-replayed"))
    const { id, ...rest } = body.order
    assert.isTrue(Number.isInteger(id))
    assert.deepStrictEqual(rest, { total: "2.75", currency: "EUR" })
    assert.deepStrictEqual(
      body.numbers.map((one: Answer["body"]) => [one.number, one.status, one.sms.state, one.sms.enabled]),
      [
        [second, "active", "on", true],
        [first, "active", "off", false]
      ]
    )
    assert.strictEqual(await customer.balance(), "22.25")
    assert.sameMembers(
      (await customer.entries()).map(({ kind }) => kind),
      ["addon_fee", "number_fee", "number_fee", "top_up"]
    )
    const { numbers } = (await customer.call("GET", "numbers")).body
    assert.sameDeepMembers(numbers, body.numbers)
    for (const { number } of await offers(customer, "country=NL&type=mobile&limit=200")) {
      assert.notInclude([first, second], number)
    }
    const send = { from_number_id: body.numbers[0].id, to: "+31612345678", body: "Hello" }
    assert.strictEqual((await customer.call("POST", "sms/send", send)).status, 201)
    const [row] = await host.query(`SELECT confirmed_at FROM sms.orders WHERE account_id = ${customer.id}`)
    assert.isNotNull(row?.["confirmed_at"])
  })

  it("of a number that needs papers begins pending, its month paid", async () => {
    const customer = await openCustomer(host)
    const [number] = await free(customer, 1, "country=DE&type=local")
    const { body } = await order(customer, [{ number, sms: true }])
    assert.deepStrictEqual([body.order.total, body.numbers[0].status], ["1.75", "pending_verification"])
    assert.strictEqual(await customer.balance(), "23.25")
    const send = { from_number_id: body.numbers[0].id, to: "+31612345678", body: "Hello" }
    assert.strictEqual((await customer.call("POST", "sms/send", send)).status, 409)
  })

  it("is repeated by its Idempotency-Key, and charged once", async () => {
    const customer = await openCustomer(host)
    const [first, second] = await free(customer, 2)
    const headers = { "idempotency-key": "order-1" }
    const one = await order(customer, [{ number: first }], headers)
    const again = await order(customer, [{ number: first, sms: false }], headers)
    assert.deepStrictEqual([again.status, again.body], [201, one.body])
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    assertRefused(await order(customer, [{ number: second }], headers), [
      422,
      "idempotency_mismatch",
      "Idempotency key reused with another request"
    ])
    assert.strictEqual(await customer.balance(), "24")
    assert.strictEqual((await customer.call("GET", "numbers")).body.numbers.length, 1)
  })

  it("that is sent by many at once under one key is one order", async () => {
    const customer = await openCustomer(host)
    const [number] = await free(customer, 1)
    const headers = { "idempotency-key": "order-1" }
    const answers = await Promise.all(Array.from({ length: 10 }, () => order(customer, [{ number }], headers)))
    const ids = answers.flatMap(({ body, status }) => (status === 201 ? [body.order.id] : []))
    assert.isAtLeast(ids.length, 1)
    assert.strictEqual(new Set(ids).size, 1)
    for (const { body, status } of answers) {
      if (status !== 201) assert.deepStrictEqual([status, body.code], [409, "idempotency_in_progress"])
    }
    assert.strictEqual(await customer.balance(), "24")
  })

  it("goes to one of those who want the same number, and the others are charged nothing", async () => {
    const customers = await Promise.all(Array.from({ length: 6 }, () => openCustomer(host)))
    const [wanted, ...others] = await free(customers[0] ?? assert.fail(), customers.length + 1)
    const answers = await Promise.all(
      customers.map((customer, i) => order(customer, [{ number: others[i] }, { number: wanted, sms: true }]))
    )
    assert.strictEqual(answers.filter(({ status }) => status === 201).length, 1)
    for (const [i, { body, status }] of answers.entries()) {
      if (status !== 201) {
        assert.deepStrictEqual([status, body.code], [409, "number_taken"])
        assert.strictEqual(body.detail, `${wanted} is no longer available. Nothing was ordered.`)
      }
      assert.strictEqual(await customers[i]?.balance(), status === 201 ? "22.25" : "25")
    }
  })

  it("whose Idempotency-Key came to nothing can be sent again under it", async () => {
    const customer = await openCustomer(host, "0.50")
    const [number] = await free(customer, 1)
    const headers = { "idempotency-key": "order-1" }
    assert.strictEqual((await order(customer, [{ number }], headers)).status, 402)
    assert.strictEqual((await customer.call("POST", "wallet/top_ups", { amount: "1" })).status, 201)
    assert.strictEqual((await order(customer, [{ number }], headers)).status, 201)
    assert.strictEqual(await customer.balance(), "0.5")
  })
})

describe("an order is refused, and nothing of it is carried out,", () => {
  it("without the money for all of it", async () => {
    const customer = await openCustomer(host, "1")
    const [number] = await free(customer, 1)
    const body = await refused(
      customer,
      [{ number, sms: true }],
      [402, "insufficient_balance", "Insufficient wallet balance"]
    )
    assert.strictEqual(body.detail, "The order costs EUR 1.75, the wallet holds EUR 1.00.")
    assert.strictEqual((await order(customer, [{ number }])).status, 201)
  })

  it("with a number that somebody has", async () => {
    const customer = await openCustomer(host)
    const [number] = await free(customer, 1)
    for (const taken of ["+31201234567", "+31612345678"]) {
      const body = await refused(
        customer,
        [{ number }, { number: taken }],
        [409, "number_taken", "Number is no longer available"]
      )
      assert.include(body.detail, taken)
    }
    assert.include(await free(customer, 50), number ?? "")
  })

  it("with SMS for a number that cannot do it", async () => {
    const customer = await openCustomer(host)
    const [number] = await free(customer, 1)
    const [tollFree] = await free(customer, 1, "country=DE&type=toll_free")
    const items = [{ number }, { number: tollFree, sms: true }]
    const body = await refused(customer, items, [422, "sms_unavailable", "SMS not available for this number type"])
    assert.include(body.detail, tollFree ?? "")
    assert.strictEqual((await order(customer, [{ number: tollFree }])).status, 201)
  })

  it("with a number twice", async () => {
    const customer = await openCustomer(host)
    const [first, second] = await free(customer, 2)
    const items = [{ number: first }, { number: second }, { number: first, sms: true }]
    const body = await refused(customer, items, [422, "validation_failed", "The request is not valid"])
    assert.deepStrictEqual(body.errors, [{ path: "items.2.number", message: "is in the order already" }])
  })
})
