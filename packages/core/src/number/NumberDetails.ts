/** What follows for a number from where it is and who carries it. */
import { type CoverageTable, isSmsAvailable } from "../price/Coverage.ts"
import type { OwnedNumber } from "./NumberRegistry.ts"
import { isSmsOn } from "./SmsAddon.ts"

export interface NumberDetails {
  /** Whether its country and type can do SMS at all. */
  readonly smsAvailable: boolean
  /** Whether the add-on is on, paid or past due. */
  readonly smsEnabled: boolean
  /** Whether inbound messages reach us: its carrier is one that this system listens to. */
  readonly inboundHook: "configured" | "missing"
}

export const numberDetails = (
  number: OwnedNumber,
  coverage: CoverageTable,
  carriers: { has(name: string): boolean }
): NumberDetails => ({
  smsAvailable: isSmsAvailable(coverage, number.country, number.type),
  smsEnabled: isSmsOn(number.sms),
  inboundHook: carriers.has(number.carrier) ? "configured" : "missing"
})
