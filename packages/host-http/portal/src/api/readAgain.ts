import type { Query, QueryClient, QueryKey } from "@tanstack/react-query"

/** Those whose first answer is awaited though it may be older than what has changed. */
const outrun = new WeakSet<Query>()

/**
 * Has what may have changed read again. What is just being read for the first time too, once more after that: `invalidateQueries` by
 * itself takes the answer to come for the news.
 */
export const readAgain = (client: QueryClient, queryKey: QueryKey): void => {
  for (const query of client.getQueryCache().findAll({ queryKey })) {
    const { data, fetchStatus } = query.state
    if (data !== undefined || fetchStatus === "idle" || outrun.has(query)) continue
    outrun.add(query)
    const again = () => {
      outrun.delete(query)
      void client.invalidateQueries({ queryKey: query.queryKey, exact: true })
    }
    // One that fails is asked again where it is shown.
    query.promise?.then(again, () => outrun.delete(query))
  }
  void client.invalidateQueries({ queryKey })
}
