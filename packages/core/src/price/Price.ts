/** What a message costs: its segments times the price of one, fixed when it is accepted and kept on the message. */
import { type Money, times } from "../Money.ts"

/** A message has at least one segment; anything else is a mistake of the caller and would be a message for free. */
export const quote = (segments: number, unitPrice: Money): Money => {
  if (!Number.isSafeInteger(segments) || segments < 1)
    throw new RangeError(`A message cannot have ${segments} segments`)
  return times(unitPrice, segments)
}
