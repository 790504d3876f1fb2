import { getCountryCallingCode, isSupportedCountry } from "libphonenumber-js/min"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import type { CountryCoverage } from "./coverage.ts"
import type { CoverageSearch } from "./coverageSearch.ts"
import { matches, type Row, sorted } from "./search.ts"

/** The countries that are sought, in the order that is asked for. */
export const useRows = (countries: ReadonlyArray<CountryCoverage>, search: CoverageSearch): ReadonlyArray<Row> => {
  const { i18n } = useTranslation()
  const { country: nameOf } = useFormat()
  const { desc = false, q = "", sort = "country" } = search
  return useMemo(() => {
    const { compare } = new Intl.Collator(i18n.language)
    const rows = countries.map((row) => ({
      ...row,
      localName: nameOf(row.country),
      diallingCode: diallingCodeOf(row.country)
    }))
    return sorted(
      rows.filter((row) => matches(row, q)),
      sort,
      desc,
      compare
    )
  }, [countries, desc, i18n.language, nameOf, q, sort])
}

const diallingCodeOf = (country: string): string | undefined =>
  isSupportedCountry(country) ? `+${getCountryCallingCode(country)}` : undefined
