/** The wallet's queries, and how money comes into it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer } from "../api/contract.ts"
import { readAgain } from "../api/readAgain.ts"
import { type Payment, paymentOf } from "./payment.ts"

export type WalletDetails = Answer<"wallet.get">["wallet"]

export type Entry = Answer<"wallet.entries">["entries"][number]

const PAGE = "50"

export const walletQuery = queryOptions({
  queryKey: ["wallet", "balance"],
  queryFn: ({ signal }) => call("wallet.get", {}, { signal })
})

export const entriesQuery = infiniteQueryOptions({
  queryKey: ["wallet", "entries"],
  queryFn: ({ pageParam, signal }) =>
    call(
      "wallet.entries",
      { query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
      { signal }
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor
})

export const useWallet = () => useQuery(walletQuery)

/** undefined: the wallet is not read yet. */
export const usePayment = (price: string): Payment | undefined => {
  const { data } = useWallet()
  return data === undefined ? undefined : paymentOf(data.wallet, price)
}

interface TopUpRequest {
  readonly payload: { readonly amount: string }
  readonly idempotencyKey: string
}

export const useTopUp = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ idempotencyKey, payload }: TopUpRequest) => call("wallet.topUp", { payload }, { idempotencyKey }),
    // Also after a failure: it may have been booked unheard.
    onSettled: () => readAgain(client, ["wallet"])
  })
}
