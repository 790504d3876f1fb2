import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ApiProblem, NoAnswer } from "../../src/api/problem.ts"
import { affords, micros } from "../../src/sms/compose/affords.ts"
import { counterOf } from "../../src/sms/compose/counter.ts"
import { missingOf } from "../../src/sms/compose/missing.ts"
import { placeOf } from "../../src/sms/compose/problemPlace.ts"

const decimal = (value: bigint) =>
  `${value / 1_000_000n}.${String(value % 1_000_000n).padStart(6, "0")}`.replace(/\.?0+$/, "")

describe("affords", () => {
  it("compares to the last micro-unit", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.bigInt({ min: -2n, max: 2n }), (price, more) => {
        const balance = price + more < 0n ? 0n : price + more
        expect(micros(decimal(price))).toBe(price)
        expect(affords(decimal(balance), decimal(price))).toBe(balance >= price)
      })
    )
  })

  it("reads what is owed", () => {
    expect(micros("-0.008")).toBe(-8000n)
  })
})

describe("missingOf", () => {
  it("finds nothing in a message that is complete", () => {
    expect(missingOf({ from: 1, to: "0031 6 12345678", body: "Hi" }, counterOf("Hi"))).toEqual({})
  })

  it("names each thing that is lacking", () => {
    expect(missingOf({ from: undefined, to: "06", body: "" }, counterOf(""))).toEqual({
      from: "noFrom",
      to: "noTo",
      body: "empty"
    })
    const long = "a".repeat(1601)
    expect(missingOf({ from: 1, to: "+31612345678", body: long }, counterOf(long))).toEqual({ body: "tooLong" })
  })
})

describe("placeOf", () => {
  const problem = (code: ApiProblem["code"], path?: string) =>
    new ApiProblem(
      {
        success: false,
        type: `/problems/${code}`,
        title: "",
        status: 422,
        code,
        detail: "",
        request_id: "",
        ...(path === undefined ? {} : { errors: [{ path, message: "" }] })
      },
      0
    )

  it.each([
    ["sms_not_enabled", "from"],
    ["invalid_destination", "to"],
    ["destination_not_supported", "to"],
    ["opted_out", "to"],
    ["insufficient_balance", "price"],
    ["rate_limited", "send"],
    ["internal", "send"]
  ] as const)("tells of %s at %s", (code, place) => {
    expect(placeOf(problem(code))).toBe(place)
  })

  it("tells of an invalid field at that field", () => {
    expect(placeOf(problem("validation_failed", "body"))).toBe("body")
    expect(placeOf(problem("validation_failed", "from_number_id"))).toBe("from")
    expect(placeOf(problem("validation_failed", "media"))).toBe("send")
  })

  it("tells of a lost answer where it is sent again", () => {
    expect(placeOf(new NoAnswer(undefined))).toBe("send")
  })
})
