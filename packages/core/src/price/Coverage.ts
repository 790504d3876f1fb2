/** Where numbers are sold, which types of them can do SMS there, and what the number and its SMS add-on cost a month. */
import { Context, Layer, Schema } from "effect"
import type { Money } from "../Money.ts"
import type { CountryCode } from "../PhoneNumber.ts"

export const NumberType = Schema.Literals(["local", "mobile", "toll_free"])
export type NumberType = typeof NumberType.Type

export interface CountryCoverage {
  readonly country: CountryCode
  /** In English. */
  readonly name: string
  /** Whether SMS works on a number of this type. */
  readonly sms: Readonly<Record<NumberType, boolean>>
  /** Whether a number of this type becomes active only once papers were seen. */
  readonly needsVerification: Readonly<Record<NumberType, boolean>>
  /** SMS add-on of one number. */
  readonly smsMonthly: Money
  readonly numberMonthly: Money
  /** One segment to this country; null if it cannot be sent to. */
  readonly outboundSegment: Money | null
}

/** In the order in which it is shown. */
export type CoverageTable = ReadonlyMap<CountryCode, CountryCoverage>

/** A country that is listed twice has its last row. */
export const coverageTable = (rows: ReadonlyArray<CountryCoverage>): CoverageTable =>
  new Map(rows.map((row) => [row.country, row]))

export const isSmsAvailable = (table: CoverageTable, country: CountryCode, type: NumberType): boolean =>
  table.get(country)?.sms[type] ?? false

export const needsVerification = (table: CoverageTable, country: CountryCode, type: NumberType): boolean =>
  table.get(country)?.needsVerification[type] ?? false

/** Monthly price of the SMS add-on; null if such numbers have none to offer. */
export const smsMonthlyPrice = (table: CoverageTable, country: CountryCode, type: NumberType): Money | null =>
  isSmsAvailable(table, country, type) ? (table.get(country)?.smsMonthly ?? null) : null

/** Monthly price of a number; null if none are sold there. */
export const numberMonthlyPrice = (table: CoverageTable, country: CountryCode): Money | null =>
  table.get(country)?.numberMonthly ?? null

/** Port: the table that is in force. */
export class Coverage extends Context.Service<Coverage, CoverageTable>()("@cliqtel/sms-core/price/Coverage") {
  static readonly layer = (rows: ReadonlyArray<CountryCoverage>): Layer.Layer<Coverage> =>
    Layer.succeed(Coverage, coverageTable(rows))
}
