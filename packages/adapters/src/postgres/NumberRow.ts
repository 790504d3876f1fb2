/** A number as a row of sms.numbers. */
import {
  type Body,
  type CountryCode,
  NumberId,
  type NumberStatus,
  type NumberType,
  type OwnedNumber,
  type SmsState
} from "@cliqtel/sms-core"
import { accountId, amount, e164, instantOrNull, integer } from "./Rows.ts"

export interface NumberRow {
  readonly account_id: bigint
  readonly number_id: bigint
  readonly number: string
  readonly country: string
  readonly type: NumberType
  readonly status: NumberStatus
  readonly inactive_since: Date | null
  readonly carrier: string
  readonly currency: string
  readonly monthly_price: bigint
  readonly sms_state: SmsState
  readonly sms_monthly_price: bigint
  readonly sms_anchor: Date | null
  readonly sms_paid_until: Date | null
  readonly sms_past_due_since: Date | null
  readonly sms_due_at: Date | null
  readonly profile_assigned: boolean
  readonly last_inbound_at: Date | null
  readonly help_text: string | null
}

/** By name: a statement that was prepared before a migration adds a column gives what it gave. */
export const NUMBER_COLUMNS = [
  "account_id",
  "number_id",
  "number",
  "country",
  "type",
  "status",
  "inactive_since",
  "carrier",
  "currency",
  "monthly_price",
  "sms_state",
  "sms_monthly_price",
  "sms_anchor",
  "sms_paid_until",
  "sms_past_due_since",
  "sms_due_at",
  "profile_assigned",
  "last_inbound_at",
  "help_text"
] as const

export const numberOf = (row: NumberRow): OwnedNumber => ({
  id: NumberId.make(integer(row.number_id)),
  accountId: accountId(row.account_id),
  number: e164(row.number),
  // It was one when it was stored.
  country: row.country as CountryCode,
  type: row.type,
  status: row.status,
  inactiveSince: instantOrNull(row.inactive_since),
  carrier: row.carrier,
  monthlyPrice: amount(row.monthly_price, row.currency),
  sms: {
    state: row.sms_state,
    monthlyPrice: amount(row.sms_monthly_price, row.currency),
    anchor: instantOrNull(row.sms_anchor),
    paidUntil: instantOrNull(row.sms_paid_until),
    pastDueSince: instantOrNull(row.sms_past_due_since),
    dueAt: instantOrNull(row.sms_due_at)
  },
  profileAssigned: row.profile_assigned,
  lastInboundAt: instantOrNull(row.last_inbound_at),
  // It was one when it was stored.
  helpText: row.help_text as Body | null
})
