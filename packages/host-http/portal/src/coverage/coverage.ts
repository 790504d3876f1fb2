/** Where numbers are sold and messages go, and what they cost. */
import { queryOptions } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer } from "../api/contract.ts"

export type CountryCoverage = Answer<"coverage.list">["countries"][number]

export const coverageQuery = queryOptions({
  queryKey: ["coverage"],
  queryFn: ({ signal }) => call("coverage.list", {}, { signal }),
  staleTime: 10 * 60_000
})
