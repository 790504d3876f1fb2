/** Port: who collects the money of a top-up. It is called over the network, so never inside a unit of work. */
import { Context, type Effect } from "effect"
import type { AccountId, AccountMode } from "../Account.ts"
import type { Money } from "../Money.ts"

export interface Payment {
  readonly accountId: AccountId
  readonly mode: AccountMode
  readonly amount: Money
  /** Our name of the payment: asking again under the same one collects nothing more and answers as before. */
  readonly reference: string
}

export type PaymentOutcome =
  | { readonly _tag: "Paid" }
  | { readonly _tag: "Declined"; readonly reason: string }
  /** Not known yet: it is asked for again. */
  | { readonly _tag: "Pending" }

export class PaymentProvider extends Context.Service<
  PaymentProvider,
  {
    /** Whether accounts of this mode can top up by themselves. */
    offers(mode: AccountMode): boolean
    collect(payment: Payment): Effect.Effect<PaymentOutcome>
  }
>()("@cliqtel/sms-core/wallet/PaymentProvider") {}
