/** All numbers of a country and type that look like what people there have, one after the other. */
import type { CountryCode, NumberType } from "@cliqtel/sms-core"
import { countOf, readPattern } from "./DigitPattern.ts"
import { planOf } from "./NumberPlan.ts"

export interface NumberRange {
  readonly size: number
  /** The one at `place`, from 0, in E.164 form. Some stand at two places, where two rules of a plan allow them. */
  at(place: number): string
}

/** Digits behind the calling code: plans allow fewer and more, but few people would take those for a phone number. */
const SHORTEST = 7
const LONGEST = 10

/** Their mobile numbers are longer. */
const LONGER: Readonly<Record<string, number>> = { AR: 11, BR: 11 }

/** Null where a country has none. */
export const rangeOf = (country: CountryCode, type: NumberType): NumberRange | null => {
  const plan = planOf(country, type)
  if (plan === null) return null
  const digits = readPattern(plan.pattern)
  const possible = plan.lengths.filter((length) => countOf(digits, length) > 0)
  const lengths = usualLengths(possible, LONGER[country] ?? LONGEST)
  if (lengths.length === 0) return null
  return {
    size: lengths.reduce((sum, length) => sum + countOf(digits, length), 0),
    at: (place) => {
      let rest = place
      for (const length of lengths) {
        const count = countOf(digits, length)
        if (rest < count) return `+${plan.callingCode}${digits.at(length, rest)}`
        rest -= count
      }
      throw new Error(`${country} has no ${type} number ${place}`)
    }
  }
}

/** Where a type has none of the usual lengths, the nearest. `lengths` are in rising order. */
const usualLengths = (lengths: ReadonlyArray<number>, longest: number): ReadonlyArray<number> => {
  const usual = lengths.filter((length) => length >= SHORTEST && length <= longest)
  const nearest = lengths.findLast((length) => length < SHORTEST) ?? lengths[0]
  return usual.length > 0 || nearest === undefined ? usual : [nearest]
}
