import { Result, Schema } from "effect"
import fc from "fast-check"
import parsePhoneNumber from "libphonenumber-js/core"
import examples from "libphonenumber-js/examples.mobile.json"
import metadata from "libphonenumber-js/max/metadata"
import { assert, describe, it } from "vitest"
import { CountryCode, E164, parseDestination } from "../src/PhoneNumber.ts"

const accepted = (text: string) => Result.getOrThrow(parseDestination(text))

const refusal = (text: string): string => {
  const parsed = parseDestination(text)
  assert(Result.isFailure(parsed), `${text} was accepted`)
  return parsed.failure.reason
}

describe("a destination", () => {
  it.each([
    ["+31612345678", "NL"],
    ["+31201234567", "NL"],
    ["+493012345678", "DE"],
    ["+491512345678901", "DE"],
    ["+14165550123", "CA"],
    ["+12125550123", "US"],
    ["+17875550123", "PR"],
    ["+18765550123", "JM"],
    ["+18005550100", "US"],
    ["+447400123456", "GB"],
    ["+447781123456", "GG"],
    ["+77011234567", "KZ"],
    ["+79161234567", "RU"],
    ["+390612345678", "IT"],
    ["+2250123456789", "CI"],
    ["+38344123456", "XK"],
    ["+59995123456", "CW"],
    ["+5993181234", "BQ"]
  ])("%s is in %s", (text, country) => {
    assert.strictEqual(accepted(text).number, text)
    assert.strictEqual(accepted(text).country, country)
  })

  it.each(["+80012345678", "+870512345678", "+8816123456789", "+88216123456", "+883510012345", "+979123456789"])(
    "%s is possible and in no country",
    (text) => assert.strictEqual(accepted(text).country, null)
  )

  it("has the main country of its calling code where no country claims it", () => {
    assert.strictEqual(accepted("+12005550123").country, "US")
    assert.strictEqual(accepted("+449999999999").country, "GB")
    assert.strictEqual(accepted("+79999999999").country, "RU")
  })

  it("may be each magic number of the sandbox, in the US", () => {
    for (let last = 1; last <= 15; last++) {
      const text = `+150055500${String(last).padStart(2, "0")}`
      assert.strictEqual(accepted(text).country, "US")
    }
  })

  it("need not be in use: possible is enough", () => {
    assert.strictEqual(accepted("+15555555555").country, "US")
    assert.strictEqual(accepted("+491234567").country, "DE")
  })
})

describe("what is no destination is refused with what to do", () => {
  it.each([
    ["", "Enter the number to send to, with + and the country code, such as +31612345678."],
    ["   ", "Enter the number to send to, with + and the country code, such as +31612345678."],
    ["0031612345678", "Write + instead of the leading 00, such as +31612345678."],
    ["31612345678", "Begin with + and the country code, such as +31612345678."],
    ["0612345678", "Begin with + and the country code, such as +31612345678."],
    ["(415) 555-0123", "Begin with + and the country code, such as +31612345678."],
    ["＋31612345678", "Begin with + and the country code, such as +31612345678."],
    ["Alice", "Begin with + and the country code, such as +31612345678."],
    ["+31 6 12345678", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    [" +31612345678", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["+31612345678\n", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["+31-612345678", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["+1800FLOWERS", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["+31612345678;ext=5", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["+３１６１２３４５６７８", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["+٣١٦١٢٣٤٥٦٧٨", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["++31612345678", "Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters."],
    ["+0612345678", "Begin with + and the country code, which never begins with 0, such as +31612345678."],
    ["+", "A phone number has at least 7 digits after the +: the country code and the whole number."],
    ["+316123", "A phone number has at least 7 digits after the +: the country code and the whole number."],
    ["+4915123456789012", "A phone number has at most 15 digits after the +."],
    ["+99912345678", "No country has a calling code that +999 begins with."],
    ["+2101234567", "No country has a calling code that +210 begins with."],
    ["+1415555012", "A number of +1 has 10 digits after that code, this one has 9."],
    ["+316123456789012", "A number of +31 has 5 to 11 digits after that code, this one has 13."],
    ["+44740012345678", "A number of +44 has 7, 9 or 10 digits after that code, this one has 12."],
    ["+59931812345", "A number of +599 has 7 digits after that code, this one has 8."],
    ["+3761234567", "A number of +376 has 6, 8 or 9 digits after that code, this one has 7."],
    ["+5215512345678", "A number of +52 has 10 digits after that code, this one has 11."],
    ["+4407400123456", "Leave out what is dialled only within the country, and write it as +447400123456."],
    ["+310612345678", "Leave out what is dialled only within the country, and write it as +31612345678."],
    ["+490301234567", "Leave out what is dialled only within the country, and write it as +49301234567."],
    ["+600023456789", "Leave out what is dialled only within the country after +60, such as a leading 0."],
    ["+114155550123", "Leave out what is dialled only within the country, and write it as +14155550123."]
  ])("%j", (text, reason) => assert.strictEqual(refusal(text), reason))

  it("says of a huge text what it says of its beginning, and no more", () => {
    for (const text of [" ", "0", "+3 3"]) {
      assert.strictEqual(refusal(text.repeat(1_000_000)), refusal(text.repeat(10)))
      assert.isBelow(refusal(text.repeat(1_000_000)).length, 200)
    }
  })
})

describe("against libphonenumber's own parser", () => {
  const callingCodes = [...Object.keys(metadata.country_calling_codes), ...Object.keys(metadata.nonGeographic)]
  const digits = (min: number, max: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(""))

  /** Real mobile numbers with some digits changed, and anything at all behind a calling code. */
  const likely = fc.oneof(
    fc.constantFrom(...Object.entries(examples)).chain(([country, national]) => {
      const code = callingCodes.find((code) => metadata.country_calling_codes[code]?.includes(country as never))
      return fc
        .tuple(digits(0, 4), fc.nat(national.length))
        .map(([some, at]) => `+${code}${national.slice(0, at)}${some}${national.slice(at + some.length)}`)
    }),
    fc.tuple(fc.constantFrom(...callingCodes), digits(2, 13)).map(([code, rest]) => `+${code}${rest}`),
    digits(1, 17).map((all) => `+${all}`)
  )

  it("accepts what it calls possible and would not rewrite, with its country or the code's main one", () => {
    let possible = 0
    fc.assert(
      fc.property(likely, (text) => {
        const theirs = parsePhoneNumber(text, { extract: false }, metadata)
        const ours = parseDestination(text)
        const expected = theirs?.isPossible() === true && theirs.number === text && Schema.is(E164)(text)
        assert.strictEqual(Result.isSuccess(ours), expected, text)
        if (!expected || Result.isFailure(ours)) return
        possible++
        const main = metadata.country_calling_codes[theirs.countryCallingCode]?.[0] ?? null
        assert.strictEqual<string | null>(ours.success.country, theirs.country ?? main, text)
        assert.strictEqual(ours.success.number, text)
      }),
      { numRuns: 20_000 }
    )
    assert.isAbove(possible, 2_000)
  })

  it("suggests only numbers that it takes", () => {
    let suggestions = 0
    const trunk = likely.chain((text) =>
      fc.constantFrom("0", "1", "8", "06").map((prefix) => text.slice(0, 3) + prefix + text.slice(3))
    )
    fc.assert(
      fc.property(fc.oneof(likely, trunk), (text) => {
        const ours = parseDestination(text)
        const suggested = Result.isFailure(ours) ? /write it as (\+\d+)/.exec(ours.failure.reason)?.[1] : undefined
        if (suggested === undefined) return
        suggestions++
        assert.strictEqual(accepted(suggested).number, suggested)
      }),
      { numRuns: 20_000 }
    )
    assert.isAbove(suggestions, 100)
  })
})

it("anything that is not E.164 is refused, in words", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      if (!Schema.is(E164)(text)) assert.match(refusal(text), /\.$/)
    }),
    { numRuns: 2_000 }
  )
})

it("a country code is one that telephones have", () => {
  for (const known of ["NL", "GB", "US", "XK"]) assert.isTrue(Schema.is(CountryCode)(known))
  for (const unknown of ["", "nl", "UK", "ZZ", "NLD", "AQ", "__proto__"])
    assert.isFalse(Schema.is(CountryCode)(unknown))
})
