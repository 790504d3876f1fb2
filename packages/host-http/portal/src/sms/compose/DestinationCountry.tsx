import { useFormat } from "../../i18n/useFormat.ts"
import { countryOf } from "./countryOf.ts"

/** Where a number that is being typed leads to, as soon as that can be told. */
export const DestinationCountry = ({ number }: { readonly number: string }) => {
  const format = useFormat()
  const country = countryOf(number)
  if (country === undefined) return null
  return (
    <>
      <span aria-hidden>{flagOf(country)}</span> <span>{format.country(country)}</span>
    </>
  )
}

/** The flag of a country is its code in regional letters. */
const flagOf = (country: string): string =>
  String.fromCodePoint(...Array.from(country, (letter) => 0x1f1e6 + letter.charCodeAt(0) - "A".charCodeAt(0)))
