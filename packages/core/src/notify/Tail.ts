/**
 * The end of the feed of every account that somebody listens to, read once for all listeners of this process: at once when
 * a change is published in this process, else twice a second. Without listeners nothing is read.
 */
import { type Cause, Clock, Effect, Latch, Queue, Stream } from "effect"
import type { AccountId } from "../Account.ts"
import { ChangeFeed, type FeedPosition, isAfter, type MessageChange } from "./ChangeFeed.ts"
import { Notifier } from "./Notifier.ts"
import { patience } from "./Patience.ts"

/** What other processes commit is seen this much later at most. */
const POLL_MILLIS = 500

/** From one look to the next, so that changes that come together are read together. */
const SPACING_MILLIS = 25

/** An account in which something was published is looked at this often, since units under way may hold it back. */
const LOOKS = 4

/** Changes of one account that are read at once. */
export const PAGE = 100

/** Changes that may wait for one listener. */
const CAPACITY = 256

export interface Listener {
  readonly changes: Queue.Queue<MessageChange, Cause.Done>
  /** It has heard of everything up to here. */
  readonly after: FeedPosition
}

export const makeListener = (after: FeedPosition): Effect.Effect<Listener> =>
  Effect.map(Queue.dropping<MessageChange, Cause.Done>(CAPACITY), (changes) => ({ changes, after }))

interface Followed {
  /** Everything up to here was given to the listeners. */
  position: FeedPosition
  readonly listeners: Set<Listener>
}

export interface Tail {
  /** Whether it could join: not if the tail is past its place, so that it would miss something. */
  join(account: AccountId, listener: Listener): boolean
  leave(account: AccountId, listener: Listener): void
}

/** Runs until its scope is closed. */
export const makeTail = Effect.gen(function* () {
  const feed = yield* ChangeFeed
  const notifier = yield* Notifier
  const patiently = patience()
  const followed = new Map<AccountId, Followed>()
  const looksLeft = new Map<AccountId, number>()
  const bell = Latch.makeUnsafe(false)

  const ring = (account: AccountId) => {
    if (!followed.has(account)) return
    looksLeft.set(account, LOOKS)
    bell.openUnsafe()
  }

  const give = (one: Followed, told: ReadonlyArray<MessageChange>) => {
    one.position = told.at(-1)?.position ?? one.position
    for (const listener of one.listeners) {
      const news = told.filter(({ position }) => isAfter(position, listener.after))
      if (Queue.offerAllUnsafe(listener.changes, news).length === 0) continue
      one.listeners.delete(listener)
      Queue.endUnsafe(listener.changes)
    }
  }

  const look = Effect.fnUntraced(function* (accounts: ReadonlyArray<readonly [AccountId, Followed]>) {
    for (const [account] of accounts) {
      const left = (looksLeft.get(account) ?? 1) - 1
      if (left === 0) looksLeft.delete(account)
      else looksLeft.set(account, left)
    }
    const asks = accounts.map(([accountId, { position }]) => ({ accountId, after: position }))
    const changes = Map.groupBy(yield* patiently(feed.since(asks, PAGE)), ({ accountId }) => accountId)
    for (const [account, one] of accounts) {
      const told = changes.get(account) ?? []
      // All may have left meanwhile, and others have come with a place of their own.
      if (told.length === 0 || followed.get(account) !== one) continue
      give(one, told)
      if (told.length === PAGE) ring(account)
    }
  })

  const run = Effect.gen(function* () {
    let polledAt = -Infinity
    for (;;) {
      if (followed.size === 0) yield* bell.await
      const now = yield* Clock.currentTimeMillis
      const polls = now - polledAt >= POLL_MILLIS
      if (polls) polledAt = now
      bell.closeUnsafe()
      const accounts = [...followed].filter(([account]) => polls || looksLeft.has(account))
      if (accounts.length > 0) yield* look(accounts)
      yield* Effect.sleep(SPACING_MILLIS)
      const rest = polledAt + POLL_MILLIS - (yield* Clock.currentTimeMillis)
      if (looksLeft.size === 0 && rest > 0) yield* Effect.timeoutOption(bell.await, rest)
    }
  })

  yield* Effect.forkScoped(run)
  yield* Effect.forkScoped(
    Stream.runForEachArray(notifier.events, (events) =>
      Effect.sync(() => {
        for (const { message } of events) ring(message.accountId)
      })
    )
  )

  const tail: Tail = {
    join: (account, listener) => {
      const there = followed.get(account)
      if (there === undefined) followed.set(account, { position: listener.after, listeners: new Set([listener]) })
      else if (isAfter(there.position, listener.after)) return false
      else there.listeners.add(listener)
      // What was published before it joined is not read at once by anything else.
      ring(account)
      return true
    },
    leave: (account, listener) => {
      const there = followed.get(account)
      there?.listeners.delete(listener)
      if (there?.listeners.size !== 0) return
      followed.delete(account)
      looksLeft.delete(account)
    }
  }
  return tail
})
