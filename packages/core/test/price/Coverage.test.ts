import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { EUR, money } from "../../src/Money.ts"
import { CountryCode } from "../../src/PhoneNumber.ts"
import {
  type CountryCoverage,
  Coverage,
  coverageTable,
  isSmsAvailable,
  needsVerification,
  numberMonthlyPrice,
  smsMonthlyPrice
} from "../../src/price/Coverage.ts"

const DE = CountryCode.make("DE")
const FR = CountryCode.make("FR")

const germany: CountryCoverage = {
  country: DE,
  name: "Germany",
  sms: { local: true, mobile: true, toll_free: false },
  needsVerification: { local: true, mobile: false, toll_free: false },
  smsMonthly: money(750_000n, EUR),
  numberMonthly: money(1_000_000n, EUR),
  outboundSegment: money(8_000n, EUR)
}
const table = coverageTable([germany])

describe("where SMS is available", () => {
  it("has an add-on price, and a number its own", () => {
    assert.isTrue(isSmsAvailable(table, DE, "mobile"))
    assert.deepStrictEqual(smsMonthlyPrice(table, DE, "mobile"), money(750_000n, EUR))
    assert.deepStrictEqual(numberMonthlyPrice(table, DE), money(1_000_000n, EUR))
  })

  it("is not every type: there is then no price, rather than a price of zero", () => {
    assert.isFalse(isSmsAvailable(table, DE, "toll_free"))
    assert.isNull(smsMonthlyPrice(table, DE, "toll_free"))
    assert.deepStrictEqual(numberMonthlyPrice(table, DE), money(1_000_000n, EUR))
  })

  it("is not a country that is not listed", () => {
    assert.isFalse(isSmsAvailable(table, FR, "mobile"))
    assert.isNull(smsMonthlyPrice(table, FR, "mobile"))
    assert.isNull(numberMonthlyPrice(table, FR))
  })
})

it("a type of number needs papers where the table says so, and nowhere else", () => {
  assert.isTrue(needsVerification(table, DE, "local"))
  assert.isFalse(needsVerification(table, DE, "mobile"))
  assert.isFalse(needsVerification(table, FR, "local"))
})

it("the port gives the rows in the order in which they are listed", async () => {
  const rows = [germany, { ...germany, country: FR, name: "France" }]
  const found = await Effect.runPromise(Coverage.pipe(Effect.provide(Coverage.layer(rows))))
  assert.deepStrictEqual([...found.values()], rows)
})
