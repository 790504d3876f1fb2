/** Whose a part is: a number of ours and a person, or why it is nobody's. */
import { Schema } from "effect"
import { canSend, type OwnedNumber } from "../number/NumberRegistry.ts"
import { E164 } from "../PhoneNumber.ts"
import type { InboundPart } from "./InboundPart.ts"
import type { DeadReason } from "./InboundStore.ts"

/** A part with the number it is for and the person it is from, as far as there are any. */
interface Addressed {
  readonly part: InboundPart
  readonly number: OwnedNumber | undefined
  readonly person: E164 | null
  readonly reason: DeadReason | null
}

export interface Dead extends Addressed {
  readonly reason: DeadReason
}

export interface Mail extends Addressed {
  readonly number: OwnedNumber
  readonly person: E164
}

export const address = (part: InboundPart, number: OwnedNumber | undefined): Addressed => {
  const person = isE164(part.from) ? part.from : null
  return { part, number, person, reason: reasonOf(number, person) }
}

const reasonOf = (number: OwnedNumber | undefined, person: E164 | null): DeadReason | null => {
  if (number === undefined) return "unknown_number"
  if (person === null) return "invalid_sender"
  if (number.status !== "active") return "number_not_active"
  return canSend(number) ? null : "sms_off"
}

export const isDead = (addressed: Addressed): addressed is Dead => addressed.reason !== null

export const isMail = (addressed: Addressed): addressed is Mail => addressed.reason === null

export const isE164 = Schema.is(E164)
