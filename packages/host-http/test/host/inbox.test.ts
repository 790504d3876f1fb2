/** What a customer sees: the inbox and its pages, statistics, numbers, wallet, coverage; and nothing of anybody else. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { startHost, TEST_KEY, type TestHost } from "./startHost.ts"

let host: TestHost
const ids: Array<number> = []
beforeAll(async () => {
  host = await startHost()
  for (const to of ["+31612345671", "+31612345672", "+15005550009", "+31612345671", "+4915112345678"]) {
    ids.push((await host.send(to, `to ${to}`)).body.message.id)
  }
  const from4 = { from_number_id: 4, to: "+31612345671", body: "from the other number" }
  ids.push((await host.call("POST", "sms/send", { json: from4 })).body.message.id)
  for (const id of ids) await host.message(id, ({ status }) => status === "delivered" || status === "failed")
})
afterAll(() => host[Symbol.asyncDispose]())

const list = async (query: string, key?: string) =>
  (await host.call("GET", `sms?${query}`, key === undefined ? {} : { key })).body.messages.map(
    ({ id }: { id: number }) => id
  )

describe("the inbox", () => {
  it("shows the newest first", async () => {
    assert.deepStrictEqual(await list(""), ids.toReversed())
  })

  it("goes on where a page ended, without a gap or a repeat", async () => {
    const seen = []
    let cursor: string | null = ""
    while (cursor !== null) {
      const { body } = await host.call("GET", `sms?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`)
      assert.isAtMost(body.messages.length, 2)
      seen.push(...body.messages.map(({ id }: { id: number }) => id))
      cursor = body.next_cursor
    }
    assert.deepStrictEqual(seen, ids.toReversed())
  })

  it.each([
    ["number_id=4", [5]],
    ["status=failed", [2]],
    ["to=%2B31612345671", [5, 3, 0]],
    ["to=+31612345671", [5, 3, 0]],
    ["from=%2B18005550100", [5]],
    ["contact=%2B31612345671", [5, 3, 0]],
    ["contact=+31612345671&number_id=1&status=delivered&limit=1", [3]],
    ["contact=%2B18005550100", [5]],
    ["contact=%2B31612345671&direction=inbound", []],
    ["direction=outbound&limit=1", [5]],
    ["direction=inbound", []],
    ["status=delivered&to=%2B31612345671&number_id=1", [3, 0]],
    ["since=2000-01-01&until=2000-01-02", []],
    ["number_id=5", []]
  ])("filters by %s", async (query, expected) => {
    assert.deepStrictEqual(
      await list(query),
      expected.map((i) => ids[i])
    )
  })

  it.each([
    "limit=0",
    "limit=201",
    "limit=x",
    "direction=up",
    "status=lost",
    "cursor=abc",
    "number_id=-1",
    "since=soon",
    "to=x",
    "contact=x"
  ])("refuses %s", async (query) => {
    const { body, status } = await host.call("GET", `sms?${query}`)
    assert.strictEqual(status, 400)
    assert.strictEqual(body.code, "malformed_request")
  })

  it("counts today, this month and how many arrived", async () => {
    const { body } = await host.call("GET", "sms/stats")
    assert.deepStrictEqual(body.stats, {
      today: 6,
      this_month: 6,
      delivery_rate_30d: 5 / 6,
      delivered_30d: 5,
      failed_30d: 1
    })
    const other = await host.call("GET", "sms/stats?number_id=4")
    assert.deepStrictEqual(other.body.stats, {
      today: 1,
      this_month: 1,
      delivery_rate_30d: 1,
      delivered_30d: 1,
      failed_30d: 0
    })
  })
})

describe("the days", () => {
  it.each([
    ["", { messages: 6, delivered: 5, failed: 1 }],
    ["?number_id=4", { messages: 1, delivered: 1, failed: 0 }],
    ["?number_id=5", { messages: 0, delivered: 0, failed: 0 }]
  ])("are the last 30, and hold what was sent%s", async (query, expected) => {
    const { days } = (await host.call("GET", `sms/stats/daily${query}`)).body
    assert.lengthOf(days, 30)
    for (const [i, { date }] of days.slice(1).entries()) {
      assert.strictEqual(Date.parse(date) - Date.parse(days[i].date), 24 * 60 * 60 * 1000)
    }
    // Yesterday counts too: midnight may have passed since.
    for (const { date: _, ...counts } of days.slice(0, -2)) {
      assert.deepStrictEqual(counts, { messages: 0, delivered: 0, failed: 0 })
    }
    for (const [name, count] of Object.entries(expected)) {
      assert.strictEqual(days.at(-1)[name] + days.at(-2)[name], count, name)
    }
  })
})

describe("another account", () => {
  it("has its own messages, numbers and money", async () => {
    assert.deepStrictEqual(await list("", TEST_KEY), [])
    const { body } = await host.call("GET", "wallet", { key: TEST_KEY })
    assert.deepStrictEqual(body.wallet, { balance: "25", currency: "EUR", low_balance_threshold: "5" })
  })

  it.each([() => `sms/${ids[0]}`, () => "numbers/1"])("does not exist for whoever asks for it (%#)", async (path) => {
    assert.strictEqual((await host.call("GET", path())).status, 200)
    const { body, status } = await host.call("GET", path(), { key: TEST_KEY })
    assert.strictEqual(status, 404)
    assert.strictEqual(body.code, "not_found")
  })

  it("cannot be sent from", async () => {
    const json = { from_number_id: 1, to: "+31612345678", body: "x" }
    const { body, status } = await host.call("POST", "sms/send", { key: TEST_KEY, json })
    assert.strictEqual(status, 404)
    assert.strictEqual(body.code, "not_found")
  })
})

describe("the demo", () => {
  it("has four numbers, and two that send", async () => {
    const { body } = await host.call("GET", "numbers")
    const rows = body.numbers.map((one: { [name: string]: unknown; sms: { enabled: boolean } }) => [
      one["id"],
      one["number"],
      one["country"],
      one["type"],
      one["status"],
      one.sms.enabled
    ])
    assert.deepStrictEqual(rows, [
      [1, "+31201234567", "NL", "local", "active", true],
      [2, "+31612340001", "NL", "mobile", "active", false],
      [3, "+493012345678", "DE", "local", "pending_verification", false],
      [4, "+18005550100", "US", "toll_free", "active", true]
    ])
    const sending = await host.call("GET", "sms/numbers")
    assert.deepStrictEqual(
      sending.body.numbers.map(({ id }: { id: number }) => id),
      [1, 4]
    )
  })

  it("shows a number in full", async () => {
    const { body } = await host.call("GET", "numbers/1")
    const {
      sms: { paid_until, ...sms },
      ...rest
    } = body.number
    assert.match(paid_until, /^\d{4}-\d\d-\d\dT.*\.\d{6}Z$/)
    assert.deepStrictEqual(rest, {
      id: 1,
      number: "+31201234567",
      country: "NL",
      type: "local",
      status: "active",
      monthly_price: "1",
      currency: "EUR",
      messaging_profile: { assigned: true, inbound_hook: "configured", last_inbound_at: null },
      help_text: null
    })
    assert.deepStrictEqual(sms, {
      available: true,
      enabled: true,
      state: "on",
      monthly_price: "0.75",
      currency: "EUR"
    })
  })

  it("covers more than 40 countries, the seven of the product page as it says", async () => {
    const { body } = await host.call("GET", "coverage", { key: null })
    assert.isAtLeast(body.countries.length, 45)
    const row = (country: string) => body.countries.find((one: { country: string }) => one.country === country)
    for (const [country, toll_free] of Object.entries({
      US: true,
      GB: true,
      NL: true,
      CA: true,
      DE: false,
      FR: false,
      AU: false
    })) {
      const { local, mobile, name, ...rest } = row(country)
      assert.isNotEmpty(name)
      assert.isTrue(local && mobile, country)
      assert.deepStrictEqual(rest, {
        country,
        toll_free,
        sms_monthly: "0.75",
        outbound_segment: "0.008",
        currency: "EUR"
      })
    }
  })
})
