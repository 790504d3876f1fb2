/**
 * Port: the messages that wait for their carrier. A claim leases a message: whoever holds the lease's token may say what
 * came of it, and a token that has been taken over says nothing any more.
 */
import { Context, type Effect } from "effect"
import type { AccountId, MessageId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { NumberKey } from "../number/NumberRegistry.ts"
import type { MessageKey } from "../status/MessageStore.ts"

export interface Waiting extends MessageKey {
  readonly carrier: string
  /** Its number, if the message is to wait until that is released; null: it may go at once. */
  readonly heldFor: NumberKey["id"] | null
}

export interface Lease {
  readonly accountId: AccountId
  readonly messageId: MessageId
  readonly carrier: string
  readonly token: string
  /** 1, 2, 3, ...: submits that were begun, this one included. */
  readonly attempt: number
  /** Of the message, if it was told with `enqueue`. */
  readonly createdAt?: Instant | undefined
}

/** What is to become of a leased message. */
export type Verdict =
  /** It leaves the queue. */
  | { readonly _tag: "Done" }
  | { readonly _tag: "Retry"; readonly at: Instant }
  /** Its outcome is unknown: it is not sent again and leaves the queue by a receipt, or else at `until`. */
  | { readonly _tag: "Park"; readonly until: Instant }

export class DispatchQueue extends Context.Service<
  DispatchQueue,
  {
    enqueue(waiting: ReadonlyArray<Waiting>): Effect.Effect<void>
    /**
     * Leases up to `limit` messages of `carrier` until `until` and counts an attempt of each: fair, so that each account
     * with something waiting gets its share, and within an account the oldest first. Never one that another holds, and
     * none of a carrier that is paused.
     */
    claim(carrier: string, limit: number, until: Instant): Effect.Effect<ReadonlyArray<Lease>>
    /** Those of `leases` that still bear their token, held until the unit of work ends. */
    hold(leases: ReadonlyArray<Lease>): Effect.Effect<ReadonlyArray<Lease>>
    /** Carries out verdicts on leases that this unit of work holds. */
    settle(verdicts: ReadonlyArray<{ readonly lease: Lease; readonly verdict: Verdict }>): Effect.Effect<void>
    /** Leases that ran out before `now`, under a new token and held: whoever had them is fenced off. */
    takeOver(now: Instant, limit: number): Effect.Effect<ReadonlyArray<Lease>>
    /** Parked messages whose wait ended before `now`, leased anew and held. */
    overdue(now: Instant, limit: number): Effect.Effect<ReadonlyArray<Lease>>
    /** Takes parked and waiting messages out: a receipt has told how they ended. Leased ones are left to their holder. */
    resolve(keys: ReadonlyArray<MessageKey>): Effect.Effect<void>
    /** Makes retries that are due claimable. Gives how many. */
    wakeDue(now: Instant): Effect.Effect<number>
    /** Makes what is held for a number claimable. */
    release(number: NumberKey): Effect.Effect<void>
    /**
     * The lead in claiming a carrier's messages, from now on for so long by the store's clock, since those of hosts may be
     * further apart: true if `host` has it, since it had it already or nobody has it. It keeps nobody from claiming; hosts
     * agree by it who does.
     */
    lead(carrier: string, host: string, millis: number): Effect.Effect<boolean>
    /** Gives the lead up; nothing happens if `host` does not have it. */
    yieldLead(carrier: string, host: string): Effect.Effect<void>
    /** Nothing of this carrier is claimed, on any host, until it is unpaused. */
    pause(carrier: string): Effect.Effect<void>
    unpause(carrier: string): Effect.Effect<void>
    readonly paused: Effect.Effect<ReadonlySet<string>>
  }
>()("@cliqtel/sms-core/send/DispatchQueue") {}
