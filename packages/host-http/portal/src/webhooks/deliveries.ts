/** The queries on what was sent to a webhook, and what sends more. */
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import { askAgainMillis } from "../api/askAgain.ts"
import type { Answer } from "../api/contract.ts"
import { lookAgainMillis } from "./lookAgain.ts"
import { webhooksQuery } from "./webhooks.ts"

export type Delivery = Answer<"webhooks.deliveries">["deliveries"][number]

export type Attempt = Delivery["attempts"][number]

const PAGE = "25"

/**
 * Nothing tells a page of deliveries as it does of messages, so while some are pending it looks again, and only when
 * their next attempt is due.
 */
export const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["webhooks", "deliveries", id],
    queryFn: ({ pageParam, signal }) =>
      call(
        "webhooks.deliveries",
        { params: { id }, query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        { signal }
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      askAgainMillis(state.error) ||
      (lookAgainMillis(state.data?.pages.flatMap(({ deliveries }) => deliveries) ?? [], Date.now()) ?? false)
  })

/** Also reads the webhook again: what becomes of its deliveries says whether it is failing. */
const useReadAgain = (id: number) => {
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: deliveriesQuery(String(id)).queryKey }),
      client.invalidateQueries({ queryKey: webhooksQuery.queryKey })
    ])
}

export const useTestWebhook = (id: number) =>
  useMutation({
    mutationFn: () => call("webhooks.test", { params: { id: String(id) } }),
    onSettled: useReadAgain(id)
  })

export const useRedeliver = (id: number) =>
  useMutation({
    mutationFn: (deliveryId: number) =>
      call("webhooks.redeliver", { params: { id: String(id), delivery_id: String(deliveryId) } }),
    onSettled: useReadAgain(id)
  })
