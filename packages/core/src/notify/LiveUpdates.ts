/**
 * Use case: an account's changes as they are committed, whichever process commits them, without gap or repetition. Whoever
 * listens first reads by itself what it has missed, as slowly as it likes, and joins the shared tail when it is level.
 */
import { Context, Effect, Layer, Option, Semaphore, Stream } from "effect"
import type { AccountId } from "../Account.ts"
import { ChangeFeed, type FeedPosition, isAfter, type MessageChange } from "./ChangeFeed.ts"
import { patience } from "./Patience.ts"
import { type Listener, makeListener, makeTail, PAGE } from "./Tail.ts"

/** Listeners that begin or read what they have missed at the same time: when all come back at once, sends go on. */
const CATCHING_UP = 4

export interface Subscription {
  /** Everything after this place is told. */
  readonly from: FeedPosition
  /**
   * Ends once 256 changes wait for its reader: what was told has no gap, so the reader comes back with the place of the
   * last one. While the store is away it waits.
   */
  readonly changes: Stream.Stream<MessageChange>
}

export class LiveUpdates extends Context.Service<
  LiveUpdates,
  {
    /** The account's changes after a place, or from now on. */
    subscribe(account: AccountId, after?: FeedPosition): Effect.Effect<Subscription>
  }
>()("@cliqtel/sms-core/notify/LiveUpdates") {
  static readonly layer = Layer.effect(
    LiveUpdates,
    Effect.gen(function* () {
      const feed = yield* ChangeFeed
      const tail = yield* makeTail
      const patiently = patience()
      const turns = yield* Semaphore.make(CATCHING_UP)

      const join = Effect.fnUntraced(function* (account: AccountId, after: FeedPosition) {
        const listener = yield* makeListener(after)
        return tail.join(account, listener) ? listener : undefined
      })

      const follow = (accountId: AccountId, start: FeedPosition) =>
        Stream.suspend(() => {
          let joined: Listener | undefined
          const missed = Stream.paginate(
            start,
            Effect.fnUntraced(function* (after) {
              const page = yield* turns.withPermit(patiently(feed.since([{ accountId, after }], PAGE)))
              const last = page.at(-1)?.position ?? after
              if (page.length < PAGE) joined = yield* join(accountId, last)
              return [page, joined === undefined ? Option.some(last) : Option.none<FeedPosition>()] as const
            })
          )
          const live = Stream.suspend(() => (joined === undefined ? Stream.empty : Stream.fromQueue(joined.changes)))
          return Stream.concat(missed, live).pipe(
            Stream.ensuring(
              Effect.sync(() => {
                if (joined !== undefined) tail.leave(accountId, joined)
              })
            )
          )
        })

      return LiveUpdates.of({
        subscribe: Effect.fnUntraced(function* (account, after) {
          const now = yield* turns.withPermit(feed.now)
          // No place of this store is in its future; one of a store that this is a copy of may be.
          const from = after === undefined || isAfter(after, now) ? now : after
          return { from, changes: follow(account, from) }
        })
      })
    })
  )
}
