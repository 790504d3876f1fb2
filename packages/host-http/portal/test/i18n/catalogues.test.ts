import { describe, expect, it } from "vitest"
import { catalogueOf, languages, others, pluralOf } from "./catalogues.ts"

const english = catalogueOf("en")

/** The keys that a language has to have: those of English, with the plural forms of its own. */
const keysFor = (language: string): ReadonlyArray<string> => {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
  return [...english.keys()].flatMap((key) => {
    const plural = pluralOf(key)
    if (plural === undefined) return [key]
    return plural.category === "other" ? pluralCategories.map((category) => `${plural.base}_${category}`) : []
  })
}

/** Counts that a language can say in a word of their own. */
const WORDED = new Set(["zero", "one", "two"])

/** What a text is filled with, and the tags in it. */
const holes = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/\{\{[\s-]*([\w.]+)[^}]*\}\}|<\/?\w+\s*\/?>/g)].map(([whole, name]) => name ?? whole))

/** Names, and words that many languages write alike. */
const ALIKE = new Set([
  "API",
  "API Keys",
  "Alias",
  "Cliqtel",
  "Cliqtel SMS",
  "Code",
  "Demo",
  "Details",
  "GSM-7",
  "ID",
  "Live",
  "Name",
  "OK",
  "SMS",
  "Status",
  "Test",
  "Type",
  "UCS-2",
  "Unicode",
  "Webhook",
  "Webhooks"
])

const hasWords = (text: string): boolean => /\p{L}{3}/u.test(text.replace(/\{\{.*?\}\}/g, ""))

/** The share of texts that may be written as in English by chance; French has the most of them. */
const CHANCE = 0.06

describe.each(languages)("the catalogue of %s", (language) => {
  const catalogue = catalogueOf(language)

  it("has the keys of English, in the plural forms of its language", () => {
    expect([...catalogue.keys()].toSorted()).toEqual(keysFor(language).toSorted())
  })

  it("has no empty text, and none with blanks around it", () => {
    expect([...catalogue].filter(([, text]) => text === "" || text !== text.trim())).toEqual([])
  })
})

describe.each(others)("the texts of %s", (language) => {
  const catalogue = catalogueOf(language)

  it("are filled with what the English ones are, and have their tags", () => {
    const differing = [...catalogue].filter(([key, text]) => {
      const plural = pluralOf(key)
      const model = english.get(plural === undefined ? key : `${plural.base}_other`) ?? ""
      const asked = holes(model)
      const given = holes(text)
      const missing = [...asked].filter((name) => !given.has(name))
      const excused = plural !== undefined && WORDED.has(plural.category) ? ["count"] : []
      return [...given].some((name) => !asked.has(name)) || missing.some((name) => !excused.includes(name))
    })
    expect(differing).toEqual([])
  })

  it("are not English", () => {
    const untranslated = [...catalogue].filter(
      ([key, text]) => text === english.get(key) && hasWords(text) && !ALIKE.has(text)
    )
    expect(untranslated.length, JSON.stringify(untranslated)).toBeLessThanOrEqual(catalogue.size * CHANCE)
    expect(catalogue.size).toBeGreaterThan(0)
  })
})
