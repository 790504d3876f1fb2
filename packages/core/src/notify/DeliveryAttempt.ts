/** What follows from one attempt to deliver an event, as pure rules. */
import type { Instant } from "../Message.ts"
import { plainText } from "../PlainText.ts"
import { disable, type DisabledReason, FAILING_MILLIS, type Webhook } from "./Webhook.ts"

/** What came of one attempt. */
export type SendOutcome =
  | {
      readonly _tag: "Answered"
      readonly status: number
      /** The first KiB of the answer. */
      readonly body: string
      /** What the endpoint asks to be left alone for. */
      readonly retryAfterMillis: number | null
      readonly durationMillis: number
    }
  | {
      readonly _tag: "Failed"
      /** For the owner: why there was no answer. */
      readonly reason: string
      readonly durationMillis: number
    }

/** One line of a delivery's log. */
export interface Attempt {
  readonly at: Instant
  readonly status: number | null
  readonly durationMillis: number
  /** Why it failed; null if it did not. */
  readonly error: string | null
  readonly body: string | null
}

/** What becomes of a delivery. */
export type DeliveryVerdict =
  | { readonly _tag: "Delivered" }
  | { readonly _tag: "Retry"; readonly at: Instant }
  /** Every attempt of the schedule has failed, or its endpoint is no longer enabled. */
  | { readonly _tag: "Exhausted" }

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Milliseconds after each failed attempt until the next one; after the last there is none. */
export const SCHEDULE: ReadonlyArray<number> = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR
]

/** An endpoint may ask for a longer wait, but not for much longer than the schedule has. */
const LONGEST_ASKED = 15 * MINUTE

const JITTER = 0.1

/** Milliseconds after the failed attempt `attempt` (from 1); `random` in [0, 1). None when it was the last. */
export const redeliveryDelay = (attempt: number, random: number, retryAfterMillis: number | null): number | null => {
  const base = SCHEDULE[attempt - 1]
  if (base === undefined) return null
  const spread = Math.round(base * (1 - JITTER + 2 * JITTER * random))
  return retryAfterMillis === null
    ? spread
    : Math.max(spread, Math.min(retryAfterMillis, Math.max(2 * base, LONGEST_ASKED)))
}

const GONE = 410

/** 2xx, and nothing else. */
export const isDelivered = (outcome: SendOutcome): boolean =>
  outcome._tag === "Answered" && outcome.status >= 200 && outcome.status < 300

/** `attempt` counts from 1 since the delivery was made or asked for again. */
export const verdictOf = (outcome: SendOutcome, attempt: number, now: Instant, random: number): DeliveryVerdict => {
  if (isDelivered(outcome)) return { _tag: "Delivered" }
  const answered = outcome._tag === "Answered"
  const delay = redeliveryDelay(attempt, random, answered ? outcome.retryAfterMillis : null)
  return delay === null || (answered && outcome.status === GONE)
    ? { _tag: "Exhausted" }
    : { _tag: "Retry", at: now + delay }
}

/**
 * The endpoint after an attempt: the clock of its failures starts, goes on or stops, and it is disabled when it says that
 * it is gone or has failed for too long. Failures that lie further apart than that tell nothing of the time between.
 */
export const afterAttempt = (webhook: Webhook, outcome: SendOutcome, now: Instant): Webhook => {
  if (isDelivered(outcome)) return webhook.failing === null ? webhook : { ...webhook, failing: null }
  if (!webhook.enabled) return webhook
  const before = webhook.failing
  const since = before === null || now - before.lastAt > FAILING_MILLIS ? now : before.since
  const after = { ...webhook, failing: { since, lastAt: now } }
  const reason = reasonToDisable(outcome, since, now)
  return reason === null ? after : disable(after, reason, now)
}

const reasonToDisable = (outcome: SendOutcome, since: Instant, now: Instant): DisabledReason | null => {
  if (outcome._tag === "Answered" && outcome.status === GONE) return "gone"
  return now - since >= FAILING_MILLIS ? "failing" : null
}

export const attemptOf = (outcome: SendOutcome, at: Instant): Attempt =>
  outcome._tag === "Failed"
    ? { at, status: null, durationMillis: outcome.durationMillis, error: plainText(outcome.reason), body: null }
    : {
        at,
        status: outcome.status,
        durationMillis: outcome.durationMillis,
        error: isDelivered(outcome) ? null : `The endpoint answered ${outcome.status}.`,
        body: keptBody(outcome.body)
      }

/** As a database can hold it; what was cut in the middle of a character is that much shorter. */
const keptBody = (body: string): string => body.toWellFormed().replaceAll("\u0000", "")
