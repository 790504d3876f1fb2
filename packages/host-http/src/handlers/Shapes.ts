/** The core's values in the shapes of the wire. */
import type {
  AccountMode,
  ApiKey,
  Carriers,
  CountryCoverage,
  CoverageTable,
  DayCounts,
  LedgerEntry,
  Offer,
  OptOutPage,
  OwnedNumber,
  Preview,
  Stats,
  TimelineEntry
} from "@cliqtel/sms-core"
import { isSmsAvailable, numberDetails } from "@cliqtel/sms-core"
import type { CountryCoverage as CoverageOnWire } from "../api/Coverage.ts"
import type { ApiKey as KeyOnWire } from "../api/Keys.ts"
import type { AvailableNumber, PhoneNumber } from "../api/Number.ts"
import type { OptOut } from "../api/OptOuts.ts"
import type { Entry } from "../api/Wallet.ts"

export const timelineShape = ({ at, detail, source, status }: TimelineEntry) => ({ status, at, source, detail })

export const previewShape = (preview: Preview) => ({
  encoding: preview.encoding,
  segments: preview.segments,
  units: preview.units,
  units_per_segment: preview.unitsPerSegment,
  remaining: preview.remaining,
  unit_price: preview.unitPrice.micros,
  price: preview.price.micros,
  currency: preview.price.currency
})

export const statsShape = (stats: Stats) => ({
  today: stats.today,
  this_month: stats.thisMonth,
  delivery_rate_30d: stats.deliveryRate30d,
  delivered_30d: stats.delivered30d,
  failed_30d: stats.failed30d
})

export const dayShape = ({ day, delivered, failed, messages }: DayCounts) => ({
  date: day,
  messages,
  delivered,
  failed
})

export const numberShape =
  (coverage: CoverageTable, carriers: Carriers["Service"]) =>
  (number: OwnedNumber): PhoneNumber => {
    const { inboundHook, smsAvailable, smsEnabled } = numberDetails(number, coverage, carriers)
    return {
      id: number.id,
      number: number.number,
      country: number.country,
      type: number.type,
      status: number.status,
      monthly_price: number.monthlyPrice.micros,
      currency: number.monthlyPrice.currency,
      sms: {
        available: smsAvailable,
        enabled: smsEnabled,
        state: number.sms.state,
        monthly_price: number.sms.monthlyPrice.micros,
        currency: number.sms.monthlyPrice.currency,
        paid_until: number.sms.paidUntil
      },
      messaging_profile: {
        assigned: number.profileAssigned,
        inbound_hook: inboundHook,
        last_inbound_at: number.lastInboundAt
      },
      help_text: number.helpText
    }
  }

/** None for a country that the catalogue has no prices for: it is not sold. */
export const offerShape =
  (coverage: CoverageTable) =>
  ({ country, number, status, type }: Offer): ReadonlyArray<AvailableNumber> => {
    const prices = coverage.get(country)
    if (prices === undefined) return []
    const { numberMonthly, smsMonthly } = prices
    return [
      {
        number,
        country,
        type,
        monthly_price: numberMonthly.micros,
        currency: numberMonthly.currency,
        sms: {
          available: isSmsAvailable(coverage, country, type),
          monthly_price: smsMonthly.micros,
          currency: smsMonthly.currency
        },
        status
      }
    ]
  }

export const optOutShape = ({ createdAt, number, numberId, person }: OptOutPage["optOuts"][number]): OptOut => ({
  number_id: numberId,
  number,
  person,
  created_at: createdAt
})

export const keyShape =
  (mode: AccountMode) =>
  (key: ApiKey): KeyOnWire => ({
    id: key.id,
    name: key.name,
    hint: key.hint,
    mode,
    scopes: key.scopes,
    created_at: key.createdAt,
    last_used_at: key.lastUsedAt
  })

export const entryShape = (entry: LedgerEntry): Entry => ({
  id: entry.id,
  kind: entry.kind,
  amount: entry.amount.micros,
  balance_after: entry.balanceAfter.micros,
  currency: entry.amount.currency,
  reference: entry.reference,
  created_at: entry.at
})

export const coverageShape = (row: CountryCoverage): CoverageOnWire => ({
  country: row.country,
  name: row.name,
  local: row.sms.local,
  mobile: row.sms.mobile,
  toll_free: row.sms.toll_free,
  sms_monthly: row.smsMonthly.micros,
  outbound_segment: row.outboundSegment?.micros ?? null,
  currency: row.smsMonthly.currency
})
