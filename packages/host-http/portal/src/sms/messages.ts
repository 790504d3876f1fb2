/** The queries on messages, and how a change that was heard of finds its way into them. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer, Request } from "../api/contract.ts"

export type Message = Answer<"sms.list">["messages"][number]

export type MessageFilters = Omit<Request<"sms.list">["query"], "limit" | "cursor">

const PAGE = "50"

export const messagesQuery = (filters: MessageFilters) =>
  infiniteQueryOptions({
    queryKey: ["messages", "list", filters],
    queryFn: ({ pageParam, signal }) =>
      call(
        "sms.list",
        { query: { ...filters, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        { signal }
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor
  })

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ["messages", "one", id],
    queryFn: ({ signal }) => call("sms.get", { params: { id } }, { signal })
  })
