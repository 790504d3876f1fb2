/**
 * Months of a subscription: they end on the day and at the time of day (UTC) that it began at, or on the last day of a
 * month that is too short. Each is counted from the beginning, so Jan 31 is followed by Feb 28 and then by Mar 31.
 */
import { DateTime } from "effect"
import type { Instant } from "../Message.ts"

/** `count` months after `anchor`. */
export const monthsAfter = (anchor: Instant, count: number): Instant => {
  const from = DateTime.makeUnsafe(anchor)
  const first = DateTime.setPartsUtc(from, { day: 1 })
  const month = DateTime.add(first, { months: count })
  const lastDay = DateTime.getPartUtc(DateTime.endOf(month, "month"), "day")
  const day = Math.min(DateTime.getPartUtc(from, "day"), lastDay)
  return DateTime.toEpochMillis(DateTime.setPartsUtc(month, { day }))
}

/** The first end of a month of `anchor` that lies after `moment`. */
export const nextMonthEnd = (anchor: Instant, moment: Instant): Instant => {
  const from = DateTime.toPartsUtc(DateTime.makeUnsafe(anchor))
  const to = DateTime.toPartsUtc(DateTime.makeUnsafe(moment))
  let count = Math.max(1, (to.year - from.year) * 12 + to.month - from.month)
  while (monthsAfter(anchor, count) <= moment) count++
  return monthsAfter(anchor, count)
}
