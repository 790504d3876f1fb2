/**
 * Port: what has become of an account's messages, to be followed by any process without a gap. It is made of the timeline
 * entries with `changed`, so it holds a change exactly if that was committed.
 */
import { Context, type Effect } from "effect"
import type { AccountId, MessageId } from "../Account.ts"
import type { Message } from "../Message.ts"

/** A place in the feed. Places are ordered by unit, then message, then seq; those of one message by its seq alone. */
export interface FeedPosition {
  /** Of the unit of work that made the change. Rises, but not in the order in which units commit. */
  readonly unit: bigint
  /** With `seq` 0 for a place between units. */
  readonly messageId: MessageId | 0
  readonly seq: number
}

export interface MessageChange {
  readonly accountId: AccountId
  readonly position: FeedPosition
  /** As this change left it. */
  readonly message: Message
  /** Whether it is the first of its message. */
  readonly created: boolean
}

export interface FeedAsk {
  readonly accountId: AccountId
  readonly after: FeedPosition
}

/** Changes of messages older than this, in milliseconds, are not in the feed: a store need not look through all months. */
export const FEED_MILLIS = 32 * 24 * 60 * 60 * 1000

export class ChangeFeed extends Context.Service<
  ChangeFeed,
  {
    /** A place that everything committed from now on comes after. */
    readonly now: Effect.Effect<FeedPosition>
    /**
     * The first `limit` changes of each account after its place, in their order. A change is told only once none can
     * come before it any more: while a unit of work is under way, what later ones have committed is held back.
     */
    since(asks: ReadonlyArray<FeedAsk>, limit: number): Effect.Effect<ReadonlyArray<MessageChange>>
  }
>()("@cliqtel/sms-core/notify/ChangeFeed") {}

/** Whether `one` comes after `other`. */
export const isAfter = (one: FeedPosition, other: FeedPosition): boolean => {
  if (one.unit !== other.unit) return one.unit > other.unit
  return one.messageId === other.messageId ? one.seq > other.seq : one.messageId > other.messageId
}
