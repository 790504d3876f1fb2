/**
 * How long somebody stays signed in to the portal, after NIST SP 800-63B-4 for AAL2: an hour without a request or a day
 * in all, whichever is over first. Its token is replaced along the way, so that one that leaked is soon worth nothing.
 */
import type { Instant } from "../Message.ts"

const MINUTE_MILLIS = 60_000

/** A session that is not used for this long is over. */
export const IDLE_MILLIS = 60 * MINUTE_MILLIS

const LONGEST_MILLIS = 24 * 60 * MINUTE_MILLIS

/** Use is noted this often, so that a request seldom writes. */
const NOTED_MILLIS = MINUTE_MILLIS

const TOKEN_MILLIS = 15 * MINUTE_MILLIS

/** For requests under way and other tabs, which still bear the token from before. */
const UNDER_WAY_MILLIS = 5000

/** Whoever bears it later than that never got the one that replaced it: until then it is given another. */
const GRACE_MILLIS = MINUTE_MILLIS

/** Sessions of one key at a time; whoever signs in once more ends the oldest. */
export const SESSIONS_PER_KEY = 100

export interface SessionTimes {
  readonly signedInAt: Instant
  /** To the minute. */
  readonly usedAt: Instant
  /** Since when its token is this one. */
  readonly tokenAt: Instant
}

/** When it is over if it is not used again. */
export const sessionEnd = ({ signedInAt, usedAt }: SessionTimes): Instant =>
  Math.min(usedAt + IDLE_MILLIS, signedInAt + LONGEST_MILLIS)

/** What a token of the session is worth; `aged`: good, and to be replaced. */
export type TokenStanding = "good" | "aged" | "worthless"

export const tokenStanding = (session: SessionTimes, token: "current" | "previous", now: Instant): TokenStanding => {
  if (now >= sessionEnd(session)) return "worthless"
  const age = now - session.tokenAt
  if (token === "previous") return age < UNDER_WAY_MILLIS ? "good" : age < GRACE_MILLIS ? "aged" : "worthless"
  return age < TOKEN_MILLIS ? "good" : "aged"
}

/** Whether a use at this moment is to be noted. */
export const isUseNews = ({ usedAt }: SessionTimes, now: Instant): boolean => now - usedAt >= NOTED_MILLIS
