/** Port: who sells numbers to us. A real one is called over the network, so never inside a unit of work. */
import { Context, type Effect } from "effect"
import type { AccountMode } from "../Account.ts"
import type { CountryCode, E164 } from "../PhoneNumber.ts"
import type { NumberType } from "../price/Coverage.ts"
import type { NumberStatus, NumberTaken } from "./NumberRegistry.ts"

/** A number that can be ordered. */
export interface Offer {
  readonly number: E164
  readonly country: CountryCode
  readonly type: NumberType
  /** The carrier that its messages will go through. */
  readonly carrier: string
  /** What it is once it was ordered: countries that need papers begin with `pending_verification`. */
  readonly status: NumberStatus
}

export interface OfferQuery {
  /** Test accounts choose from numbers of their own, and never from live ones. */
  readonly mode: AccountMode
  readonly country?: CountryCode | undefined
  readonly type?: NumberType | undefined
  readonly limit: number
}

export class NumberProvider extends Context.Service<
  NumberProvider,
  {
    /** Numbers that nobody has, each once. */
    search(query: OfferQuery): Effect.Effect<ReadonlyArray<Offer>>
    /**
     * Keeps numbers for one order, or none of them; gives them in the order they were asked for. What is not offered
     * counts as taken. What is reserved and neither bought nor released is free again after a while.
     */
    reserve(
      mode: AccountMode,
      numbers: ReadonlyArray<E164>,
      reference: string
    ): Effect.Effect<ReadonlyArray<Offer>, NumberTaken>
    /** The order was stored: the numbers are ours. Repeating it is harmless. */
    buy(mode: AccountMode, reference: string): Effect.Effect<void>
    /** The order came to nothing. */
    release(mode: AccountMode, reference: string): Effect.Effect<void>
  }
>()("@cliqtel/sms-core/number/NumberProvider") {}
