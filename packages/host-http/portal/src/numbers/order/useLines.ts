import { useQueries } from "@tanstack/react-query"
import { offersQuery } from "../numbers.ts"
import type { Cart } from "./cart.ts"
import { linesOf } from "./totals.ts"

/** The chosen numbers with what they cost now, as a query: the address holds neither prices nor what is still there. */
export const useLines = (cart: Cart) => {
  const kinds = new Map(cart.map((item) => [`${item.country} ${item.type}`, item]))
  const queries = useQueries({
    queries: [...kinds.values()].map(({ country, type }) => offersQuery(country, type))
  })
  const offers = queries.flatMap(({ data }) => data?.numbers ?? [])
  return {
    data: queries.every(({ data }) => data !== undefined) ? linesOf(cart, offers) : undefined,
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    // Of those that have none yet.
    errorUpdatedAt: Math.max(
      0,
      ...queries.map(({ data, errorUpdatedAt }) => (data === undefined ? errorUpdatedAt : 0))
    ),
    refetch: () => Promise.all(queries.map(({ refetch }) => refetch()))
  }
}
