/** Port: the phone numbers of each account and whether SMS is on for them. */
import { Context, type Effect, Schema } from "effect"
import { AccountId, NumberId } from "../Account.ts"
import { Body, type Instant } from "../Message.ts"
import { Money } from "../Money.ts"
import { CountryCode, E164 } from "../PhoneNumber.ts"
import { NumberType } from "../price/Coverage.ts"
import { isSmsOn, SmsAddon } from "./SmsAddon.ts"

export const NumberStatus = Schema.Literals(["provisioning", "pending_verification", "active", "suspended"])
export type NumberStatus = typeof NumberStatus.Type

export const OwnedNumber = Schema.Struct({
  id: NumberId,
  accountId: AccountId,
  number: E164,
  country: CountryCode,
  type: NumberType,
  status: NumberStatus,
  /** Since when it is not active; null while it is. */
  inactiveSince: Schema.NullOr(Schema.Int),
  /** The carrier that this number's messages go through. */
  carrier: Schema.String,
  monthlyPrice: Money,
  sms: SmsAddon,
  /** Without a messaging profile what it sends stays queued. */
  profileAssigned: Schema.Boolean,
  lastInboundAt: Schema.NullOr(Schema.Int),
  /** What a person who writes HELP to it is answered; null: nothing. */
  helpText: Schema.NullOr(Body)
})
export interface OwnedNumber extends Schema.Schema.Type<typeof OwnedNumber> {}

/** Whether messages may be sent from it. */
export const canSend = (number: OwnedNumber): boolean => number.status === "active" && isSmsOn(number.sms)

export interface NumberKey {
  readonly accountId: AccountId
  readonly id: NumberId
}

export type NewNumber = Omit<OwnedNumber, "id" | "lastInboundAt" | "helpText">

/** A number whose renewal is due, leased to one host; the token fences off whoever comes too late. */
export interface RenewalLease extends NumberKey {
  readonly token: string
}

/** Somebody has this number already. */
export class NumberTaken extends Schema.TaggedError<NumberTaken>()("NumberTaken", { number: Schema.String }) {}

/** There is no such number in this account. */
export class NumberNotFound extends Schema.TaggedError<NumberNotFound>()("NumberNotFound", { numberId: Schema.Int }) {}

export class NumberRegistry extends Context.Service<
  NumberRegistry,
  {
    /** Those of `keys` that exist, each under its own account. */
    find(keys: ReadonlyArray<NumberKey>): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** All numbers of an account, by id. */
    list(account: AccountId): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** Adds a number to an account; a number is owned once in the whole system. */
    add(number: NewNumber): Effect.Effect<OwnedNumber, NumberTaken>
    /** The account that has the number of this id. */
    ownerOf(id: NumberId): Effect.Effect<AccountId | undefined>
    /** Those that somebody has. */
    owned(numbers: ReadonlyArray<E164>): Effect.Effect<ReadonlySet<E164>>
    /** Those that somebody has, whoever it is. */
    byNumbers(numbers: ReadonlyArray<E164>): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** Loads numbers and holds them until the unit of work ends, in id order. Lock wallets before numbers. */
    lock(keys: ReadonlyArray<NumberKey>): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** Stores status, profile and add-on of numbers that this unit of work holds; a lease of theirs ends with it. */
    save(numbers: ReadonlyArray<OwnedNumber>): Effect.Effect<void>
    /** Numbers that have received something; held afterwards like those of `lock`. */
    noteInbound(keys: ReadonlyArray<NumberKey>, at: Instant): Effect.Effect<void>
    /** The number as it is afterwards. */
    setHelpText(key: NumberKey, text: Body | null): Effect.Effect<OwnedNumber, NumberNotFound>
    /** Leases up to `limit` numbers whose `dueAt` has come, until `until`; the longest due first, none twice. */
    claimRenewals(now: Instant, until: Instant, limit: number): Effect.Effect<ReadonlyArray<RenewalLease>>
    /** Numbers whose lease still holds, held like those of `lock`. */
    holdRenewals(leases: ReadonlyArray<RenewalLease>): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** Makes what is past due or suspended on active numbers of an account due at once: there is money. Gives how many. */
    hastenRenewals(account: AccountId, now: Instant): Effect.Effect<number>
  }
>()("@cliqtel/sms-core/number/NumberRegistry") {}
