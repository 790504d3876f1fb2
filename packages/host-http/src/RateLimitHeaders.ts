/** The account's rate limit as draft-ietf-httpapi-ratelimit-headers has it, and Retry-After. */

/** Whole seconds, at least one, and never too early. */
export const retryAfter = (millis: number): string => String(Math.max(1, Math.ceil(millis / 1000)))

export interface RateLimitState {
  readonly perSecond: number
  readonly remaining: number
  /** Until the quota is whole again. */
  readonly resetMillis: number
}

export const rateLimitHeaders = ({ perSecond, remaining, resetMillis }: RateLimitState) => ({
  "ratelimit-policy": `"account";q=${perSecond};w=1`,
  ratelimit: `"account";r=${Math.max(0, Math.floor(remaining))};t=${Math.max(0, Math.ceil(resetMillis / 1000))}`
})
