/** The queries on opt-outs, and what undoes one. */
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer } from "../api/contract.ts"

export type OptOut = Answer<"optOuts.list">["opt_outs"][number]

const PAGE = "50"

export const optOutsQuery = (numberId: number | undefined) =>
  infiniteQueryOptions({
    queryKey: ["optOuts", "list", numberId ?? null],
    queryFn: ({ pageParam, signal }) =>
      call(
        "optOuts.list",
        {
          query: {
            limit: PAGE,
            ...(numberId === undefined ? {} : { number_id: String(numberId) }),
            ...(pageParam === null ? {} : { cursor: pageParam })
          }
        },
        { signal }
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor
  })

export const useUndoOptOut = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ number_id, person }: OptOut) =>
      call("optOuts.undo", { query: { number_id: String(number_id), person } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["optOuts"] })
  })
}
