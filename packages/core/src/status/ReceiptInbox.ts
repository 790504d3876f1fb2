/** Port: carrier receipts, stored before they are acknowledged and processed after. */
import { Context, type Effect } from "effect"
import type { Instant } from "../Message.ts"
import type { Receipt } from "../send/Carrier.ts"

export interface StoredReceipt {
  readonly id: number
  readonly receipt: Receipt
  readonly receivedAt: Instant
}

export class ReceiptInbox extends Context.Service<
  ReceiptInbox,
  {
    /** Stores receipts, each (carrier, eventId) once; all of them are there when it returns, outside a unit of work too. */
    put(receipts: ReadonlyArray<Receipt>, at: Instant): Effect.Effect<void>
    /** Receipts that are due, in the order of arrival, held until the unit of work ends; none that another holds. */
    claim(now: Instant, limit: number): Effect.Effect<ReadonlyArray<StoredReceipt>>
    /** They have been applied, or given up. */
    finish(ids: ReadonlyArray<number>): Effect.Effect<void>
    /** They matched nothing yet and are due again at `at`. */
    postpone(ids: ReadonlyArray<number>, at: Instant): Effect.Effect<void>
    /**
     * Receipts that wait for one of these ids of `carrier` are due now. One that a unit of work holds at this moment may be
     * left to it, to be due when that says: a young one, which they mostly are, a quarter of a second later. Gives how many
     * are due now.
     */
    hasten(carrier: string, refs: ReadonlyArray<string>, now: Instant): Effect.Effect<number>
  }
>()("@cliqtel/sms-core/status/ReceiptInbox") {}
