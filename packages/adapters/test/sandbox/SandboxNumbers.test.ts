import {
  AccountId,
  type AccountMode,
  CountryCode,
  Coverage,
  type CoverageTable,
  E164,
  layerMemory,
  NumberProvider,
  NumberType,
  type Offer,
  type OfferQuery,
  parseDestination
} from "@cliqtel/sms-core"
import { Effect, Layer, Result } from "effect"
import fc from "fast-check"
import parsePhoneNumber from "libphonenumber-js/max"
import { assert, beforeAll, describe, it } from "vitest"
import { layer as layerCatalogue } from "../../src/catalogue/index.ts"
import { layerSandboxNumbers, type SandboxNumbersOptions } from "../../src/sandbox/index.ts"

const coverage: CoverageTable = await Effect.runPromise(Coverage.pipe(Effect.provide(layerCatalogue())))
const countries = [...coverage.keys()]
const NL = CountryCode.make("NL")
const DE = CountryCode.make("DE")
const US = CountryCode.make("US")
const CA = CountryCode.make("CA")

const MODES: ReadonlyArray<AccountMode> = ["live", "test"]
const kinds = countries.flatMap((country) => NumberType.literals.map((type) => ({ country, type })))
const everywhere = MODES.flatMap((mode) => kinds.map((kind) => ({ ...kind, mode })))

/** Of each kind: to parse all of them takes long. */
const SOME = 40

interface Shop {
  search(query: OfferQuery): Promise<ReadonlyArray<Offer>>
  /** What was reserved, or the number that could not be. */
  reserve(mode: AccountMode, ...numbers: ReadonlyArray<string>): Promise<ReadonlyArray<Offer> | string>
}

/** A host that has just started, where somebody has these numbers. */
const openShop = async (
  owned: ReadonlyArray<E164> = [],
  options?: SandboxNumbersOptions,
  layerCoverage = Layer.succeed(Coverage, coverage)
): Promise<Shop> => {
  const account = AccountId.make(1)
  const seeds = owned.map((number) => ({ accountId: account, number, carrier: "sandbox" }))
  const layerPorts = Layer.merge(layerMemory({ accounts: [{ id: account }], numbers: seeds }), layerCoverage)
  const provider = await Effect.runPromise(
    NumberProvider.pipe(Effect.provide(layerSandboxNumbers(options).pipe(Layer.provide(layerPorts))))
  )
  return {
    search: (query) => Effect.runPromise(provider.search(query)),
    reserve: (mode, ...numbers) =>
      provider
        .reserve(
          mode,
          numbers.map((number) => E164.make(number)),
          "1.1"
        )
        .pipe(
          Effect.catchTag("NumberTaken", ({ number }) => Effect.succeed(number)),
          Effect.runPromise
        )
  }
}

const shop = await openShop()
const numbersOf = (offers: ReadonlyArray<Offer>) => offers.map(({ number }) => number)

describe("the inventory", () => {
  let all: ReadonlyArray<OfferQuery & { readonly offers: ReadonlyArray<Offer> }> = []
  beforeAll(async () => {
    all = await Promise.all(
      everywhere.map(async (kind) => ({
        ...kind,
        limit: 10_000,
        offers: await shop.search({ ...kind, limit: 10_000 })
      }))
    )
  })

  it("has hundreds of numbers of each country and type, for live and for test accounts", () => {
    for (const { country, mode, offers, type } of all) {
      assert.isAtLeast(offers.length, 250, `${country} ${type} ${mode}`)
      assert.isTrue(offers.every((offer) => offer.country === country && offer.type === type))
    }
  })

  it("has no number twice, in whatever country, of whatever type, for whomever", () => {
    const numbers = all.flatMap(({ offers }) => numbersOf(offers))
    assert.strictEqual(new Set(numbers).size, numbers.length)
  })

  it("has only numbers that libphonenumber knows as valid, of that country and that type", () => {
    const names = {
      local: ["FIXED_LINE", "FIXED_LINE_OR_MOBILE"],
      mobile: ["MOBILE", "FIXED_LINE_OR_MOBILE"],
      toll_free: ["TOLL_FREE"]
    }
    for (const { offers } of all) {
      for (const { country, number, type } of offers.slice(0, SOME)) {
        const parsed = parsePhoneNumber(number, { extract: false })
        assert(parsed !== undefined && parsed.isValid(), number)
        assert.strictEqual(parsed.number, number)
        assert.include(names[type], parsed.getType())
        // The countries of +1 share their toll-free numbers, and the parser gives them all to the US.
        const isShared = type === "toll_free" && parsed.countryCallingCode === "1"
        assert.strictEqual(parsed.country, isShared ? "US" : country, number)
      }
    }
  })

  it("has only numbers that can be written to", () => {
    for (const { offers } of all) {
      for (const { number } of offers.slice(0, SOME)) assert.isTrue(Result.isSuccess(parseDestination(number)), number)
    }
  })

  it("has neither magic numbers nor the demo's", () => {
    const numbers = new Set<string>(all.flatMap(({ offers }) => numbersOf(offers)))
    const demo = ["+31201234567", "+31201234568", "+31612340001", "+31612340002", "+493012345678", "+493012345679"]
    for (const number of [...demo, "+18005550100", "+18005550101"]) assert.isFalse(numbers.has(number), number)
    assert.deepStrictEqual(
      [...numbers].filter((number) => number.startsWith("+1500555")),
      []
    )
  })

  it("is the same on another host, whatever that was asked first", async () => {
    const other = await openShop()
    for (const { offers, ...query } of all.toReversed().filter((_, i) => i % 7 === 0)) {
      const wanted = numbersOf(offers.slice(10, 20))
      assert.deepStrictEqual(await other.reserve(query.mode, ...wanted), offers.slice(10, 20))
      assert.deepStrictEqual(await other.search({ ...query, limit: 30 }), offers.slice(0, 30))
    }
  })
})

describe("the inventory of another catalogue", () => {
  it("keeps countries of one calling code apart, and has numbers where they are short", async () => {
    const [like] = coverage.values()
    assert(like)
    // The Isle of Man has +44 like Britain, Kazakhstan +7 like Russia; on the Faroe Islands numbers have six digits.
    const listed = ["GB", "IM", "RU", "KZ", "FO"].map((code) => CountryCode.make(code))
    const rows = listed.map((country) => ({ ...like, country }))
    const { search } = await openShop([], {}, Coverage.layer(rows))
    const seen = new Set<string>()
    for (const country of listed) {
      for (const type of ["local", "mobile"] as const) {
        const offers = await search({ mode: "live", country, type, limit: 50 })
        assert.strictEqual(offers.length, 50, `${country} ${type}`)
        for (const { number } of offers) {
          assert.strictEqual<string | undefined>(parsePhoneNumber(number)?.country, country, number)
          assert.isFalse(seen.has(number), number)
          seen.add(number)
        }
      }
    }
  })
})

describe("a search", () => {
  const anyQuery = fc.record({
    mode: fc.constantFrom(...MODES),
    country: fc.option(fc.constantFrom(...countries), { nil: undefined }),
    type: fc.option(fc.constantFrom(...NumberType.literals), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 200 })
  })

  it("gives as many as were asked for, each once, of the country and type that were asked for", () =>
    fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        const offers = await shop.search(query)
        assert.strictEqual(offers.length, query.limit)
        assert.strictEqual(new Set(numbersOf(offers)).size, query.limit)
        for (const { country, type } of offers) {
          assert.strictEqual(country, query.country ?? country)
          assert.strictEqual(type, query.type ?? type)
        }
      })
    ))

  it("without a country has some of several, in the catalogue's order; without a type some of each", async () => {
    const offers = await shop.search({ mode: "live", limit: 50 })
    const found = [...new Set(offers.map(({ country }) => country))]
    assert.isAtLeast(found.length, 5)
    assert.deepStrictEqual(found, countries.slice(0, found.length))
    const dutch = await shop.search({ mode: "live", country: NL, limit: 10 })
    assert.deepStrictEqual(new Set(dutch.map(({ type }) => type)), new Set(NumberType.literals))
  })

  it("leaves out what somebody has, and nothing else", async () => {
    const query = { mode: "live", country: US, type: "local", limit: 10_000 } as const
    const stock = await shop.search(query)
    await fc.assert(
      fc.asyncProperty(fc.subarray([...stock]), fc.integer({ min: 1, max: 400 }), async (owned, limit) => {
        const taken = new Set(numbersOf(owned))
        const { search } = await openShop([...taken])
        const free = stock.filter(({ number }) => !taken.has(number))
        assert.deepStrictEqual(await search({ ...query, limit }), free.slice(0, limit))
      }),
      { numRuns: 10 }
    )
  })

  it("finds nothing once all are sold, or where none are", async () => {
    const query = { mode: "test", country: DE, type: "mobile", limit: 10_000 } as const
    const { search } = await openShop(numbersOf(await shop.search(query)))
    assert.deepStrictEqual(await search(query), [])
    assert.isAbove((await search({ ...query, mode: "live" })).length, 0)
    assert.deepStrictEqual(await search({ ...query, country: CountryCode.make("CN") }), [])
  })

  it("says which numbers need papers first, and who carries their messages", async () => {
    const [german] = await shop.search({ mode: "live", country: DE, type: "local", limit: 1 })
    assert.include(german, { status: "pending_verification", carrier: "sandbox" })
    const other = await openShop([], { carrier: "other" })
    const [dutch] = await other.search({ mode: "live", country: NL, type: "local", limit: 1 })
    assert.include(dutch, { status: "active", carrier: "other" })
  })

  it("offers numbers whose SMS is not available too", async () => {
    assert.isFalse(coverage.get(DE)?.sms.toll_free)
    assert.strictEqual((await shop.search({ mode: "live", country: DE, type: "toll_free", limit: 5 })).length, 5)
  })

  it("has toll-free numbers for each country that shares them", async () => {
    for (const country of [US, CA]) {
      assert.strictEqual((await shop.search({ mode: "live", country, type: "toll_free", limit: 5 })).length, 5)
    }
  })
})

describe("a reservation", () => {
  it("takes any offers of the same mode, in the order that was asked for", () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...MODES), fc.infiniteStream(fc.nat()), async (mode, order) => {
        const offers = await shop.search({ mode, limit: 40 })
        const chosen = offers.toSorted(() => ((order.next().value ?? 0) % 2) - 0.5).slice(0, 7)
        assert.deepStrictEqual(await shop.reserve(mode, ...numbersOf(chosen)), chosen)
      }),
      { numRuns: 20 }
    ))

  it("refuses what is offered to the other mode", () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...everywhere), fc.nat({ max: 49 }), async ({ mode, ...kind }, i) => {
        const [offer] = (await shop.search({ ...kind, mode, limit: 50 })).slice(i)
        assert(offer)
        const other = mode === "live" ? "test" : "live"
        assert.strictEqual(await shop.reserve(other, offer.number), offer.number)
      })
    ))

  it("refuses what somebody has, with all that was asked for beside it", async () => {
    const [sold, free] = numbersOf(await shop.search({ mode: "live", country: NL, type: "mobile", limit: 2 }))
    assert(sold && free)
    const { reserve } = await openShop([sold])
    assert.strictEqual(await reserve("live", free, sold), sold)
    assert.isArray(await reserve("live", free))
  })

  it.each([
    ["a number of a country that is not listed", "+8613812345678"],
    ["a number that is of no type that is sold", "+15005550006"],
    ["one of the demo's", "+31612340001"],
    ["a number that is not valid", "+31100000"],
    ["a valid number that was never offered", "+31612345678"]
  ])("refuses %s", async (_, number) => {
    for (const mode of MODES) assert.strictEqual(await shop.reserve(mode, number), number)
  })
})
