import { Result } from "effect"
import { assert, describe, it } from "vitest"
import { parseCatalogue } from "../../src/catalogue/index.ts"
import { changed } from "./plainCatalogue.ts"

const problems = (text: string): ReadonlyArray<string> => {
  const parsed = parseCatalogue(text, "my.json")
  assert(Result.isFailure(parsed), "the catalogue was taken")
  assert.strictEqual(parsed.failure.file, "my.json")
  return parsed.failure.problems.map(({ path, problem }) => `${path}: ${problem}`)
}

describe("a catalogue is refused, with the place of what is wrong", () => {
  it.each<[what: string, text: string, ...expected: Array<string | RegExp>]>([
    ["an empty file", "", ": is empty"],
    ["white space", " \n", ": is empty"],
    ["what is not JSON", "{ currency: EUR }", /^: is not JSON: .*position/],
    ["half a file", `{"currency": "EUR"`, /^: is not JSON/],
    ["a list", "[]", /^: Expected object/],
    ["null", "null", /^: Expected object/],
    [
      "nothing at all in it",
      "{}",
      "currency: is missing",
      "defaults: is missing",
      "countries: is missing",
      "destinations: is missing"
    ],
    ["no country", changed((it) => void (it.top["countries"] = [])), /^countries/],
    [
      "an unknown country",
      changed((it) => void (it.germany["country"] = "UK")),
      /^countries\[1\]\.country: .*such as NL, got "UK"/
    ],
    ["a country in lower case", changed((it) => void (it.germany["country"] = "de")), /^countries\[1\]\.country/],
    [
      "a country twice",
      changed((it) => void (it.germany["country"] = "NL")),
      "countries[1].country: NL is listed twice"
    ],
    ["a country without a name", changed((it) => void (it.netherlands["name"] = "")), /^countries\[0\]\.name/],
    [
      "a capability that is missing",
      changed((it) => void delete it.netherlands["toll_free"]),
      "countries[0].toll_free: is missing"
    ],
    [
      "a capability that is no boolean",
      changed((it) => void (it.netherlands["mobile"] = "yes")),
      /^countries\[0\]\.mobile: Expected boolean/
    ],
    [
      "papers for a type that does not exist",
      changed((it) => void (it.germany["verification"] = ["local", "landline"])),
      /^countries\[1\]\.verification\[1\]: /
    ],
    [
      "papers for a type twice",
      changed((it) => void (it.germany["verification"] = ["local", "mobile", "local"])),
      "countries[1].verification[2]: local is listed twice"
    ],
    [
      "papers that are no list",
      changed((it) => void (it.germany["verification"] = "local")),
      /^countries\[1\]\.verification: Expected array/
    ],
    [
      "a missing default",
      changed((it) => void delete it.defaults["outbound_segment"]),
      "defaults.outbound_segment: is missing"
    ],
    [
      "a default that is null",
      changed((it) => void (it.defaults["sms_monthly"] = null)),
      /^defaults\.sms_monthly: Expected string/
    ],
    [
      "a price that is a float",
      changed((it) => void (it.defaults["outbound_segment"] = 0.008)),
      /^defaults\.outbound_segment: Expected string, got 0.008/
    ],
    [
      "a negative price",
      changed((it) => void (it.defaults["outbound_segment"] = "-0.008")),
      /^defaults\.outbound_segment: Expected a price that is not negative/
    ],
    [
      "a price with a comma",
      changed((it) => void (it.netherlands["sms_monthly"] = "0,75")),
      /^countries\[0\]\.sms_monthly: Expected a decimal amount/
    ],
    [
      "a price with an exponent",
      changed((it) => void (it.netherlands["sms_monthly"] = "1e3")),
      /^countries\[0\]\.sms_monthly/
    ],
    [
      "a price with its currency",
      changed((it) => void (it.netherlands["number_monthly"] = "EUR 1")),
      /^countries\[0\]\.number_monthly/
    ],
    [
      "an empty price",
      changed((it) => void (it.netherlands["outbound_segment"] = "")),
      /^countries\[0\]\.outbound_segment/
    ],
    [
      "more decimals than a micro has",
      changed((it) => void (it.defaults["outbound_segment"] = "0.0000001")),
      /^defaults\.outbound_segment/
    ],
    ["a currency that is none", changed((it) => void (it.currency = "euro")), /^currency: Expected an ISO 4217 code/],
    ["an unknown country that is off", changed((it) => it.off.push("ZZ")), /^destinations\.off\[0\]/],
    ["a country off twice", changed((it) => it.off.push("NL", "NL")), "destinations.off[1]: NL is listed twice"],
    [
      "a prefix with a plus",
      changed((it) => it.prefixes.push({ prefix: "+31", off: true })),
      /^destinations\.prefixes\[0\]\.prefix/
    ],
    [
      "a prefix with a space",
      changed((it) => it.prefixes.push({ prefix: "31 6", off: true })),
      /^destinations\.prefixes\[0\]\.prefix/
    ],
    [
      "an empty prefix",
      changed((it) => it.prefixes.push({ prefix: "", off: true })),
      /^destinations\.prefixes\[0\]\.prefix/
    ],
    [
      "a prefix that is a number",
      changed((it) => it.prefixes.push({ prefix: 31, off: true })),
      /^destinations\.prefixes\[0\]\.prefix/
    ],
    [
      "a prefix twice",
      changed((it) => it.prefixes.push({ prefix: "31", off: true }, { prefix: "31", outbound_segment: "1" })),
      "destinations.prefixes[1].prefix: 31 is listed twice"
    ],
    [
      "a prefix without a price",
      changed((it) => it.prefixes.push({ prefix: "31" })),
      /^destinations\.prefixes\[0\]: Expected either/
    ],
    [
      "a prefix that has a price and is off",
      changed((it) => it.prefixes.push({ prefix: "31", outbound_segment: "1", off: true })),
      /^destinations\.prefixes\[0\]: Expected either/
    ],
    [
      "a typing error at the top",
      changed((it) => void (it.top["destination"] = {})),
      "destination: is not a known key"
    ],
    [
      "a typing error in a default",
      changed((it) => void (it.defaults["sms_montly"] = "1")),
      "defaults.sms_montly: is not a known key"
    ],
    [
      "a typing error in a country",
      changed((it) => void (it.germany["tollfree"] = true)),
      "countries[1].tollfree: is not a known key"
    ],
    [
      "a typing error in a prefix",
      changed((it) => it.prefixes.push({ prefix: "31", off: true, of: true })),
      "destinations.prefixes[0].of: is not a known key"
    ],
    [
      "everything at once",
      changed((it) => {
        delete it.defaults["sms_monthly"]
        it.netherlands["local"] = 1
      }),
      "defaults.sms_monthly: is missing",
      /^countries\[0\]\.local/
    ]
  ])("%s", (_, text, ...expected) => {
    const found = problems(text)
    assert.strictEqual(found.length, expected.length, found.join("\n"))
    expected.forEach((one, i) =>
      typeof one === "string" ? assert.strictEqual(found[i], one) : assert.match(found[i] ?? "", one)
    )
  })

  it("in a message that can be read on a terminal", () => {
    const parsed = parseCatalogue(
      changed((it) => void delete it.defaults["sms_monthly"]),
      "my.json"
    )
    assert(Result.isFailure(parsed))
    assert.strictEqual(
      parsed.failure.message,
      "The catalogue my.json cannot be used:\n  defaults.sms_monthly: is missing"
    )
  })
})
