/** Each error of the core as the problem that tells it. */
import {
  formatMoney,
  type IdempotencyInProgress,
  type IdempotencyMismatch,
  type InsufficientBalance,
  type Money,
  type Rejection
} from "@cliqtel/sms-core"
import { type Problem, problem } from "../api/Problem.ts"
import { rateLimitHeaders, retryAfter } from "../RateLimitHeaders.ts"

export const rejectionProblem = (rejection: Rejection | IdempotencyMismatch | IdempotencyInProgress): Problem => {
  switch (rejection._tag) {
    case "NumberNotFound":
      return problem("not_found", `There is no number ${rejection.numberId} in this account.`)
    case "SmsNotEnabled":
      return problem("sms_not_enabled", `SMS is not enabled on ${rejection.number}.`)
    case "InvalidDestination":
      return problem("invalid_destination", rejection.reason)
    case "DestinationNotSupported":
      return problem("destination_not_supported", `There is no price or no route for ${rejection.to}.`)
    case "OptedOut":
      return problem("opted_out", `${rejection.to} has replied STOP to this number.`)
    case "MessageTooLong":
      return problem(
        "validation_failed",
        `The text has ${rejection.segments} segments, the carrier of this number takes ${rejection.limit}.`,
        { errors: [{ path: "body", message: `must fit into ${rejection.limit} segments` }] }
      )
    case "RateLimited":
      return problem("rate_limited", `This account may send ${rejection.perSecond} messages a second.`, {
        headers: {
          ...rateLimitHeaders({ perSecond: rejection.perSecond, remaining: 0, resetMillis: 1000 }),
          "retry-after": retryAfter(rejection.retryAfterMillis)
        }
      })
    case "InsufficientBalance":
      return insufficient((price) => `The message costs ${price}`, rejection)
    case "IdempotencyMismatch":
      return problem("idempotency_mismatch", "This Idempotency-Key came with another request before. Use a new key.")
    case "IdempotencyInProgress":
      return problem("idempotency_in_progress", "The first request with this Idempotency-Key is not answered yet.", {
        headers: { "retry-after": "1" }
      })
  }
}

export const insufficient = (costs: (price: string) => string, { balance, price }: InsufficientBalance): Problem =>
  problem("insufficient_balance", `${costs(forPeople(price))}, the wallet holds ${forPeople(balance)}.`)

/** EUR 0.10, EUR 25.00, EUR 0.008: with two decimals at least. */
const forPeople = (amount: Money): string => {
  const text = formatMoney(amount)
  return text.includes(".") ? text.replace(/\.\d$/, "$&0") : `${text}.00`
}
