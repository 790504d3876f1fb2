/** The queries on how many messages there were and how they ended. */
import { queryOptions } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer } from "../api/contract.ts"

export type DayStats = Answer<"sms.dailyStats">["days"][number]

/** `number`: id of an own number; undefined: all of them. */
export const statsQuery = (number: number | undefined) =>
  queryOptions({
    queryKey: ["stats", "sums", number ?? null],
    queryFn: ({ signal }) => call("sms.stats", { query: queryOf(number) }, { signal })
  })

export const dailyStatsQuery = (number: number | undefined) =>
  queryOptions({
    queryKey: ["stats", "days", number ?? null],
    queryFn: ({ signal }) => call("sms.dailyStats", { query: queryOf(number) }, { signal })
  })

const queryOf = (number: number | undefined) => (number === undefined ? {} : { number_id: String(number) })
