/**
 * The rules of the add-on's month. It is paid in advance: on enabling, then at the end of each paid month. A month is
 * charged once; whoever switches off and on again within it pays nothing. A renewal that the wallet does not pay is
 * tried daily; after three days SMS is suspended, until the wallet pays for a new month.
 *
 * Time in which the number itself is not active does not count: nothing falls due then, and what was paid for is left.
 */
import { Schema } from "effect"
import type { Instant } from "../Message.ts"
import { Money } from "../Money.ts"
import { nextMonthEnd } from "./Month.ts"

/** `past_due` still sends, until it is suspended. */
export const SmsState = Schema.Literals(["off", "on", "past_due", "suspended"])
export type SmsState = typeof SmsState.Type

export const SmsAddon = Schema.Struct({
  state: SmsState,
  monthlyPrice: Money,
  /** The moment whose day of the month and time of day the renewals keep. */
  anchor: Schema.NullOr(Schema.Int),
  /** End of what is paid for; null if nothing ever was. */
  paidUntil: Schema.NullOr(Schema.Int),
  /** When a renewal was first not paid. */
  pastDueSince: Schema.NullOr(Schema.Int),
  /** When the renewal is to be tried; null while there is none to try. */
  dueAt: Schema.NullOr(Schema.Int)
})
export interface SmsAddon extends Schema.Schema.Type<typeof SmsAddon> {}

const DAY_MILLIS = 24 * 60 * 60 * 1000

/** Days that a renewal may stay unpaid. */
const GRACE_MILLIS = 3 * DAY_MILLIS

/** Never switched on. */
export const addonOff = (monthlyPrice: Money): SmsAddon => ({
  state: "off",
  monthlyPrice,
  anchor: null,
  paidUntil: null,
  pastDueSince: null,
  dueAt: null
})

/** Switched on and paid for the month that begins at `now`. */
export const addonPaid = (monthlyPrice: Money, now: Instant): SmsAddon => {
  const paidUntil = nextMonthEnd(now, now)
  return { state: "on", monthlyPrice, anchor: now, paidUntil, pastDueSince: null, dueAt: paidUntil }
}

export const isSmsOn = ({ state }: SmsAddon): boolean => state === "on" || state === "past_due"

export interface AddonStep {
  readonly addon: SmsAddon
  /** The month that is to be charged begins here; null if none is. */
  readonly charged: Instant | null
}

/** Switching on. What is on stays as it is; a month that is paid for is used up first. */
export const turnOn = (addon: SmsAddon, now: Instant): AddonStep => {
  if (isSmsOn(addon)) return { addon, charged: null }
  if (addon.paidUntil !== null && addon.paidUntil > now) {
    return { addon: { ...addon, state: "on", pastDueSince: null, dueAt: addon.paidUntil }, charged: null }
  }
  return { addon: addonPaid(addon.monthlyPrice, now), charged: now }
}

export const turnOff = (addon: SmsAddon): SmsAddon => ({ ...addon, state: "off", pastDueSince: null, dueAt: null })

/** One try of a renewal that is due; `paying`: whether the wallet holds the price. */
export const renew = (addon: SmsAddon, paying: boolean, now: Instant): AddonStep => {
  if (addon.dueAt === null || addon.dueAt > now || addon.state === "off") return { addon, charged: null }
  if (addon.state === "suspended") {
    return paying
      ? { addon: addonPaid(addon.monthlyPrice, now), charged: now }
      : { addon: { ...addon, dueAt: null }, charged: null }
  }
  const from = addon.paidUntil ?? now
  // Nothing is charged before its time, whatever made it look early.
  if (from > now) return { addon: { ...addon, dueAt: from }, charged: null }
  if (paying) {
    const paidUntil = nextMonthEnd(addon.anchor ?? from, from)
    return { addon: { ...addon, state: "on", paidUntil, pastDueSince: null, dueAt: paidUntil }, charged: from }
  }
  const since = addon.pastDueSince ?? now
  if (now - since >= GRACE_MILLIS) {
    return { addon: { ...addon, state: "suspended", pastDueSince: null, dueAt: null }, charged: null }
  }
  const days = Math.floor((now - since) / DAY_MILLIS) + 1
  return {
    addon: { ...addon, state: "past_due", pastDueSince: since, dueAt: since + days * DAY_MILLIS },
    charged: null
  }
}

/** Its number is not active any more: nothing falls due. */
export const pause = (addon: SmsAddon): SmsAddon => ({ ...addon, dueAt: null })

/** Its number is active again after that long: everything moves on by the time that did not count. */
export const resume = (addon: SmsAddon, idleMillis: number): SmsAddon => {
  const later = (moment: Instant | null) => (moment === null ? null : moment + idleMillis)
  const paidUntil = later(addon.paidUntil)
  const moved = {
    ...addon,
    anchor: idleMillis === 0 ? addon.anchor : paidUntil,
    paidUntil,
    pastDueSince: later(addon.pastDueSince)
  }
  // What is suspended is tried too: money that came meanwhile has not made it due.
  return { ...moved, dueAt: addon.state === "off" ? null : paidUntil }
}
