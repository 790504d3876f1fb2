/** The account's numbers that can send. */
import { queryOptions } from "@tanstack/react-query"
import { call } from "../api/client.ts"

export const sendersQuery = queryOptions({
  queryKey: ["numbers", "senders"],
  queryFn: ({ signal }) => call("sms.numbers", {}, { signal })
})
