/** Who owns what: every row and every call belongs to one account. */
import { Schema } from "effect"

/** Positive integer that JSON carries without loss. */
const Id = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }))

export const AccountId = Id.pipe(Schema.brand("AccountId"))
export type AccountId = typeof AccountId.Type

export const NumberId = Id.pipe(Schema.brand("NumberId"))
export type NumberId = typeof NumberId.Type

export const MessageId = Id.pipe(Schema.brand("MessageId"))
export type MessageId = typeof MessageId.Type

export const EntryId = Id.pipe(Schema.brand("EntryId"))
export type EntryId = typeof EntryId.Type

export const KeyId = Id.pipe(Schema.brand("KeyId"))
export type KeyId = typeof KeyId.Type

export const OrderId = Id.pipe(Schema.brand("OrderId"))
export type OrderId = typeof OrderId.Type

export const TopUpId = Id.pipe(Schema.brand("TopUpId"))
export type TopUpId = typeof TopUpId.Type

export const WebhookId = Id.pipe(Schema.brand("WebhookId"))
export type WebhookId = typeof WebhookId.Type

/** Of an event that is told to webhooks. */
export const EventId = Id.pipe(Schema.brand("EventId"))
export type EventId = typeof EventId.Type

export const DeliveryId = Id.pipe(Schema.brand("DeliveryId"))
export type DeliveryId = typeof DeliveryId.Type

export const SessionId = Id.pipe(Schema.brand("SessionId"))
export type SessionId = typeof SessionId.Type

/** Whoever runs the system, where an account's id is expected: nobody's account has it. */
export const OPERATOR = 0
export type Owner = AccountId | typeof OPERATOR

/** What a live key and a test key see: a test account has its own numbers, play money and the sandbox carrier alone. */
export const AccountMode = Schema.Literals(["live", "test"])
export type AccountMode = typeof AccountMode.Type
