/**
 * What an account's owner is told of beside its messages. An event is a row that is written with the change it reports:
 * there is one exactly if the change was committed.
 */
import { Context, type Effect, Schema } from "effect"
import { type AccountId, NumberId, WebhookId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import { Money } from "../Money.ts"
import type { OwnedNumber } from "../number/NumberRegistry.ts"
import { E164 } from "../PhoneNumber.ts"
import { fallsBelow } from "../wallet/Ledger.ts"
import type { WalletState } from "../wallet/Wallet.ts"

const OfNumber = { numberId: NumberId, number: E164 }

export const AccountEvent = Schema.Union([
  Schema.Struct({ type: Schema.Literal("number.sms_enabled"), ...OfNumber }),
  Schema.Struct({ type: Schema.Literal("number.sms_disabled"), ...OfNumber }),
  /** A renewal stayed unpaid for three days. */
  Schema.Struct({ type: Schema.Literal("number.sms_suspended"), ...OfNumber }),
  Schema.Struct({ type: Schema.Literal("wallet.low_balance"), balance: Money, threshold: Money }),
  /** An endpoint said that it is gone, or has failed for too long. */
  Schema.Struct({
    type: Schema.Literal("webhook.disabled"),
    webhookId: WebhookId,
    url: Schema.String,
    reason: Schema.String
  })
])
export type AccountEvent = typeof AccountEvent.Type

export interface NewEvent {
  readonly accountId: AccountId
  readonly at: Instant
  readonly event: AccountEvent
}

export interface StoredEvent extends NewEvent {
  /** Rising within an account. */
  readonly id: number
}

export class EventLog extends Context.Service<
  EventLog,
  {
    /** None at all is fine. Whoever appends holds the account's wallet, so that ids become visible in their order. */
    append(events: ReadonlyArray<NewEvent>): Effect.Effect<void>
    /** Oldest first, `limit` of them, those after the event `after` when given. */
    page(
      account: AccountId,
      page: { readonly limit: number; readonly after?: number | undefined }
    ): Effect.Effect<ReadonlyArray<StoredEvent>>
  }
>()("@cliqtel/sms-core/notify/EventLog") {}

export const numberEvent = (
  type: "number.sms_enabled" | "number.sms_disabled" | "number.sms_suspended",
  { accountId, id, number }: OwnedNumber,
  at: Instant
): NewEvent => ({ accountId, at, event: { type, numberId: id, number } })

/** The event of a wallet that has just fallen below its threshold, else none. */
export const lowBalanceEvents = (
  accountId: AccountId,
  before: WalletState,
  after: WalletState,
  at: Instant
): ReadonlyArray<NewEvent> => {
  const { currency, lowBalance } = before
  if (lowBalance === null || !fallsBelow(lowBalance, before.balance, after.balance)) return []
  const event = {
    type: "wallet.low_balance",
    balance: { currency, micros: after.balance },
    threshold: { currency, micros: lowBalance }
  } as const
  return [{ accountId, at, event }]
}
