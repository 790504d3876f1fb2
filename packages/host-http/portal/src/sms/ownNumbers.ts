/** The account's own numbers, and those of them that can send. */
import { queryOptions } from "@tanstack/react-query"
import { call } from "../api/client.ts"

export const ownNumbersQuery = queryOptions({
  queryKey: ["numbers", "list"],
  queryFn: ({ signal }) => call("numbers.list", {}, { signal })
})

export const sendersQuery = queryOptions({
  queryKey: ["numbers", "senders"],
  queryFn: ({ signal }) => call("sms.numbers", {}, { signal })
})
