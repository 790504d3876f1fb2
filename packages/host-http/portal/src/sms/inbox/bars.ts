/** The bars of a small chart: one for each day, in parts that lie on each other. */
import type { DayStats } from "../stats.ts"

export interface Bar {
  readonly date: string
  /** Shares of the chart's height, from the ground up. */
  readonly delivered: number
  readonly others: number
  readonly failed: number
}

/** The busiest day reaches the top. Receipts may name more than a day's messages, and still no bar grows over it. */
export const barsOf = (days: ReadonlyArray<DayStats>): ReadonlyArray<Bar> => {
  const top = Math.max(1, ...days.map(heightOf))
  return days.map((day) => ({
    date: day.date,
    delivered: day.delivered / top,
    others: (heightOf(day) - day.delivered - day.failed) / top,
    failed: day.failed / top
  }))
}

export const mostOf = (days: ReadonlyArray<DayStats>): number => Math.max(0, ...days.map((day) => day.messages))

const heightOf = ({ delivered, failed, messages }: DayStats): number => Math.max(messages, delivered + failed)
