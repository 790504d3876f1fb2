import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query"
import { askAgainMillis } from "./askAgain.ts"
import { ApiProblem, isPassing } from "./problem.ts"

const STALE_MILLIS = 30_000
const RETRIES = 2

export const makeQueryClient = () => {
  /** A call that nobody stands behind any more: whether somebody is signed in is asked again. */
  const onError = (error: Error) => {
    if (error instanceof ApiProblem && error.code === "unauthorized") {
      void client.invalidateQueries({ queryKey: ["session"] })
    }
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MILLIS,
        // A host on this machine answers while the browser believes itself offline.
        networkMode: "always",
        retry: (failures, error) => isPassing(error) && failures < RETRIES,
        // One page more is asked for again by whoever looks for it.
        refetchInterval: ({ state }) => (state.fetchMeta?.fetchMore === undefined ? askAgainMillis(state.error) : false)
      },
      mutations: { networkMode: "always" }
    }
  })
  return client
}
