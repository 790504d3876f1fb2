/** What follows from the outcome of one submit, as pure rules. */
import type { Instant, Message } from "../Message.ts"
import { plainText } from "../PlainText.ts"
import { isKnownSent, type Report } from "../status/Lifecycle.ts"
import type { SubmitOutcome } from "./Carrier.ts"
import type { Verdict } from "./DispatchQueue.ts"

/** A message that no carrier has taken this long after it was accepted has failed (Twilio's and Telnyx's queues: 4 h). */
export const QUEUE_MILLIS = 4 * 60 * 60 * 1000

/** How long an unknown outcome waits for a receipt: carriers report for up to three days. */
export const UNKNOWN_MILLIS = 72 * 60 * 60 * 1000

/** How long a lease lasts: longer than any submit may take. */
export const LEASE_MILLIS = 60_000

/** A submit that has not been answered after this long has an unknown outcome. */
export const SUBMIT_MILLIS = 15_000

const FIRST_RETRY_MILLIS = 500
const LONGEST_RETRY_MILLIS = 60_000

/** Spreads the retries of a group: one random number, and steps that fall evenly between the earlier ones. */
export const spread = (random: number, index: number): number => (random + index * 0.618_033_988_75) % 1

/** Doubling from half a second to a minute; `random` in [0, 1) spreads it over its upper half. */
export const retryDelay = (attempt: number, random: number): number => {
  const full = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** Math.min(attempt - 1, 16))
  return Math.ceil(full / 2 + (full / 2) * random)
}

export interface Attempted {
  readonly message: Message
  readonly attempt: number
  readonly outcome: SubmitOutcome
  /** Whether the carrier takes a repeated submit as the same message. */
  readonly idempotentSubmits: boolean
}

export interface Consequence {
  readonly report: Report
  readonly verdict: Verdict
}

/** What to record of an attempt, and what becomes of the message's place in the queue. */
export const consequenceOf = (attempted: Attempted, now: Instant, random: number): Consequence => {
  const { attempt, message, outcome } = attempted
  const detail = "detail" in outcome && outcome.detail !== undefined ? plainText(outcome.detail) : null
  switch (outcome._tag) {
    case "Accepted":
      return { report: { _tag: "Accepted", refs: outcome.refs.map(plainText) }, verdict: DONE }
    case "Rejected":
      return { report: { _tag: "Rejected", reason: plainText(outcome.reason), detail }, verdict: DONE }
    case "Temporary": {
      const at = now + retryDelay(attempt, random)
      if (at <= message.createdAt + QUEUE_MILLIS || isKnownSent(message)) {
        return { report: { _tag: "Deferred", detail }, verdict: settledOr(message, { _tag: "Retry", at }) }
      }
      // Where an unknown outcome is tried again, an earlier attempt may have been taken: only a receipt can tell.
      return attempted.idempotentSubmits && attempt > 1
        ? { report: { _tag: "OutcomeUnknown", detail }, verdict: { _tag: "Park", until: now + UNKNOWN_MILLIS } }
        : { report: { _tag: "Expired", reason: "carrier_unavailable" }, verdict: DONE }
    }
    case "Unknown": {
      const at = now + retryDelay(attempt, random)
      const verdict: Verdict =
        attempted.idempotentSubmits && at <= message.createdAt + QUEUE_MILLIS
          ? { _tag: "Retry", at }
          : { _tag: "Park", until: now + UNKNOWN_MILLIS }
      return { report: { _tag: "OutcomeUnknown", detail }, verdict: settledOr(message, verdict) }
    }
  }
}

const DONE: Verdict = { _tag: "Done" }

/** A message that a receipt has brought to `sent` or beyond in the meantime needs no further attempt. */
const settledOr = (message: Message, verdict: Verdict): Verdict => (isKnownSent(message) ? DONE : verdict)
