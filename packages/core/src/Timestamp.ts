/** Moments as they are told: UTC, with six fractional digits. */
import { DateTime } from "effect"
import type { Instant } from "./Message.ts"

/** Messages of one group are of one moment, and their answers tell it again and again. */
let last = { at: Number.NaN, text: "" }

/** 2026-04-03T10:15:30.000000Z */
export const formatTimestamp = (at: Instant): string => {
  if (at !== last.at) last = { at, text: `${DateTime.formatIso(DateTime.makeUnsafe(at)).slice(0, -1)}000Z` }
  return last.text
}
