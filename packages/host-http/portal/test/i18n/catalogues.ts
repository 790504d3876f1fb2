/** Every catalogue, read as it lies in its folder. */
import { isLanguage, type Language, LANGUAGES } from "../../src/i18n/languages.ts"

interface Texts {
  readonly [key: string]: string | Texts
}

/** Texts by "namespace:path.to.key". */
export type Catalogue = ReadonlyMap<string, string>

const files = import.meta.glob<Texts>("../../src/i18n/locales/*/*.json", { eager: true, import: "default" })

const flat = (texts: Texts, prefix: string): ReadonlyArray<readonly [string, string]> =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${prefix}${key}`, value] as const] : flat(value, `${prefix}${key}.`)
  )

/** What a language has; nothing at all if it has no folder. */
export const catalogueOf = (language: Language): Catalogue =>
  new Map(
    Object.entries(files).flatMap(([path, texts]) => {
      const [, folder, namespace] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? []
      return folder === language ? flat(texts, `${namespace}:`) : []
    })
  )

export const languages: ReadonlyArray<Language> = Object.keys(LANGUAGES).filter(isLanguage)

export const others = languages.filter((language) => language !== "en")

const PLURAL = /^(.+)_(zero|one|two|few|many|other)$/

export interface Plural {
  readonly base: string
  readonly category: string
}

/** Undefined for a key that is no plural form. */
export const pluralOf = (key: string): Plural | undefined => {
  const [, base, category] = PLURAL.exec(key) ?? []
  return base === undefined || category === undefined ? undefined : { base, category }
}
