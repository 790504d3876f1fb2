/** Who is signed in, and how to come and go. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer, Request } from "../api/contract.ts"
import { leave } from "./leave.ts"

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => call("session.get", {}, { signal }),
  staleTime: 5 * 60_000
})

export type Session = NonNullable<Answer<"session.get">["session"]>

type State = Answer<"session.get">

export const useSession = () => useQuery(sessionQuery)

export const useSignIn = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (payload: Request<"session.open">["payload"]) => call("session.open", { payload }),
    onSuccess: async ({ session }) => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" })
      client.setQueryData(sessionQuery.queryKey, (known): State => ({
        success: true,
        demo: known?.demo ?? false,
        session
      }))
    }
  })
}

export const useSignOut = () =>
  useMutation({
    mutationFn: () => call("session.close", {}),
    onSuccess: leave
  })
