/** Port: who has asked not to be written to, from which number. */
import { Context, type Effect } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import type { E164 } from "../PhoneNumber.ts"

/** One person and one of our numbers. */
export interface Conversation {
  readonly accountId: AccountId
  readonly numberId: NumberId
  readonly person: E164
}

export class OptOuts extends Context.Service<
  OptOuts,
  {
    /** Those of `conversations` that are opted out. */
    find(conversations: ReadonlyArray<Conversation>): Effect.Effect<ReadonlyArray<Conversation>>
    optOut(conversation: Conversation): Effect.Effect<void>
    optIn(conversation: Conversation): Effect.Effect<void>
  }
>()("@cliqtel/sms-core/send/OptOuts") {}
