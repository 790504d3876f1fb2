/** Carrier receipts: stored before they are acknowledged, kept a while after they were applied so that repeats are known. */
import {
  normalRef,
  type Receipt,
  ReceiptInbox,
  type ReceiptStatus,
  receiptRefs,
  type StoredReceipt
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { bools, int8s, texts } from "./Columns.ts"
import { alone } from "./Conflicts.ts"
import { orDefect } from "./Failures.ts"
import { instant, integer, timestamp } from "./Rows.ts"
import { unawaited } from "./PipelinedClient.ts"
import { together } from "./Together.ts"

interface ReceiptRow {
  readonly receipt_id: bigint
  readonly carrier: string
  readonly event_id: string
  readonly ref: string
  readonly names_message: boolean
  readonly status: ReceiptStatus
  readonly reason: string | null
  readonly detail: string | null
  readonly received_at: Date
}

export const layerReceiptInbox = Layer.effect(
  ReceiptInbox,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return ReceiptInbox.of({
      put: (receipts, at) =>
        alone(
          sql,
          sql`
          INSERT INTO sms.receipts
            (carrier, event_id, ref, names_message, status, reason, detail, received_at, due_at)
          SELECT carrier, event_id, ref, names_message, status, reason, detail, ${timestamp(at)}::timestamptz,
            ${timestamp(at)}::timestamptz
          FROM unnest(
            ${texts(receipts.map((one) => one.carrier))}, ${texts(receipts.map((one) => one.eventId))},
            ${texts(receipts.map(refOf))}, ${bools(receipts.map((one) => one.ref._tag === "Client"))},
            ${texts(receipts.map((one) => one.status))}, ${texts(receipts.map((one) => one.reason))},
            ${texts(receipts.map((one) => one.detail))}
          ) WITH ORDINALITY AS receipt (carrier, event_id, ref, names_message, status, reason, detail, position)
          ORDER BY position
          ON CONFLICT (carrier, event_id) DO NOTHING
        `.pipe(orDefect, Effect.asVoid)
        ),

      claim: (now, limit) =>
        sql<ReceiptRow>`
          SELECT receipt_id, carrier, event_id, ref, names_message, status, reason, detail, received_at
          FROM sms.receipts WHERE due_at <= ${timestamp(now)}
          ORDER BY due_at, receipt_id LIMIT ${limit} FOR UPDATE SKIP LOCKED
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(storedOf).sort((a, b) => a.id - b.id))
        ),

      finish: (ids) =>
        together(
          sql,
          "finished",
          sql`finished AS (UPDATE sms.receipts SET due_at = NULL WHERE receipt_id = ANY(${int8s(ids)}))`
        ),

      postpone: (ids, at) =>
        unawaited(
          sql,
          sql`UPDATE sms.receipts SET due_at = ${timestamp(at)} WHERE receipt_id = ANY(${int8s(ids)})`
        ).pipe(orDefect),

      // Whichever spelling the receipt used: one that does not match after all is postponed again. One by one, since a
      // plan for all of them, made while few were kept, reads every receipt of the carrier once there are many. Whoever is
      // looking at one in this moment is not waited for: it looks again soon.
      hasten: (carrier, refs, now) =>
        sql<{ readonly receipt_id: bigint }>`
          UPDATE sms.receipts SET due_at = ${timestamp(now)}
          WHERE ctid = ANY(ARRAY(
            SELECT waiting.place FROM unnest(${texts(refs.flatMap(receiptRefs))}) AS wanted (ref),
            LATERAL (
              SELECT ctid AS place FROM sms.receipts
              WHERE carrier = ${carrier} AND ref = wanted.ref AND due_at IS NOT NULL FOR UPDATE SKIP LOCKED
            ) waiting
          ))
          RETURNING receipt_id
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.length)
        )
    })
  })
)

const refOf = ({ ref }: Receipt): string => (ref._tag === "Client" ? ref.ref : normalRef(ref.id))

const storedOf = (row: ReceiptRow): StoredReceipt => ({
  id: integer(row.receipt_id),
  receivedAt: instant(row.received_at),
  receipt: {
    carrier: row.carrier,
    eventId: row.event_id,
    ref: row.names_message ? { _tag: "Client", ref: row.ref } : { _tag: "Carrier", id: row.ref },
    status: row.status,
    reason: row.reason,
    detail: row.detail
  }
})
