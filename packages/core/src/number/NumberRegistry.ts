/** Port: the phone numbers of each account and whether SMS is on for them. */
import { Context, type Effect, Schema } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { Money } from "../Money.ts"
import type { CountryCode, E164 } from "../PhoneNumber.ts"
import type { NumberType } from "../price/Coverage.ts"

export type NumberStatus = "provisioning" | "pending_verification" | "active" | "suspended"

/** State of the SMS add-on of a number; `past_due` still sends, until it is suspended. */
export type SmsState = "off" | "on" | "past_due" | "suspended"

export interface OwnedNumber {
  readonly id: NumberId
  readonly accountId: AccountId
  readonly number: E164
  readonly country: CountryCode
  readonly type: NumberType
  readonly status: NumberStatus
  /** The carrier that this number's messages go through. */
  readonly carrier: string
  readonly monthlyPrice: Money
  readonly sms: {
    readonly state: SmsState
    readonly monthlyPrice: Money
    readonly paidUntil: Instant | null
  }
  readonly profileAssigned: boolean
  readonly lastInboundAt: Instant | null
}

/** Whether messages may be sent from it. */
export const canSend = (number: OwnedNumber): boolean =>
  number.status === "active" && (number.sms.state === "on" || number.sms.state === "past_due")

export interface NumberKey {
  readonly accountId: AccountId
  readonly id: NumberId
}

export type NewNumber = Omit<OwnedNumber, "id" | "lastInboundAt">

/** Somebody has this number already. */
export class NumberTaken extends Schema.TaggedError<NumberTaken>()("NumberTaken", { number: Schema.String }) {}

export class NumberRegistry extends Context.Service<
  NumberRegistry,
  {
    /** Those of `keys` that exist, each under its own account. */
    find(keys: ReadonlyArray<NumberKey>): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** All numbers of an account, by id. */
    list(account: AccountId): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** Adds a number to an account; a number is owned once in the whole system. */
    add(number: NewNumber): Effect.Effect<OwnedNumber, NumberTaken>
  }
>()("@cliqtel/sms-core/number/NumberRegistry") {}
