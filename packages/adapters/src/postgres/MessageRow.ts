/** A message as a row of sms.messages. */
import {
  type Direction,
  type Encoding,
  type Message,
  MessageId,
  NumberId,
  type Part,
  type Status,
  type TimelineEntry,
  type Tracked
} from "@cliqtel/sms-core"
import { accountId, amount, e164, instant, instantOrNull, integer } from "./Rows.ts"

export interface MessageRow {
  readonly account_id: bigint
  readonly message_id: bigint
  readonly direction: Direction
  readonly number_id: bigint
  readonly from_number: string
  readonly to_number: string
  readonly body: string
  readonly status: Status
  readonly segments: number
  readonly encoding: Encoding
  readonly carrier: string
  readonly price: bigint
  readonly currency: string
  readonly reason: string | null
  readonly parts: ReadonlyArray<readonly [ref: string, status: Part["status"]]>
  readonly timeline_entries: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly sent_at: Date | null
  readonly delivered_at: Date | null
}

export const messageOf = (row: MessageRow): Message => ({
  id: MessageId.make(integer(row.message_id)),
  accountId: accountId(row.account_id),
  direction: row.direction,
  numberId: NumberId.make(integer(row.number_id)),
  from: e164(row.from_number),
  to: e164(row.to_number),
  body: row.body,
  status: row.status,
  segments: row.segments,
  encoding: row.encoding,
  carrier: row.carrier,
  price: amount(row.price, row.currency),
  reason: row.reason,
  createdAt: instant(row.created_at),
  updatedAt: instant(row.updated_at),
  sentAt: instantOrNull(row.sent_at),
  deliveredAt: instantOrNull(row.delivered_at)
})

export const trackedOf = (row: MessageRow): Tracked => ({
  message: messageOf(row),
  parts: row.parts.map(([ref, status]) => ({ ref, status })),
  entries: row.timeline_entries
})

export const partsColumn = (parts: ReadonlyArray<Part>): string =>
  JSON.stringify(parts.map((part) => [part.ref, part.status]))

export interface TimelineRow {
  readonly seq: number
  readonly entry_status: Status
  readonly at: Date
  readonly source: TimelineEntry["source"]
  readonly detail: string | null
  readonly changed: boolean
}

export const entryOf = (row: TimelineRow): TimelineEntry => ({
  seq: row.seq,
  status: row.entry_status,
  at: instant(row.at),
  source: row.source,
  detail: row.detail,
  changed: row.changed
})
