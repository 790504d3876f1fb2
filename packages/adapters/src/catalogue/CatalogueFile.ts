/**
 * The form of a catalogue file. It sets what customers pay, so nothing in it is guessed: a key that is not known, a
 * price that is missing, a float or negative, a country that does not exist or is listed twice are all refused.
 */
import { CountryCode, Currency, DialPrefix, MicrosFromDecimal, NumberType } from "@cliqtel/sms-core"
import { Schema } from "effect"

/** A decimal string. Zero is a price too, once somebody has written it. */
const Price = MicrosFromDecimal.check(
  Schema.isGreaterThanOrEqualToBigInt(0n, { expected: "a price that is not negative" })
)

/** Refuses the second of two entries with the same key, where it stands. */
const noDuplicates = <A>(keyOf: (entry: A) => string, ...path: ReadonlyArray<string>) =>
  Schema.makeFilter<ReadonlyArray<A>>((entries) => {
    const seen = new Set<string>()
    return entries.flatMap((entry, i) => {
      const key = keyOf(entry)
      if (seen.has(key)) return [{ path: [i, ...path], issue: `${key} is listed twice` }]
      seen.add(key)
      return []
    })
  })

const Country = Schema.Struct({
  country: CountryCode,
  name: Schema.Trimmed.check(Schema.isNonEmpty({ expected: "the country's name" })),
  local: Schema.Boolean,
  mobile: Schema.Boolean,
  toll_free: Schema.Boolean,
  /** Types whose numbers need papers before they become active. */
  verification: Schema.optionalKey(Schema.Array(NumberType).check(noDuplicates((type) => type))),
  /** Where the country has its own price. */
  sms_monthly: Schema.optionalKey(Price),
  number_monthly: Schema.optionalKey(Price),
  outbound_segment: Schema.optionalKey(Price)
})

/** Numbers that begin with `prefix`: the price of a segment, or `"off": true`. */
const Prefix = Schema.Struct({
  prefix: DialPrefix,
  outbound_segment: Schema.optionalKey(Price),
  off: Schema.optionalKey(Schema.Literal(true))
}).check(
  Schema.makeFilter(
    (entry) =>
      (entry.outbound_segment === undefined) !== (entry.off === undefined) ||
      `Expected either "outbound_segment" or "off": true`
  )
)

export const CatalogueFile = Schema.Struct({
  currency: Currency,
  defaults: Schema.Struct({ sms_monthly: Price, number_monthly: Price, outbound_segment: Price }),
  countries: Schema.NonEmptyArray(Country).check(noDuplicates((row) => row.country, "country")),
  destinations: Schema.Struct({
    off: Schema.Array(CountryCode).check(noDuplicates((country) => country)),
    prefixes: Schema.Array(Prefix).check(noDuplicates((entry) => entry.prefix, "prefix"))
  })
})
export type CatalogueFile = typeof CatalogueFile.Type
