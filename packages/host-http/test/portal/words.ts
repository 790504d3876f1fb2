/** What the portal says, by its catalogues as they lie in their folders. */
import { readdirSync, readFileSync } from "node:fs"

interface Texts {
  readonly [key: string]: string | Texts
}

const LOCALES = new URL("../../portal/src/i18n/locales/", import.meta.url)

export const languages: ReadonlyArray<string> = readdirSync(LOCALES)

const flat = (texts: Texts, prefix: string): ReadonlyArray<readonly [string, string]> =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${prefix}${key}`, value] as const] : flat(value, `${prefix}${key}.`)
  )

/** Texts by "namespace:path.to.key". */
export const catalogueOf = (language: string): ReadonlyMap<string, string> => {
  const folder = new URL(`${language}/`, LOCALES)
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"))
  return new Map(
    files.flatMap((name) =>
      flat(JSON.parse(readFileSync(new URL(name, folder), "utf8")), `${name.slice(0, -".json".length)}:`)
    )
  )
}

export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string

/** The words of one language; with a `count`, in the form that the language has for so many, as i18next chooses it. */
export const wordsOf = (language: string): Words => {
  const catalogue = catalogueOf(language)
  const plurals = new Intl.PluralRules(language)
  return (key, values = {}) => {
    const text = catalogue.get(key) ?? catalogue.get(`${key}_${plurals.select(Number(values["count"]))}`)
    if (text === undefined) throw new Error(`${language} has no ${key}`)
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))
  }
}
