import { describe, expect, test } from "vitest"
import { canSwitch, chargeNow, hindrance, paidAhead } from "../../src/numbers/addon.ts"
import { number, withSms } from "./sample.ts"

const END = "2026-12-28T18:20:13.735000Z"
const BEFORE = Date.parse("2026-12-28T18:20:13.734Z")
const AT = Date.parse("2026-12-28T18:20:13.735Z")

describe("switching SMS on", () => {
  test("is for active numbers that can do SMS", () => {
    expect(hindrance(number)).toBeUndefined()
    expect(hindrance({ ...number, status: "pending_verification" })).toBe("notActive")
    expect(hindrance({ ...number, status: "provisioning" })).toBe("notActive")
    expect(hindrance({ ...number, status: "suspended" })).toBe("notActive")
  })

  test("names the type before the status: waiting would not help", () => {
    expect(hindrance({ ...withSms({ available: false }), status: "provisioning" })).toBe("unavailable")
  })

  test("costs the month's price", () => {
    expect(chargeNow(number, AT)).toBe("0.75")
  })

  test("costs nothing within a month that is paid for, and the price from its end on", () => {
    const paid = withSms({ paid_until: END })
    expect(paidAhead(paid, BEFORE)).toBe(END)
    expect(chargeNow(paid, BEFORE)).toBe("0")
    expect(paidAhead(paid, AT)).toBeUndefined()
    expect(chargeNow(paid, AT)).toBe("0.75")
  })
})

test("what is on can be switched off whatever has become of the number", () => {
  const on = withSms({ enabled: true, state: "on" })
  expect(canSwitch({ ...on, status: "suspended" })).toBe(true)
  expect(canSwitch({ ...number, status: "suspended" })).toBe(false)
  expect(canSwitch(withSms({ available: false }))).toBe(false)
})
