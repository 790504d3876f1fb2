/** Which countries a reader looks for, and in which order: pure, so that it can be proved. */
import { compareAmounts } from "../money/micros.ts"
import type { CountryCoverage } from "./coverage.ts"
import type { SortKey } from "./coverageSearch.ts"

/** A country as it is shown. */
export interface Row extends CountryCoverage {
  /** In the reader's language; `name` is English. */
  readonly localName: string
  /** With its plus; undefined where there is none. */
  readonly diallingCode: string | undefined
}

/** Without case, accents and the white space around it: "Åland " is "aland". */
const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim()

/** A part of a name, the whole code, or the beginning of the dialling code with or without + or 00. */
export const matches = (row: Row, search: string): boolean => {
  const sought = fold(search)
  if (sought === "") return true
  const digits = /^(?:\+|00)?(\d+)$/.exec(sought)?.[1]
  if (digits !== undefined) return row.diallingCode?.startsWith(`+${digits}`) ?? false
  return row.country.toLowerCase() === sought || fold(row.localName).includes(sought) || fold(row.name).includes(sought)
}

const compare: Record<SortKey, (one: Row, other: Row) => number> = {
  country: () => 0,
  local: (one, other) => yesFirst(one.local, other.local),
  mobile: (one, other) => yesFirst(one.mobile, other.mobile),
  toll_free: (one, other) => yesFirst(one.toll_free, other.toll_free),
  addon: (one, other) => compareAmounts(one.sms_monthly, other.sms_monthly),
  segment: (one, other) => pricedFirst(one.outbound_segment, other.outbound_segment)
}

const yesFirst = (one: boolean, other: boolean): number => Number(other) - Number(one)

const pricedFirst = (one: string | null, other: string | null): number =>
  one === null || other === null ? Number(one === null) - Number(other === null) : compareAmounts(one, other)

/** What is alike stands by name. */
export const sorted = (
  rows: ReadonlyArray<Row>,
  key: SortKey,
  descending: boolean,
  compareNames: (one: string, other: string) => number
): ReadonlyArray<Row> =>
  rows.toSorted((one, other) => {
    const names = compareNames(one.localName, other.localName)
    const order = key === "country" ? names : compare[key](one, other)
    return (descending ? -order : order) || names
  })
