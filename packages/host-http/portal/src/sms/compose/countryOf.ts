/** Where a number leads to, as far as can be told while it is typed. Its tables are large: load it when they are needed. */
import { AsYouType } from "libphonenumber-js/core"
import metadata from "libphonenumber-js/min/metadata"

/** `number`: the beginning of one in E.164. Where countries share a calling code: the main one, until it is known better. */
export const countryOf = (number: string): string | undefined => {
  if (!number.startsWith("+")) return undefined
  const typed = new AsYouType(undefined, metadata)
  typed.input(number)
  const code = typed.getCallingCode()
  return typed.getCountry() ?? (code === undefined ? undefined : metadata.country_calling_codes[code]?.[0])
}
