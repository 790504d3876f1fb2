import { expect, test } from "vitest"
import { ApiProblem, NoAnswer } from "../../src/api/problem.ts"
import { isOpen } from "../../src/api/repeat.ts"

const problem = (code: ApiProblem["code"], status: number) =>
  new ApiProblem({ success: false, type: "", title: "", detail: "", request_id: "", code, status }, 0)

test.each([
  new NoAnswer(undefined),
  problem("unavailable", 503),
  problem("internal", 500),
  problem("request_timeout", 408),
  problem("idempotency_in_progress", 409)
])("$name $code may have been carried out, so it is repeated under its key", (error) => {
  expect(isOpen(error)).toBe(true)
})

test.each([
  problem("insufficient_balance", 402),
  problem("payment_declined", 402),
  problem("number_taken", 409),
  problem("validation_failed", 422),
  problem("idempotency_mismatch", 422)
])("$code was not carried out, so the next try is a new request", (error) => {
  expect(isOpen(error)).toBe(false)
})
