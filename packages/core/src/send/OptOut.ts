/** Port: who has asked not to be written to, from which number. */
import { Context, type Effect } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { E164 } from "../PhoneNumber.ts"

/** One person and one of our numbers. */
export interface Conversation {
  readonly accountId: AccountId
  readonly numberId: NumberId
  readonly person: E164
}

export interface OptOut extends Conversation {
  readonly createdAt: Instant
}

/** A place in the order of a list. */
export type OptOutKey = Pick<OptOut, "createdAt" | "numberId" | "person">

export interface OptOutQuery {
  readonly numberId?: NumberId | undefined
  readonly limit: number
  /** Only what comes after this one. */
  readonly after?: OptOutKey | undefined
}

export class OptOuts extends Context.Service<
  OptOuts,
  {
    /** Those of `conversations` that are opted out. */
    find(conversations: ReadonlyArray<Conversation>): Effect.Effect<ReadonlyArray<Conversation>>
    /** One who has opted out already did so then. */
    optOut(conversation: Conversation): Effect.Effect<void>
    /** Gives whether there was an opt-out. */
    optIn(conversation: Conversation): Effect.Effect<boolean>
    /** Newest first by (createdAt, numberId, person). */
    list(account: AccountId, query: OptOutQuery): Effect.Effect<ReadonlyArray<OptOut>>
  }
>()("@cliqtel/sms-core/send/OptOuts") {}
