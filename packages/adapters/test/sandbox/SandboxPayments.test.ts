import { AccountId, Currency, money, type Payment } from "@cliqtel/sms-core"
import { Effect } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { makeSandboxPayments } from "../../src/sandbox/index.ts"

const payment = (micros: bigint, reference: string, currency = "EUR"): Payment => ({
  accountId: AccountId.make(1),
  mode: "test",
  amount: money(micros, Currency.make(currency)),
  reference
})
const DECLINED = 4_000_020_000n
const PENDING = 4_000_030_000n

const provider = (live = false) => {
  const { collect, offers } = makeSandboxPayments({ live })
  return { offers, collect: (asked: Payment) => Effect.runSync(collect(asked)) }
}

it("test accounts always have play money, live ones where the host says so", () => {
  const offered = (live: boolean) => (["live", "test"] as const).map(provider(live).offers)
  assert.deepStrictEqual(offered(false), [false, true])
  assert.deepStrictEqual(offered(true), [true, true])
})

describe("a payment", () => {
  it("is paid at once, and again when asked again, whatever else is asked", () => {
    const amount = fc
      .bigInt({ min: 1n, max: 10_000_000_000n })
      .filter((micros) => micros !== DECLINED && micros !== PENDING)
    const { collect } = provider()
    fc.assert(
      fc.property(amount, fc.constantFrom("1.1", "1.2"), (micros, reference) => {
        assert.deepStrictEqual(collect(payment(micros, reference)), { _tag: "Paid" })
      })
    )
  })

  it("of 4000.02 is declined, each time and in any currency", () => {
    const { collect } = provider()
    for (const currency of ["EUR", "EUR", "USD"]) {
      const outcome = collect(payment(DECLINED, "1.1", currency))
      assert.deepStrictEqual(outcome, { _tag: "Declined", reason: "card_declined" })
    }
  })

  it("of 4000.03 is pending at first and then paid for good, each by its own reference", () => {
    const { collect } = provider()
    const outcomes = ["1.1", "1.2", "1.1", "1.1", "1.2"].map((reference) => collect(payment(PENDING, reference))._tag)
    assert.deepStrictEqual(outcomes, ["Pending", "Pending", "Paid", "Paid", "Paid"])
  })
})
