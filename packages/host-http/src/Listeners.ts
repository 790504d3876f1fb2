/** How many streams of live updates are open on this host: each takes memory for as long as its client likes. */
import type { AccountId } from "@cliqtel/sms-core"
import { Effect, Stream } from "effect"
import type { Problem } from "./api/Problem.ts"
import { unavailable } from "./Failures.ts"
import type { HttpLimits } from "./Limits.ts"

export interface Listeners {
  /** Why there is no room for one more of the account; undefined if there is. */
  refusal(account: AccountId): Problem | undefined
  /** The stream, which is counted while it runs; one that is never begun is not. */
  counted<A, E, R>(account: AccountId, stream: Stream.Stream<A, E, R>): Stream.Stream<A, E, R>
}

/** Streams end at any moment, but in no hurry. */
const RETRY_MILLIS = 10_000

const hostFull = unavailable("This host tells as many clients of live updates as it can.", RETRY_MILLIS)

export const makeListeners = (limits: HttpLimits): Listeners => {
  const open = new Map<AccountId, number>()
  let all = 0

  const count = (account: AccountId, more: 1 | -1) => {
    const left = (open.get(account) ?? 0) + more
    if (left === 0) open.delete(account)
    else open.set(account, left)
    all += more
  }

  const accountFull = unavailable(
    `The account has ${limits.maxListenersOfAccount} streams of live updates open on this host.`,
    RETRY_MILLIS
  )

  return {
    refusal: (account) => {
      if (all >= limits.maxListeners) return hostFull
      return (open.get(account) ?? 0) >= limits.maxListenersOfAccount ? accountFull : undefined
    },
    counted: (account, stream) =>
      Stream.suspend(() => {
        count(account, 1)
        return Stream.ensuring(
          stream,
          Effect.sync(() => count(account, -1))
        )
      })
  }
}
