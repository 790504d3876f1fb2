/** Use case: an owner sees who does not want to be written to, and undoes what was a mistake. */
import { Context, Effect, Layer, Schema } from "effect"
import type { AccountId } from "../Account.ts"
import { NumberRegistry } from "../number/NumberRegistry.ts"
import type { E164 } from "../PhoneNumber.ts"
import { type Conversation, type OptOut, type OptOutKey, type OptOutQuery, OptOuts } from "./OptOut.ts"

/** That person has not opted out from that number, or the number is not this account's. */
export class OptOutNotFound extends Schema.TaggedError<OptOutNotFound>()("OptOutNotFound", { person: Schema.String }) {}

export interface OptOutPage {
  readonly optOuts: ReadonlyArray<OptOut & { readonly number: E164 }>
  /** Where the next page begins; null after the last. */
  readonly next: OptOutKey | null
}

export class OptOutList extends Context.Service<
  OptOutList,
  {
    /** Newest first. */
    page(account: AccountId, query: OptOutQuery): Effect.Effect<OptOutPage>
    undo(conversation: Conversation): Effect.Effect<void, OptOutNotFound>
  }
>()("@cliqtel/sms-core/send/OptOutList") {
  static readonly layer = Layer.effect(
    OptOutList,
    Effect.gen(function* () {
      const stored = yield* OptOuts
      const numbers = yield* NumberRegistry

      const page = Effect.fn("OptOutList.page")(function* (account: AccountId, query: OptOutQuery) {
        const found = yield* stored.list(account, { ...query, limit: query.limit + 1 })
        const shown = found.slice(0, query.limit)
        const ids = [...new Set(shown.map(({ numberId }) => numberId))]
        const owned = yield* numbers.find(ids.map((id) => ({ accountId: account, id })))
        const names = new Map(owned.map(({ id, number }) => [id, number]))
        return {
          optOuts: shown.flatMap((one) => {
            const number = names.get(one.numberId)
            return number === undefined ? [] : [{ ...one, number }]
          }),
          next: found.length > query.limit ? (shown.at(-1) ?? null) : null
        }
      })

      const undo = Effect.fn("OptOutList.undo")(function* (conversation: Conversation) {
        if (!(yield* stored.optIn(conversation))) return yield* new OptOutNotFound({ person: conversation.person })
      })

      return OptOutList.of({ page, undo })
    })
  )
}
