/** The queries on API keys, and what changes them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer, Request } from "../api/contract.ts"

export type ApiKey = Answer<"keys.list">["api_keys"][number]

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: ({ signal }) => call("keys.list", {}, { signal })
})

interface CreateRequest {
  readonly payload: Request<"keys.create">["payload"]
  readonly idempotencyKey: string
}

export const useCreateKey = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ idempotencyKey, payload }: CreateRequest) => call("keys.create", { payload }, { idempotencyKey }),
    // The answer holds the key itself, which is not to be kept.
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey })
  })
}

export const useRevokeKey = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => call("keys.revoke", { params: { id: String(id) } }),
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey })
  })
}
