import { describe, expect, it } from "vitest"
import { countryOf } from "../../src/sms/compose/countryOf.ts"

describe("countryOf", () => {
  it.each([
    ["+31", "NL"],
    ["+316", "NL"],
    ["+31612345678", "NL"],
    ["+4479", "GB"],
    ["+447700900123", "GB"],
    ["+1", "US"],
    ["+12125550100", "US"],
    ["+14165550100", "CA"],
    ["+77011234567", "KZ"]
  ])("says of %s that it leads to %s", (number, country) => {
    expect(countryOf(number)).toBe(country)
  })

  it.each(["", "+", "+3", "+80012345678", "+999", "0612345678", "words"])("says nothing of %j", (number) => {
    expect(countryOf(number)).toBeUndefined()
  })
})
