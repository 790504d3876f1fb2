/** Messages on the wire: what is sent, what is answered. */
import { MessageId, MicrosFromDecimal, NumberId } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { ProblemBody } from "./Problem.ts"
import { answer, Day, PositiveInteger, Timestamp } from "./Wire.ts"

export const Direction = Schema.Literals(["outbound", "inbound"])
export const Encoding = Schema.Literals(["GSM-7", "UCS-2"])
export const Status = Schema.Literals(["queued", "sending", "sent", "delivered", "failed", "received"])

export const Message = Schema.Struct({
  id: MessageId,
  direction: Direction,
  from: Schema.String,
  to: Schema.String,
  body: Schema.String,
  status: Status,
  segments: Schema.Int,
  encoding: Encoding,
  carrier: Schema.String,
  price: MicrosFromDecimal,
  currency: Schema.String,
  reason: Schema.NullOr(Schema.String).annotate({ description: "Why it failed; null unless it did." }),
  number_id: NumberId,
  created_at: Timestamp,
  updated_at: Timestamp,
  sent_at: Schema.NullOr(Timestamp),
  delivered_at: Schema.NullOr(Timestamp),
  received_at: Schema.optionalKey(Timestamp).annotate({ description: "Inbound messages only." })
}).annotate({ identifier: "Message" })
export type Message = typeof Message.Type

export const TimelineEntry = Schema.Struct({
  status: Status,
  at: Timestamp,
  source: Schema.String,
  detail: Schema.NullOr(Schema.String)
}).annotate({ identifier: "TimelineEntry" })

/**
 * 1 to 1,600 Unicode code points. U+0000 and lone surrogates are no text that a phone or a database can hold: they are
 * refused, not dropped. Branded as core's Body is, whose limits these are.
 */
export const MessageBody = Schema.String.annotate({ message: "must be a string" })
  .check(
    Schema.isMinCodePoints(1, { message: "must not be empty" }),
    Schema.isMaxCodePoints(1600, { message: "must be at most 1600 characters" }),
    Schema.makeFilter((text: string) => !text.includes("\u0000"), { message: "must not contain the character U+0000" }),
    Schema.makeFilter((text: string) => text.isWellFormed(), {
      message: "must be well-formed Unicode; it has a lone surrogate"
    })
  )
  .pipe(Schema.brand("Body"))

export const SendRequest = Schema.Struct({
  from_number_id: PositiveInteger.pipe(Schema.brand("NumberId")),
  to: Schema.String.annotate({ description: "E.164, such as +31612345678." }),
  body: MessageBody
}).annotate({ identifier: "SendRequest" })
export type SendRequest = typeof SendRequest.Type

export const BatchRequest = Schema.Struct({
  messages: Schema.Array(SendRequest).check(
    Schema.isMinLength(1, { message: "must have at least 1 message" }),
    Schema.isMaxLength(1000, { message: "must have at most 1000 messages" })
  )
}).annotate({ identifier: "BatchRequest" })

export const PreviewRequest = Schema.Struct({
  to: Schema.optionalKey(Schema.String).annotate({ description: "Without it the list price is quoted." }),
  body: MessageBody
}).annotate({ identifier: "PreviewRequest" })

export const Preview = Schema.Struct({
  encoding: Encoding,
  segments: Schema.Int,
  units: Schema.Int.annotate({ description: "Septets (GSM-7) or UTF-16 code units (UCS-2) of the whole text." }),
  units_per_segment: Schema.Array(Schema.Int),
  remaining: Schema.Int.annotate({ description: "Units that still fit into the last segment." }),
  unit_price: MicrosFromDecimal,
  price: MicrosFromDecimal,
  currency: Schema.String
}).annotate({ identifier: "Preview" })

export const Stats = Schema.Struct({
  today: Schema.Int,
  this_month: Schema.Int,
  delivery_rate_30d: Schema.NullOr(Schema.Finite).annotate({
    description: "delivered / (delivered + failed), 0 to 1; null without either."
  }),
  delivered_30d: Schema.Int,
  failed_30d: Schema.Int
}).annotate({ identifier: "Stats" })

export const DayStats = Schema.Struct({
  date: Day,
  messages: Schema.Int.annotate({ description: "Created on that day, in both directions." }),
  delivered: Schema.Int.annotate({ description: "Of the outbound ones among them; so is failed." }),
  failed: Schema.Int
}).annotate({ identifier: "DayStats" })

export const MessageAnswer = answer({ message: Message })

/** What became of one message of a batch. */
export const BatchResult = Schema.Union([MessageAnswer, ProblemBody])
