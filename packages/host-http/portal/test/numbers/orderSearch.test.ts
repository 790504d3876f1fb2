import { expect, test } from "vitest"
import { readOrderSearch } from "../../src/numbers/order/orderSearch.ts"

test("the address of an order is read as far as it makes sense", () => {
  const search = { step: 2, country: "NL", type: "mobile", cart: "NL-mobile-31642985808" }
  expect(readOrderSearch(search)).toEqual(search)
  expect(readOrderSearch({ step: 4, country: "nl", type: "fax", cart: "", colour: "red" })).toEqual({})
  expect(readOrderSearch({ step: "2", country: 1, type: null, cart: [] })).toEqual({})
})
