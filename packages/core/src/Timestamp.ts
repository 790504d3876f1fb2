/** Moments as they are told: UTC, with six fractional digits. */
import { DateTime } from "effect"
import type { Instant } from "./Message.ts"

/** 2026-04-03T10:15:30.000000Z */
export const formatTimestamp = (at: Instant): string =>
  `${DateTime.formatIso(DateTime.makeUnsafe(at)).slice(0, -1)}000Z`
