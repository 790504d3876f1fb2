/** Port: where messages and their timelines are kept. */
import { Context, type Effect } from "effect"
import type { AccountId, MessageId, NumberId } from "../Account.ts"
import type { Direction, Instant, Message } from "../Message.ts"
import type { E164 } from "../PhoneNumber.ts"
import type { TimelineEntry, Tracked } from "./Lifecycle.ts"
import type { Status } from "./Status.ts"

export interface MessageKey {
  readonly accountId: AccountId
  readonly id: MessageId
  /** Where it is known, a store that is divided by time need not look everywhere. */
  readonly createdAt?: Instant | undefined
}

/** What became of one message in this unit of work. */
export interface Change {
  readonly before: Tracked
  readonly after: Tracked
  readonly entries: ReadonlyArray<TimelineEntry>
}

export interface MessageQuery {
  readonly direction?: Direction | undefined
  readonly numberId?: NumberId | undefined
  readonly status?: Status | undefined
  readonly to?: E164 | undefined
  readonly from?: E164 | undefined
  /** To or from this number. */
  readonly contact?: E164 | undefined
  /** Created at or after. */
  readonly since?: Instant | undefined
  /** Created before. */
  readonly until?: Instant | undefined
  readonly limit: number
  /** Only what comes after this one in the order newest first. */
  readonly after?: PageKey | undefined
}

export interface PageKey {
  readonly createdAt: Instant
  readonly id: MessageId
}

export interface History {
  readonly message: Message
  /** In the order of `seq`. */
  readonly timeline: ReadonlyArray<TimelineEntry>
}

export interface Counts {
  /** In both directions. */
  readonly messages: number
  /** Of those that were sent. */
  readonly delivered: number
  readonly failed: number
}

/** Of the messages that were created on one day, UTC. */
export interface DayCounts extends Counts {
  /** Its midnight. */
  readonly day: Instant
}

/** A carrier's id, as asked for and as stored, and the message that bears it. */
export interface RefMatch extends MessageKey {
  readonly asked: string
  readonly ref: string
}

export class MessageStore extends Context.Service<
  MessageStore,
  {
    /** Ids that no other message has or gets, rising. */
    nextIds(count: number): Effect.Effect<ReadonlyArray<MessageId>>
    /** Stores new messages, each with the first entry of its timeline. */
    insert(messages: ReadonlyArray<{ readonly message: Message; readonly entry: TimelineEntry }>): Effect.Effect<void>
    /** Loads messages and holds them until the unit of work ends, in id order. Those that do not exist are absent. */
    lock(keys: ReadonlyArray<MessageKey>): Effect.Effect<ReadonlyArray<Tracked>>
    /** Stores what became of messages that this unit of work holds; new carrier ids are found by `matchRefs` from then on. */
    save(changes: ReadonlyArray<Change>): Effect.Effect<void>
    /** Messages by their carrier's ids; an id that a carrier used again means its latest message. */
    matchRefs(carrier: string, refs: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<RefMatch>>
    /** A message and its timeline as they were at one moment: the one never runs ahead of the other. */
    history(key: MessageKey): Effect.Effect<History | undefined>
    /** Newest first by (createdAt, id). */
    page(account: AccountId, query: MessageQuery): Effect.Effect<ReadonlyArray<Message>>
    /** For each moment what was created at or after it, of one number or all: all of them as they are at one time. */
    countSince(
      account: AccountId,
      moments: ReadonlyArray<Instant>,
      number?: NumberId
    ): Effect.Effect<ReadonlyArray<Counts>>
    /** By day, from the midnight `since` on, oldest first; days without messages are absent. */
    countDays(account: AccountId, since: Instant, number?: NumberId): Effect.Effect<ReadonlyArray<DayCounts>>
  }
>()("@cliqtel/sms-core/status/MessageStore") {}
