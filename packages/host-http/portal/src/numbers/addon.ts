/** What the SMS add-on of a number allows, and what switching it costs. */
import type { PhoneNumber } from "./numbers.ts"

/** Why SMS cannot be switched on; undefined: it can. */
export const hindrance = ({ sms, status }: PhoneNumber): "unavailable" | "notActive" | undefined =>
  !sms.available ? "unavailable" : status === "active" ? undefined : "notActive"

/** Whether its switch is of use: what is on can always be switched off. */
export const canSwitch = (number: PhoneNumber): boolean => number.sms.enabled || hindrance(number) === undefined

/** The end of a month that is paid for already; undefined: none is running. `now` in milliseconds. */
export const paidAhead = ({ sms }: PhoneNumber, now: number): string | undefined =>
  sms.paid_until !== null && Date.parse(sms.paid_until) > now ? sms.paid_until : undefined

/** What switching on takes from the wallet: nothing within a month that is paid for. */
export const chargeNow = (number: PhoneNumber, now: number): string =>
  paidAhead(number, now) === undefined ? (number.sms.monthly_price ?? "0") : "0"
