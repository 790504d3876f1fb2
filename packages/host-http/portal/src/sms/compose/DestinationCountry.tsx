import { Country } from "../../ui/Country.tsx"
import { countryOf } from "./countryOf.ts"

/** Where a number that is being typed leads to, as soon as that can be told. */
export const DestinationCountry = ({ number }: { readonly number: string }) => {
  const country = countryOf(number)
  return country === undefined ? null : <Country code={country} />
}
