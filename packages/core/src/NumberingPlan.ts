/**
 * What is known of the calling code that a number begins with: how long its numbers may be, and which country each
 * belongs to. The tables are libphonenumber's; the look-up gives the answer of its parser, in a microsecond.
 *
 * Its own parser takes 5 µs a number and up to 40 µs where countries share a calling code, since it compiles each
 * regular expression anew (some 30 for a number of +1). Here each is compiled once, when its calling code is first used.
 */
import { type CountryCode as Country, getCountryCallingCode, Metadata } from "libphonenumber-js/core"
// The "min" tables: 19 KB gzipped where "max" has 40. They hold the lengths of every plan, and the patterns of number
// types only where those tell countries of one calling code apart; all that is asked here has the same answer in both.
import metadata from "libphonenumber-js/min/metadata"

/** Countries that have telephone numbers: ISO 3166-1, and AC, TA and XK, which have a plan without an official code. */
export const countries: ReadonlyArray<string> = Object.keys(metadata.countries)

export interface NumberingPlan {
  readonly callingCode: string
  /** Digits that are dialled within the country but are no part of its international numbers, such as a leading 0. */
  readonly trunkPrefix: RegExp | null
  /** The first is the main one, whose the numbers are that no other claims. */
  readonly regions: ReadonlyArray<Region>
}

export interface Region {
  /** Null for a calling code that belongs to no country: +800, +882, ... */
  readonly country: string | null
  /** Possible lengths of what follows the calling code, in rising order. */
  readonly lengths: ReadonlyArray<number>
  owns(national: string): boolean
}

/** Plan of the calling code that `digits` begin with; null if there is no such code. */
export const planOf = (digits: string): NumberingPlan | null => {
  // No calling code is the beginning of another one.
  for (let length = 1; length <= 3; length++) {
    const plan = plans.get(digits.slice(0, length))
    if (plan !== undefined) return plan()
  }
  return null
}

/** Where a number of `plan` belongs. */
export const regionOf = ({ regions }: NumberingPlan, national: string): Region | undefined =>
  (regions.length > 1 ? regions.find(({ owns }) => owns(national)) : undefined) ?? regions[0]

/** Calling code of one of `countries`. */
export const callingCodeOf = (country: string): string =>
  // See tablesOf.
  getCountryCallingCode(country as Country, metadata)

/** These exist on libphonenumber's class at run time, its declarations leave them out. */
interface Tables {
  possibleLengths(): ReadonlyArray<number>
  leadingDigits(): string | undefined
  nationalPrefixForParsing(): string | undefined
  nationalNumberPattern(): string
  /** Per number type its pattern and, if they differ from the plan's, its lengths. */
  types(): ReadonlyArray<0 | readonly [string, ReadonlyArray<number>?]> | 0 | undefined
}

const tablesOf = (countryOrCallingCode: string): Tables => {
  const selected = new Metadata(metadata)
  // Takes a calling code too, and the declared type of countries is narrower than their list at run time.
  selected.selectNumberingPlan(countryOrCallingCode as Country)
  // See Tables. The version of the package is pinned, and a test compares every answer with its parser's.
  return selected.numberingPlan as unknown as Tables
}

const entirely = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)

const ownership = (tables: Tables): ((national: string) => boolean) => {
  const leading = tables.leadingDigits()
  if (leading) {
    const begins = new RegExp(`^(?:${leading})`)
    return (national) => begins.test(national)
  }
  const general = entirely(tables.nationalNumberPattern())
  const types = (tables.types() || []).flatMap((type) =>
    type && type[0] ? [{ pattern: entirely(type[0]), lengths: type[1] }] : []
  )
  return (national) =>
    general.test(national) &&
    types.some(({ lengths, pattern }) => (lengths?.includes(national.length) ?? true) && pattern.test(national))
}

const makeRegion = (country: string): Region => {
  const tables = tablesOf(country)
  return { country, lengths: tables.possibleLengths(), owns: ownership(tables) }
}

const makePlan = (callingCode: string, countries: ReadonlyArray<string>): NumberingPlan => {
  const tables = tablesOf(callingCode)
  const prefix = tables.nationalPrefixForParsing()
  return {
    callingCode,
    trunkPrefix: prefix ? new RegExp(`^(?:${prefix})`) : null,
    regions:
      countries.length > 0
        ? countries.map(makeRegion)
        : [{ country: null, lengths: tables.possibleLengths(), owns: () => true }]
  }
}

const lazily = <A>(make: () => A): (() => A) => {
  let made: A | undefined
  return () => (made ??= make())
}

/** All 215 calling codes: the memory that this takes is bounded by the tables. */
const plans: ReadonlyMap<string, () => NumberingPlan> = new Map(
  [
    ...Object.entries(metadata.country_calling_codes),
    ...Object.keys(metadata.nonGeographic).map((code): [string, ReadonlyArray<string>] => [code, []])
  ].map(([code, countries]) => [code, lazily(() => makePlan(code, countries))])
)
