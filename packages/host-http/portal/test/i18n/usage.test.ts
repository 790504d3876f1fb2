import { expect, it } from "vitest"
import { catalogueOf, pluralOf } from "./catalogues.ts"
import { asked } from "./usage.ts"

/** Plural forms are asked for by what they have in common. */
const keys = [...new Set([...catalogueOf("en").keys()].map((key) => pluralOf(key)?.base ?? key))]

it("Every text of the catalogue is shown somewhere", () => {
  expect(keys.filter((key) => !asked.some(({ pattern }) => pattern.test(key)))).toEqual([])
})

it("Every text that is asked for is in the catalogue", () => {
  const unknown = asked.filter(({ pattern, whole }) => whole && !keys.some((key) => pattern.test(key)))
  expect(unknown.map(({ file, text }) => `${file}: ${text}`)).toEqual([])
  expect(asked.length).toBeGreaterThan(keys.length / 2)
})
