/** Port: what is kept of inbound messages besides the messages: events that were seen, parts that wait, dead letters. */
import { Context, type Effect } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { E164 } from "../PhoneNumber.ts"
import type { ReferenceBits } from "../segment/Capacity.ts"
import type { InboundPart } from "./InboundPart.ts"
import type { Group } from "./Reassembly.ts"

/** Parts that belong together. */
export interface GroupKey {
  readonly accountId: AccountId
  readonly numberId: NumberId
  readonly person: E164
  readonly bits: ReferenceBits
  readonly ref: number
  readonly total: number
}

export interface HeldGroup extends GroupKey, Group {
  /** Which brought its last part. */
  readonly carrier: string
}

export type DeadReason = "unknown_number" | "number_not_active" | "sms_off" | "invalid_sender" | "refused"

/** A part that is no message of anybody. */
export interface DeadLetter {
  readonly part: InboundPart
  readonly reason: DeadReason
}

export class InboundStore extends Context.Service<
  InboundStore,
  {
    /**
     * Notes that parts were seen, each (carrier, eventId) once; gives those that were not noted before, in their order.
     * Waits for a unit of work that notes one of them.
     */
    note(parts: ReadonlyArray<InboundPart>, at: Instant): Effect.Effect<ReadonlyArray<InboundPart>>
    /** Those of `keys` that are held. Whoever changes them holds their numbers. */
    groups(keys: ReadonlyArray<GroupKey>): Effect.Effect<ReadonlyArray<HeldGroup>>
    /** Holds groups as they are now, each key once. */
    hold(groups: ReadonlyArray<HeldGroup>): Effect.Effect<void>
    /** Groups that began at or before, the oldest first. */
    overdue(before: Instant, limit: number): Effect.Effect<ReadonlyArray<HeldGroup>>
    release(keys: ReadonlyArray<GroupKey>): Effect.Effect<void>
    bury(letters: ReadonlyArray<DeadLetter>, at: Instant): Effect.Effect<void>
    /** Dead letters that are kept, by reason; reasons without any are absent. */
    readonly dead: Effect.Effect<ReadonlyMap<DeadReason, number>>
  }
>()("@cliqtel/sms-core/receive/InboundStore") {}
