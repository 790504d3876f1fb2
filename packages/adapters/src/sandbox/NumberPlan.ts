/** libphonenumber's tables of a country's numbers of one type. */
import type { NumberType } from "@cliqtel/sms-core"
import { type CountryCode as Country, Metadata, type PhoneNumberType } from "libphonenumber-js/core"
// The "min" tables do not have the patterns of most types.
import metadata from "libphonenumber-js/max/metadata"

export interface NumberPlan {
  readonly callingCode: string
  /** Of what follows the calling code. */
  readonly pattern: string
  readonly lengths: ReadonlyArray<number>
}

/** Null where a country has no numbers of this type. */
export const planOf = (country: string, type: NumberType): NumberPlan | null => {
  const tables = tablesOf(country)
  const found = tables.type(NAMES[type])
  // Where mobile numbers are not told apart from others, their pattern is empty.
  const pattern = type === "mobile" && found?.pattern() === "" ? tables.type("FIXED_LINE")?.pattern() : found?.pattern()
  return found && pattern ? { callingCode: tables.callingCode(), pattern, lengths: found.possibleLengths() } : null
}

/** Countries that share a calling code, its main one first. */
export const countriesOf = (callingCode: string): ReadonlyArray<string> =>
  metadata.country_calling_codes[callingCode] ?? []

const NAMES: Readonly<Record<NumberType, PhoneNumberType>> = {
  local: "FIXED_LINE",
  mobile: "MOBILE",
  toll_free: "TOLL_FREE"
}

/** These exist on libphonenumber's class at run time, its declarations leave them out. */
interface Tables {
  callingCode(): string
  type(name: PhoneNumberType): { pattern(): string; possibleLengths(): ReadonlyArray<number> } | undefined
}

const tablesOf = (country: string): Tables => {
  const selected = new Metadata(metadata)
  // The declared type of countries is narrower than their list at run time.
  selected.selectNumberingPlan(country as Country)
  // See Tables. The version of the package is pinned, and a test compares every number with its parser's answer.
  return selected.numberingPlan as unknown as Tables
}
