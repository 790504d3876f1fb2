/** What a number is sold as. libphonenumber decides: a number that it does not know as valid is not sold at all. */
import { CountryCode, type CoverageTable, type NumberType } from "@cliqtel/sms-core"
import parsePhoneNumber, { type PhoneNumberType } from "libphonenumber-js/max"
import { countriesOf, planOf } from "./NumberPlan.ts"

export interface Kind {
  readonly country: CountryCode
  readonly type: NumberType
}

/**
 * One kind, even for a number that could be several: in the US and Canada mobile numbers look like any other, and
 * toll-free ones belong to all countries of the calling code. Such numbers are dealt out by the sum of their digits.
 */
export const kindOf = (number: string, coverage: CoverageTable): Kind | undefined => {
  const parsed = parsePhoneNumber(number, { extract: false })
  // What it repairs is no E.164 number, and 00 is dialled within a country alone.
  if (parsed?.number !== number || parsed.nationalNumber.startsWith("00")) return undefined
  const { country, countryCallingCode, nationalNumber } = parsed
  const kinds = typesOf(parsed.getType()).flatMap((type) =>
    countriesOf(countryCallingCode)
      .map((code) => CountryCode.make(code))
      .filter((code) => coverage.has(code))
      .filter((code) => code === country || (type === "toll_free" && fits(nationalNumber, code, type)))
      .map((code): Kind => ({ country: code, type }))
  )
  return kinds.length === 0 ? undefined : kinds[digitSum(number) % kinds.length]
}

const typesOf = (type: PhoneNumberType | undefined): ReadonlyArray<NumberType> => {
  if (type === "FIXED_LINE") return ["local"]
  if (type === "MOBILE") return ["mobile"]
  if (type === "FIXED_LINE_OR_MOBILE") return ["local", "mobile"]
  return type === "TOLL_FREE" ? ["toll_free"] : []
}

const fits = (national: string, country: string, type: NumberType): boolean => {
  const plan = planOf(country, type)
  return plan !== null && plan.lengths.includes(national.length) && new RegExp(`^(?:${plan.pattern})$`).test(national)
}

const digitSum = (number: string): number => {
  let sum = 0
  for (const digit of number.slice(1)) sum += Number(digit)
  return sum
}
