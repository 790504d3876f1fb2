import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readComposeSearch } from "../../src/sms/composeSearch.ts"
import { DIRECTIONS, filtersOf, type InboxSearch, readInboxSearch, STATUSES } from "../../src/sms/inboxSearch.ts"

const search: fc.Arbitrary<InboxSearch> = fc.record(
  {
    number: fc.integer({ min: 1 }),
    direction: fc.constantFrom(...DIRECTIONS),
    status: fc.constantFrom(...STATUSES),
    contact: fc.stringMatching(/^\+[1-9]\d{6,14}$/)
  },
  { requiredKeys: [] }
)

describe("readInboxSearch", () => {
  it("has the same filters after a way through the address", () => {
    fc.assert(
      fc.property(search, (search) => {
        expect(readInboxSearch(defaultParseSearch(defaultStringifySearch(search)))).toEqual(search)
      })
    )
  })

  it("takes only filters from an address, whatever somebody has written there", () => {
    const anything = fc.dictionary(
      fc.oneof(fc.constantFrom("number", "direction", "status", "contact"), fc.string()),
      fc.anything()
    )
    fc.assert(
      fc.property(anything, (anything) => {
        const read = readInboxSearch(anything)
        expect(readInboxSearch({ ...read })).toEqual(read)
        for (const value of Object.values(filtersOf(read))) expect(typeof value).toBe("string")
      })
    )
  })

  it.each(["?contact=+31612345678", "?contact=%2B31612345678", "?contact=0031%206%201234%205678"])(
    "finds the person of %s",
    (address) => {
      expect(readInboxSearch(defaultParseSearch(address))).toEqual({ contact: "+31612345678" })
    }
  )

  it("asks the host by its own names", () => {
    expect(filtersOf({ number: 4, direction: "inbound", status: "received", contact: "+31612345678" })).toEqual({
      number_id: "4",
      direction: "inbound",
      status: "received",
      contact: "+31612345678"
    })
  })
})

describe("readComposeSearch", () => {
  it("takes a sender and a recipient, and nothing else", () => {
    expect(readComposeSearch({ from: 4, to: "+31612345678", body: "Buy now" })).toEqual({ from: 4, to: "+31612345678" })
    expect(readComposeSearch({ from: "4", to: "nobody" })).toEqual({})
  })
})
