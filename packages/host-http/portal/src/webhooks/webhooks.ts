/** The queries on webhooks, and what changes them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer, Request } from "../api/contract.ts"

export type Webhook = Answer<"webhooks.list">["webhooks"][number]

export type WebhookFields = Required<Request<"webhooks.create">["payload"]>

/** All of an account, which are few: a page of one reads it from here. */
export const webhooksQuery = queryOptions({
  queryKey: ["webhooks", "list"],
  queryFn: ({ signal }) => call("webhooks.list", {}, { signal })
})

/** Also after a failure, since a change may have been carried out unheard. */
const useReadAgain = () => {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: webhooksQuery.queryKey })
}

interface CreateRequest {
  readonly payload: WebhookFields
  readonly idempotencyKey: string
}

export const useCreateWebhook = () =>
  useMutation({
    mutationFn: ({ idempotencyKey, payload }: CreateRequest) =>
      call("webhooks.create", { payload }, { idempotencyKey }),
    // The answer holds the secret, which is not to be kept.
    gcTime: 0,
    onSettled: useReadAgain()
  })

export const useRotateSecret = (id: number) =>
  useMutation({
    mutationFn: () => call("webhooks.rotateSecret", { params: { id: String(id) } }),
    gcTime: 0,
    onSettled: useReadAgain()
  })

export const useChangeWebhook = (id: number) =>
  useMutation({
    mutationFn: (payload: Request<"webhooks.change">["payload"]) =>
      call("webhooks.change", { params: { id: String(id) }, payload }),
    onSettled: useReadAgain()
  })

export const useRemoveWebhook = (id: number) =>
  useMutation({
    mutationFn: () => call("webhooks.remove", { params: { id: String(id) } }),
    onSettled: useReadAgain()
  })
