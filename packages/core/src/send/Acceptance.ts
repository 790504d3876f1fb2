/**
 * The decision of a send, as one pure function: account state and request in, new state and verdict out. It stores
 * nothing and asks nobody; adapters lock and load the state, call it, and store what it says.
 */
import { Schema } from "effect"
import type { AccountId, MessageId, NumberId } from "../Account.ts"
import { type Bucket, take } from "../limit/TokenBucket.ts"
import type { Body, Instant, Message } from "../Message.ts"
import { money, type Money } from "../Money.ts"
import type { Destination } from "../PhoneNumber.ts"
import { canSend, NumberNotFound, type OwnedNumber } from "../number/NumberRegistry.ts"
import type { Encoding } from "../segment/Capacity.ts"
import { InsufficientBalance, pays } from "../wallet/Ledger.ts"
import type { WalletState } from "../wallet/Wallet.ts"
import { quote } from "../price/Price.ts"

export class SmsNotEnabled extends Schema.TaggedError<SmsNotEnabled>()("SmsNotEnabled", { number: Schema.String }) {}
export class InvalidDestination extends Schema.TaggedError<InvalidDestination>()("InvalidDestination", {
  reason: Schema.String
}) {}
/** No price or no route for that destination. */
export class DestinationNotSupported extends Schema.TaggedError<DestinationNotSupported>()("DestinationNotSupported", {
  to: Schema.String
}) {}
export class OptedOut extends Schema.TaggedError<OptedOut>()("OptedOut", { to: Schema.String }) {}
/** More parts than the number's carrier takes. */
export class MessageTooLong extends Schema.TaggedError<MessageTooLong>()("MessageTooLong", {
  segments: Schema.Int,
  limit: Schema.Int
}) {}
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  perSecond: Schema.Int,
  retryAfterMillis: Schema.Int
}) {}

export const Rejection = Schema.Union([
  NumberNotFound,
  SmsNotEnabled,
  InvalidDestination,
  DestinationNotSupported,
  OptedOut,
  MessageTooLong,
  RateLimited,
  InsufficientBalance
])
export type Rejection = typeof Rejection.Type

/** What is being decided over: held under lock while it is. */
export interface AccountState {
  readonly accountId: AccountId
  readonly wallet: WalletState
  readonly bucket: Bucket
}

/** All that a decision needs to know about one request. */
export interface Facts {
  readonly fromNumberId: NumberId
  readonly number: OwnedNumber | undefined
  readonly destination: Destination | InvalidDestination
  /** Price of one segment; null where there is none. */
  readonly unitPrice: Money | null
  readonly optedOut: boolean
  readonly body: Body
  readonly segments: number
  readonly encoding: Encoding
  readonly maxParts: number
}

/** A message that was accepted, all but the id that the store gives it. */
export type Accepted = Omit<Message, "id">

export type Decision =
  | { readonly accepted: true; readonly message: Accepted }
  | { readonly accepted: false; readonly rejection: Rejection }

/** Takes one token and the price from the account, or says why not and takes nothing. */
export const decide = (state: AccountState, facts: Facts, now: Instant): readonly [AccountState, Decision] => {
  const { number, destination } = facts
  if (number === undefined) return rejected(state, new NumberNotFound({ numberId: facts.fromNumberId }))
  if (!canSend(number)) return rejected(state, new SmsNotEnabled({ number: number.number }))
  if (destination instanceof InvalidDestination) return rejected(state, destination)
  if (facts.unitPrice === null || facts.unitPrice.currency !== state.wallet.currency) {
    return rejected(state, new DestinationNotSupported({ to: destination.number }))
  }
  if (facts.optedOut) return rejected(state, new OptedOut({ to: destination.number }))
  if (facts.segments > facts.maxParts) {
    return rejected(state, new MessageTooLong({ segments: facts.segments, limit: facts.maxParts }))
  }
  const taken = take(state.bucket, now)
  if (!taken.taken) {
    return rejected(
      { ...state, bucket: taken.bucket },
      new RateLimited({ perSecond: taken.bucket.perSecond, retryAfterMillis: taken.retryAfterMillis })
    )
  }
  const price = quote(facts.segments, facts.unitPrice)
  const { balance, currency } = state.wallet
  if (!pays(balance, price.micros)) {
    return rejected(state, new InsufficientBalance({ price, balance: money(balance, currency) }))
  }
  return [
    {
      accountId: state.accountId,
      wallet: { ...state.wallet, balance: money(balance - price.micros, currency).micros },
      bucket: taken.bucket
    },
    { accepted: true, message: queued(state.accountId, number, destination, facts, price, now) }
  ]
}

const rejected = (state: AccountState, rejection: Rejection): readonly [AccountState, Decision] => [
  state,
  { accepted: false, rejection }
]

const queued = (
  accountId: AccountId,
  number: OwnedNumber,
  destination: Destination,
  facts: Facts,
  price: Money,
  now: Instant
): Accepted => ({
  accountId,
  direction: "outbound",
  numberId: number.id,
  from: number.number,
  to: destination.number,
  body: facts.body,
  status: "queued",
  segments: facts.segments,
  encoding: facts.encoding,
  carrier: number.carrier,
  price,
  reason: null,
  createdAt: now,
  updatedAt: now,
  sentAt: null,
  deliveredAt: null
})

export const withId = (message: Accepted, id: MessageId): Message => ({ id, ...message })
