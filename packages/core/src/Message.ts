/** A message as an account sees it, and the limits of what it may say. */
import { Schema } from "effect"
import { AccountId, MessageId, NumberId } from "./Account.ts"
import { Money } from "./Money.ts"
import { E164 } from "./PhoneNumber.ts"
import { Status } from "./status/Status.ts"

/** UTC, milliseconds since 1970: what Clock gives and timestamptz(3) keeps. */
export type Instant = number

/** Unicode code points that one body may hold. */
export const MAX_BODY_LENGTH = 1600

/** Code points of a text; a surrogate pair is one. */
export const codePoints = (text: string): number => {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1)
      if (next >= 0xdc00 && next <= 0xdfff) i++
    }
    count++
  }
  return count
}

/**
 * 1 to 1,600 code points of well-formed text. A lone surrogate is refused: no carrier and no UTF-8 text column can hold
 * it, so it could not be stored and billed as it is. U+0000 is refused for the same reason.
 */
export const Body = Schema.String.check(
  Schema.makeFilter<string>((text) => {
    if (text.length === 0) return "must not be empty"
    if (text.length > 2 * MAX_BODY_LENGTH || codePoints(text) > MAX_BODY_LENGTH) {
      return `must be at most ${MAX_BODY_LENGTH} characters`
    }
    if (text.includes("\u0000")) return "must not contain the character U+0000"
    return text.isWellFormed() || "must not contain a lone surrogate"
  })
).pipe(Schema.brand("Body"))
export type Body = typeof Body.Type

export const Direction = Schema.Literals(["outbound", "inbound"])
export type Direction = typeof Direction.Type

export const Message = Schema.Struct({
  id: MessageId,
  accountId: AccountId,
  direction: Direction,
  /** The account's own number: the sender of an outbound message, the recipient of an inbound one. */
  numberId: NumberId,
  from: E164,
  to: E164,
  body: Schema.String,
  status: Status,
  segments: Schema.Int,
  encoding: Schema.Literals(["GSM-7", "UCS-2"]),
  /** Name of the carrier that transmits it. */
  carrier: Schema.String,
  /** Segments x unit price at the moment of acceptance; zero for inbound. */
  price: Money,
  /** Machine-readable cause once it failed; of an inbound message `parts_missing`, if not all of it came. */
  reason: Schema.NullOr(Schema.String),
  createdAt: Schema.Int,
  updatedAt: Schema.Int,
  sentAt: Schema.NullOr(Schema.Int),
  deliveredAt: Schema.NullOr(Schema.Int)
})
export interface Message extends Schema.Schema.Type<typeof Message> {}
