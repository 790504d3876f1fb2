import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  CountryCode,
  Coverage,
  coverageTable,
  EUR,
  formatMoney,
  isSmsAvailable,
  money,
  numberMonthlyPrice,
  parseDestination,
  RateDeck,
  smsMonthlyPrice
} from "@cliqtel/sms-core"
import { Effect, Result } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { bundledFile, layer, loadCatalogue, parseCatalogue } from "../../src/catalogue/index.ts"
import { changed } from "./plainCatalogue.ts"

const bundled = await Effect.runPromise(loadCatalogue())
const destination = (number: string) => Result.getOrThrow(parseDestination(number))

/** Price of a segment to a number, by the ports that the host gets. */
const segmentTo = (number: string, file?: string) =>
  Effect.runPromise(
    RateDeck.use((deck) => Effect.succeed(deck.unitPrice(destination(number)))).pipe(Effect.provide(layer({ file })))
  )

describe("the bundled catalogue", () => {
  const row = (code: string) => {
    const found = bundled.coverage.find(({ country }) => country === code)
    assert(found, `${code} is not listed`)
    return found
  }

  it.each([
    ["US", "United States", true, true, true],
    ["GB", "United Kingdom", true, true, true],
    ["NL", "Netherlands", true, true, true],
    ["CA", "Canada", true, true, true],
    ["DE", "Germany", true, true, false],
    ["FR", "France", true, true, false],
    ["AU", "Australia", true, true, false]
  ])("has %s: %s, local %s, mobile %s, toll-free %s", (code, name, local, mobile, toll_free) => {
    assert.strictEqual(row(code).name, name)
    assert.deepStrictEqual(row(code).sms, { local, mobile, toll_free })
  })

  it("has 45 countries or more, each with SMS on some type of number", () => {
    assert.isAtLeast(bundled.coverage.length, 45)
    for (const { name, sms } of bundled.coverage) assert.isTrue(sms.local || sms.mobile || sms.toll_free, name)
  })

  it("names each country in English, in alphabetical order", () => {
    const english = new Intl.DisplayNames("en", { type: "region" })
    for (const { country, name } of bundled.coverage) {
      assert.isTrue(english.of(country)?.startsWith(name), `${country} is ${english.of(country)}, not ${name}`)
    }
    const names = bundled.coverage.map(({ name }) => name)
    assert.deepStrictEqual(names, [...names].sort())
  })

  it("has the product's prices everywhere, and none that only it knows", () => {
    for (const { name, numberMonthly, outboundSegment, smsMonthly } of bundled.coverage) {
      assert.strictEqual(formatMoney(smsMonthly), "EUR 0.75", name)
      assert.strictEqual(formatMoney(numberMonthly), "EUR 1", name)
      assert.deepStrictEqual(outboundSegment, money(8_000n, EUR), name)
    }
  })

  it("prices a segment to every country, listed or not", async () => {
    for (const number of ["+31612345678", "+15005550006", "+96170123456"]) {
      assert.deepStrictEqual(await segmentTo(number), money(8_000n, EUR))
    }
  })

  it.each([
    ["DE", true, true],
    ["FR", true, true],
    ["AU", true, true],
    ["IE", true, true],
    ["NL", false, false],
    ["GB", false, false],
    ["US", false, false],
    ["CA", false, false]
  ])("asks for papers in %s: local %s, mobile %s", (code, local, mobile) => {
    assert.deepInclude(row(code).needsVerification, { local, mobile })
  })

  it("answers what a number's page and the order flow ask", async () => {
    const table = await Effect.runPromise(Coverage.pipe(Effect.provide(layer())))
    const DE = CountryCode.make("DE")
    assert.deepStrictEqual(table, coverageTable(bundled.coverage))
    assert.isTrue(isSmsAvailable(table, DE, "local"))
    assert.isNull(smsMonthlyPrice(table, DE, "toll_free"))
    assert.deepStrictEqual(smsMonthlyPrice(table, DE, "mobile"), money(750_000n, EUR))
    assert.deepStrictEqual(numberMonthlyPrice(table, DE), money(1_000_000n, EUR))
  })
})

const read = (text: string) => Result.getOrThrow(parseCatalogue(text, "my.json"))

describe("another catalogue", () => {
  let folder = ""
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "catalogue-"))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const written = async (text: string) => {
    const file = join(folder, "catalogue.json")
    await writeFile(file, text)
    return file
  }

  it("replaces the bundled one", async () => {
    const file = await written(
      changed((it) => {
        it.currency = "USD"
        it.defaults["outbound_segment"] = "0.01"
        Object.assign(it.germany, { sms_monthly: "2.50", number_monthly: "3", outbound_segment: "0.07" })
        it.off.push("US")
        it.prefixes.push({ prefix: "31612", outbound_segment: "0.02" }, { prefix: "31900", off: true })
      })
    )
    const { coverage } = await Effect.runPromise(loadCatalogue({ file }))
    assert.deepStrictEqual(
      coverage.map((row) => [
        row.country,
        ...[row.smsMonthly, row.numberMonthly].map(formatMoney),
        row.outboundSegment && formatMoney(row.outboundSegment)
      ]),
      [
        ["NL", "USD 0.75", "USD 1", "USD 0.01"],
        ["DE", "USD 2.5", "USD 3", "USD 0.07"]
      ]
    )
    const price = async (number: string) => (await segmentTo(number, file))?.micros ?? null
    assert.strictEqual(await price("+33612345678"), 10_000n)
    assert.strictEqual(await price("+4915123456789"), 70_000n)
    assert.strictEqual(await price("+31612345678"), 20_000n)
    assert.strictEqual(await price("+31687654321"), 10_000n)
    assert.isNull(await price("+319001234567"))
    assert.isNull(await price("+14155550123"))
  })

  it("may be a copy of the bundled one, with a byte order mark", async () => {
    const file = await written("\uFEFF" + (await readFile(bundledFile, "utf8")))
    assert.deepStrictEqual(await Effect.runPromise(loadCatalogue({ file })), bundled)
  })

  it("that is not there is an error that names it", async () => {
    const file = join(folder, "nowhere.json")
    const error = await Effect.runPromise(Effect.flip(loadCatalogue({ file })))
    assert.strictEqual(error._tag, "InvalidCatalogue")
    assert.include(error.message, `${file} cannot be used`)
    assert.include(error.message, "ENOENT")
  })

  it("that is wrong stops the layers from being built", async () => {
    const file = await written("{}")
    const error = await Effect.runPromise(Effect.flip(RateDeck.pipe(Effect.provide(layer({ file })))))
    assert.strictEqual(error._tag, "InvalidCatalogue")
  })

  it("lists a country that is off without a price to it", () => {
    const { coverage } = read(changed((it) => it.off.push("NL")))
    assert.isNull(coverage[0]?.outboundSegment)
    assert.isNotNull(coverage[1]?.outboundSegment)
  })

  it("that is off and has a price is off", () => {
    const { coverage, rates } = read(
      changed((it) => {
        it.netherlands["outbound_segment"] = "0.09"
        it.off.push("NL")
      })
    )
    assert.isNull(coverage[0]?.outboundSegment)
    assert.strictEqual(rates.countries.get(CountryCode.make("NL")), "off")
  })

  it("shows for a country what a prefix of its whole calling code costs", () => {
    const { coverage } = read(changed((it) => it.prefixes.push({ prefix: "31", outbound_segment: "0.03" })))
    assert.strictEqual(coverage[0]?.outboundSegment?.micros, 30_000n)
  })

  it("asks for papers for the types that it names, and for none where it names none", () => {
    const { coverage } = read(changed((it) => void (it.germany["verification"] = ["mobile", "toll_free"])))
    assert.deepStrictEqual(
      coverage.map(({ needsVerification }) => needsVerification),
      [
        { local: false, mobile: false, toll_free: false },
        { local: false, mobile: true, toll_free: true }
      ]
    )
  })

  it("may say zero, when it says so", () => {
    const { coverage } = read(changed((it) => void (it.defaults["sms_monthly"] = "0")))
    assert.strictEqual(coverage[0]?.smsMonthly.micros, 0n)
  })
})
