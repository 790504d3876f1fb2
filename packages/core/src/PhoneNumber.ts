/**
 * A phone number is an E.164 text and nothing else: `+`, the calling code, the number. Whoever writes it another way is
 * told what to change; it is never repaired in silence, since two spellings of one person would be two opt-outs.
 *
 * A destination must be possible: a calling code that exists, followed by a number of digits that its plan has. Whether
 * the number is in use only the carrier can say, and new ranges open faster than tables are released.
 */
import parsePhoneNumber from "libphonenumber-js/core"
import metadata from "libphonenumber-js/min/metadata"
import { Result, Schema } from "effect"
import { countries, type NumberingPlan, planOf, regionOf } from "./NumberingPlan.ts"

const PATTERN = /^\+[1-9]\d{6,14}$/

/** ITU-T E.164: at most 15 digits; the shortest ones in use have 7. */
export const E164 = Schema.String.check(
  Schema.isPattern(PATTERN, { expected: "a phone number in E.164 form, such as +31612345678" })
).pipe(Schema.brand("E164"))
export type E164 = typeof E164.Type

/** ISO 3166-1 alpha-2 code of a country that has telephone numbers. */
export const CountryCode = Schema.Literals(countries)
  .annotate({ expected: "a country's ISO 3166-1 alpha-2 code, such as NL" })
  .pipe(Schema.brand("CountryCode"))
export type CountryCode = typeof CountryCode.Type

export interface Destination {
  readonly number: E164
  /**
   * Where several countries share a calling code: the one that has the number, else the code's main country (US for +1,
   * so the 500 and 800 numbers too). Null for calling codes that belong to no country: +800, +870, +881, +882, +883, ...
   */
  readonly country: CountryCode | null
}

/** No number can be reached by this text; `reason` tells a person what to do. */
export class InvalidPhoneNumber extends Schema.TaggedError<InvalidPhoneNumber>()("InvalidPhoneNumber", {
  reason: Schema.String
}) {
  override get message(): string {
    return this.reason
  }
}

export const parseDestination = (text: string): Result.Result<Destination, InvalidPhoneNumber> => {
  if (!PATTERN.test(text)) return invalid(whatIsWrong(text))

  const plan = planOf(text.slice(1))
  if (plan === null) return invalid(`No country has a calling code that +${text.slice(1, 4)} begins with.`)

  const international = withoutTrunkPrefix(plan, text)
  if (international !== text) return invalid(advice(plan, international))

  const national = nationalOf(plan, text)
  const { country = null, lengths = [] } = regionOf(plan, national) ?? {}
  if (!lengths.includes(national.length)) {
    return invalid(
      `A number of +${plan.callingCode} has ${oneOf(lengths)} digits after that code, this one has ${national.length}.`
    )
  }
  return Result.succeed({ number: E164.make(text), country: country === null ? null : CountryCode.make(country) })
}

const invalid = (reason: string) => Result.fail(new InvalidPhoneNumber({ reason }))

const EXAMPLE = "such as +31612345678"

/** Why a text is not E.164. Looks at its beginning alone, so that a huge text costs no more than a short one. */
const whatIsWrong = (text: string): string => {
  const start = text.slice(0, 32)
  if (start.trim() === "") return `Enter the number to send to, with + and the country code, ${EXAMPLE}.`
  if (/^\s*00/.test(start)) return `Write + instead of the leading 00, ${EXAMPLE}.`
  if (!/^\s*\+/.test(start)) return `Begin with + and the country code, ${EXAMPLE}.`
  if (!/^\+\d*$/.test(start)) return `Write only the digits 0 to 9 after the +: no spaces, dashes, brackets or letters.`
  if (start[1] === "0") return `Begin with + and the country code, which never begins with 0, ${EXAMPLE}.`
  return text.length > 16
    ? "A phone number has at most 15 digits after the +."
    : "A phone number has at least 7 digits after the +: the country code and the whole number."
}

/**
 * +44 07911 123456 reaches +44 7911 123456 on some networks and nobody on others. Only the few numbers that begin like a
 * trunk prefix go through libphonenumber's parser; it knows the countries whose numbers really begin so (Italy's 0).
 */
const withoutTrunkPrefix = (plan: NumberingPlan, text: string): string => {
  const prefix = plan.trunkPrefix?.exec(nationalOf(plan, text))?.[0]
  if (!prefix) return text
  return parsePhoneNumber(text, { extract: false }, metadata)?.number ?? text
}

/** Names the number that was probably meant, unless it would be refused in its turn. */
const advice = (plan: NumberingPlan, meant: string): string => {
  const national = nationalOf(plan, meant)
  const possible =
    PATTERN.test(meant) &&
    withoutTrunkPrefix(plan, meant) === meant &&
    regionOf(plan, national)?.lengths.includes(national.length)
  return possible
    ? `Leave out what is dialled only within the country, and write it as ${meant}.`
    : `Leave out what is dialled only within the country after +${plan.callingCode}, such as a leading 0.`
}

const nationalOf = ({ callingCode }: NumberingPlan, text: string): string => text.slice(1 + callingCode.length)

/** "9", "9 or 10", "4 to 15". */
const oneOf = (lengths: ReadonlyArray<number>): string => {
  const [first = 0] = lengths
  const last = lengths.at(-1) ?? first
  if (lengths.length > 2 && last - first === lengths.length - 1) return `${first} to ${last}`
  return lengths.length === 1 ? `${first}` : `${lengths.slice(0, -1).join(", ")} or ${last}`
}
