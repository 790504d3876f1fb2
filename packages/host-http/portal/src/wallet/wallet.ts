/** The wallet's queries. */
import { queryOptions, useQuery } from "@tanstack/react-query"
import { call } from "../api/client.ts"

export const walletQuery = queryOptions({
  queryKey: ["wallet", "balance"],
  queryFn: ({ signal }) => call("wallet.get", {}, { signal })
})

export const useWallet = () => useQuery(walletQuery)
