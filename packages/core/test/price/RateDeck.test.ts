import { Effect, Result } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { EUR, Micros, money, type Money } from "../../src/Money.ts"
import { CountryCode, type Destination, parseDestination } from "../../src/PhoneNumber.ts"
import {
  DialPrefix,
  makeDeck,
  rateFor,
  rateForCountry,
  RateDeck,
  type Rates,
  type Tariff
} from "../../src/price/RateDeck.ts"

const to = (number: string): Destination => Result.getOrThrow(parseDestination(number))
const tariff = (micros: bigint | "off"): Tariff => (micros === "off" ? micros : Micros.make(micros))

const rates = (
  everyCountry: bigint | null,
  countries: Record<string, bigint | "off"> = {},
  prefixes: Record<string, bigint | "off"> = {}
): Rates => ({
  currency: EUR,
  everyCountry: everyCountry === null ? null : Micros.make(everyCountry),
  countries: new Map(Object.entries(countries).map(([code, price]) => [CountryCode.make(code), tariff(price)])),
  prefixes: new Map(Object.entries(prefixes).map(([prefix, price]) => [DialPrefix.make(prefix), tariff(price)]))
})

const price = (all: Rates, number: string): bigint | null => rateFor(makeDeck(all), to(number))?.micros ?? null

describe("the price of a segment", () => {
  it("is that of all countries, unless something more specific is listed", () => {
    assert.strictEqual(price(rates(8n), "+31612345678"), 8n)
    assert.strictEqual(price(rates(8n, { NL: 9n }), "+31612345678"), 9n)
    assert.strictEqual(price(rates(8n, { NL: 9n }), "+4915123456789"), 8n)
    assert.strictEqual(price(rates(8n, { NL: 9n }, { "316": 10n }), "+31612345678"), 10n)
    assert.strictEqual(price(rates(8n, { NL: 9n }, { "316": 10n, "31612": 11n }), "+31612345678"), 11n)
    assert.strictEqual(price(rates(8n, { NL: 9n }, { "316": 10n, "31612": 11n }), "+31201234567"), 9n)
  })

  it("may be zero where zero is what is listed", () => assert.strictEqual(price(rates(0n), "+31612345678"), 0n))
})

describe("there is no price", () => {
  it("for a country that is off", () => assert.isNull(price(rates(8n, { NL: "off" }), "+31612345678")))

  it("for what is not listed where there is no price of all countries", () => {
    assert.isNull(price(rates(null), "+31612345678"))
    assert.strictEqual(price(rates(null, { NL: 9n }), "+31612345678"), 9n)
  })

  it("for a premium prefix, in a country that has a price", () => {
    const all = rates(8n, { US: 7n }, { "1900": "off" })
    assert.isNull(price(all, "+19005550123"))
    assert.strictEqual(price(all, "+14155550123"), 7n)
  })

  it("for a number of no country, unless its prefix is listed", () => {
    assert.isNull(price(rates(8n), "+88216123456"))
    assert.strictEqual(price(rates(8n, {}, { "88216": 2_000_000n }), "+88216123456"), 2_000_000n)
    assert.isNull(price(rates(8n, {}, { "88216": 2_000_000n }), "+883510012345"))
  })
})

describe("a country and a prefix", () => {
  it("a prefix within the country is more specific: it opens a range of a country that is off", () => {
    const all = rates(8n, { NL: "off" }, { "316": 9n })
    assert.strictEqual(price(all, "+31612345678"), 9n)
    assert.isNull(price(all, "+31201234567"))
  })

  it("a price for a whole calling code does not open a country of it that is off", () => {
    const all = rates(8n, { JM: "off" }, { "1": 5n })
    assert.isNull(price(all, "+18765550123"))
    assert.strictEqual(price(all, "+14155550123"), 5n)
    assert.strictEqual(price(all, "+14165550123"), 5n)
  })

  it("a calling code that is off leaves the countries of it that have a price", () => {
    const all = rates(8n, { US: 7n }, { "1": "off" })
    assert.strictEqual(price(all, "+14155550123"), 7n)
    assert.isNull(price(all, "+18765550123"))
  })
})

it("a country at large costs what its numbers do that no prefix within it singles out", () => {
  const atLarge = (all: Rates, code: string) => rateForCountry(makeDeck(all), CountryCode.make(code))?.micros ?? null
  const all = rates(8n, { NL: 9n, JM: "off" }, { "316": 10n, "1": 5n, "1415": 6n, "46": "off" })
  assert.deepStrictEqual(
    ["FR", "NL", "US", "JM", "SE"].map((code) => atLarge(all, code)),
    [8n, 9n, 5n, null, null]
  )
})

describe("against a naive deck that reads every entry", () => {
  const callingCode = (number: string): string =>
    ["1", "31", "44", "49", "599", "882", "39", "7"].find((code) => number.startsWith(`+${code}`)) ?? ""

  const naive = (all: Rates, { country, number }: Destination): Tariff | null => {
    const matching = [...all.prefixes].filter(([prefix]) => number.startsWith(`+${prefix}`))
    const [longest] = matching.sort(([a], [b]) => b.length - a.length)
    const ofCountry = [...all.countries].find(([code]) => code === country)
    if (longest && longest[0].length > callingCode(number).length) return longest[1]
    if (ofCountry) return ofCountry[1]
    if (longest) return longest[1]
    return country === null ? null : all.everyCountry
  }

  const destination = fc
    .constantFrom(
      "+14155550123",
      "+18765550123",
      "+18005550100",
      "+31612345678",
      "+31201234567",
      "+447400123456",
      "+447781123456",
      "+4915123456789",
      "+493012345678",
      "+59995123456",
      "+5993181234",
      "+88216123456",
      "+390612345678",
      "+77011234567"
    )
    .map(to)
  const price = fc.oneof(fc.constant<"off">("off"), fc.bigInt({ min: 0n, max: 9_999n })).map(tariff)
  const country = fc
    .constantFrom("US", "JM", "NL", "GB", "GG", "DE", "CW", "BQ", "IT", "KZ", "RU")
    .map((code) => CountryCode.make(code))
  /** Beginnings of the destinations, some with their last digit changed. */
  const prefix = fc
    .tuple(destination, fc.integer({ min: 1, max: 12 }), fc.boolean())
    .map(([{ number }, length, change]) => {
      const digits = number.slice(1, 1 + length)
      return DialPrefix.make(
        change && length > 1 ? `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}` : digits
      )
    })
  const deck = fc.record({
    currency: fc.constant(EUR),
    everyCountry: fc.option(fc.bigInt({ min: 0n, max: 9_999n }).map((micros) => Micros.make(micros))),
    countries: fc.array(fc.tuple(country, price), { maxLength: 6 }).map((entries) => new Map(entries)),
    prefixes: fc.array(fc.tuple(prefix, price), { maxLength: 30 }).map((entries) => new Map(entries))
  })

  it("finds the same price", () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(deck, destination, (all, one) => {
        const expected = naive(all, one)
        const found = rateFor(makeDeck(all), one)
        assert.strictEqual(found?.micros ?? null, expected === "off" ? null : expected)
        seen.add(expected === null ? "none" : expected === "off" ? "off" : "priced")
      }),
      { numRuns: 5_000 }
    )
    assert.deepStrictEqual([...seen].sort(), ["none", "off", "priced"])
  })
})

it("a deck of 50,000 prefixes is probed once for each length that they have", () => {
  const many = new Map<DialPrefix, Tariff>()
  for (let i = 0; i < 50_000; i++) many.set(DialPrefix.make(`3${i}`), Micros.make(1n))
  const deck = makeDeck({ ...rates(8n), prefixes: many })
  assert.deepStrictEqual(deck.prefixLengths, [6, 5, 4, 3, 2])
  assert.deepStrictEqual(rateFor(deck, to("+31612345678")), money(1n, EUR))
})

describe("the port", () => {
  const ask = (layer: typeof RateDeck.layerMemory, number: string): Money | null =>
    Effect.runSync(RateDeck.use((deck) => Effect.succeed(deck.unitPrice(to(number)))).pipe(Effect.provide(layer)))

  it("in memory has the list price of EUR 0.008", () => {
    assert.deepStrictEqual(ask(RateDeck.layerMemory, "+31612345678"), money(8_000n, EUR))
  })

  it("asks the deck that it was given", () => {
    assert.isNull(ask(RateDeck.layer(rates(8n, { NL: "off" })), "+31612345678"))
    assert.deepStrictEqual(ask(RateDeck.layer(rates(8n, { NL: 12n })), "+31612345678"), money(12n, EUR))
  })
})
