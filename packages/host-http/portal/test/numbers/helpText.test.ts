import { expect, test } from "vitest"
import { MAX_CHARACTERS, measure } from "../../src/numbers/helpText.ts"

test("an answer counts characters, not code units, and is billed as the host bills it", () => {
  expect(measure("Call +31201234567.")).toEqual({ characters: 18, segments: 1, refusal: undefined })
  expect(measure("👍")).toEqual({ characters: 1, segments: 1, refusal: undefined })
  expect(measure("a".repeat(161)).segments).toBe(2)
  expect(measure("é👍".repeat(24)).segments).toBe(2)
})

test("blank answers and those longer than a message are refused", () => {
  expect(measure("").refusal).toBe("missing")
  expect(measure(" \n ").refusal).toBe("missing")
  expect(measure("👍".repeat(MAX_CHARACTERS)).refusal).toBeUndefined()
  expect(measure("👍".repeat(MAX_CHARACTERS + 1)).refusal).toBe("tooLong")
})
