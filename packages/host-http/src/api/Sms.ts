/** The operations on messages. */
import { MessageId, NumberId } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { BodyLimit, RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { MessageCursor } from "./Cursor.ts"
import { IdempotencyHeader, ofIdempotencyKey, ReplayedHeader } from "./IdempotencyKey.ts"
import {
  BatchRequest,
  BatchResult,
  DayStats,
  Direction,
  Message,
  MessageAnswer,
  Preview,
  PreviewRequest,
  SendRequest,
  Stats,
  Status,
  TimelineEntry
} from "./Message.ts"
import { NumbersAnswer } from "./Number.ts"
import { ofBody, problems } from "./Problem.ts"
import { answer, idFromText, Limit, NumberFromText, TimestampFromText } from "./Wire.ts"

const SendHeaders = {
  "ratelimit-policy": Schema.optionalKey(Schema.String),
  ratelimit: Schema.optionalKey(Schema.String),
  ...ReplayedHeader
}

const send = HttpApiEndpoint.post("send", "/sms/send", {
  headers: IdempotencyHeader,
  payload: SendRequest,
  success: HttpApiSchema.WithHeaders(MessageAnswer.pipe(HttpApiSchema.status(201)), SendHeaders),
  error: problems(
    ...ofBody,
    ...ofIdempotencyKey,
    "not_found",
    "insufficient_balance",
    "sms_not_enabled",
    "invalid_destination",
    "destination_not_supported",
    "opted_out",
    "media_not_supported",
    "rate_limited"
  )
})
  .annotate(RequiredScope, "sms:send")
  .annotate(OpenApi.Summary, "Send a message")

const batch = HttpApiEndpoint.post("batch", "/sms/batch", {
  headers: IdempotencyHeader,
  payload: BatchRequest,
  success: HttpApiSchema.WithHeaders(answer({ results: Schema.Array(BatchResult) }), SendHeaders),
  error: problems(...ofBody, ...ofIdempotencyKey, "media_not_supported")
})
  .annotate(RequiredScope, "sms:send")
  .annotate(BodyLimit, 4 * 1024 * 1024)
  .annotate(OpenApi.Summary, "Send up to 1,000 messages, each with an answer of its own")

const preview = HttpApiEndpoint.post("preview", "/sms/preview", {
  payload: PreviewRequest,
  success: answer({ preview: Preview }),
  error: problems(...ofBody, "invalid_destination", "destination_not_supported", "media_not_supported")
})
  .annotate(RequiredScope, "sms:send")
  .annotate(OpenApi.Summary, "Count segments and price without sending")

const list = HttpApiEndpoint.get("list", "/sms", {
  query: {
    direction: Schema.optionalKey(Direction),
    number_id: Schema.optionalKey(idFromText(NumberId)),
    status: Schema.optionalKey(Status),
    to: Schema.optionalKey(NumberFromText),
    from: Schema.optionalKey(NumberFromText),
    contact: Schema.optionalKey(NumberFromText).annotate({ description: "To or from this number: a conversation." }),
    since: Schema.optionalKey(TimestampFromText),
    until: Schema.optionalKey(TimestampFromText),
    limit: Limit,
    cursor: Schema.optionalKey(MessageCursor)
  },
  success: answer({ messages: Schema.Array(Message), next_cursor: Schema.NullOr(MessageCursor) })
})
  .annotate(RequiredScope, "sms:read")
  .annotate(OpenApi.Summary, "List messages, newest first")

const get = HttpApiEndpoint.get("get", "/sms/:id", {
  params: { id: idFromText(MessageId) },
  success: answer({ message: Message, timeline: Schema.Array(TimelineEntry) }),
  error: problems("not_found")
})
  .annotate(RequiredScope, "sms:read")
  .annotate(OpenApi.Summary, "A message and its timeline")

const numbers = HttpApiEndpoint.get("numbers", "/sms/numbers", { success: NumbersAnswer })
  .annotate(RequiredScope, "sms:read")
  .annotate(OpenApi.Summary, "Numbers that can send")

const stats = HttpApiEndpoint.get("stats", "/sms/stats", {
  query: { number_id: Schema.optionalKey(idFromText(NumberId)) },
  success: answer({ stats: Stats })
})
  .annotate(RequiredScope, "sms:read")
  .annotate(OpenApi.Summary, "How many messages, and how many arrived")

const dailyStats = HttpApiEndpoint.get("dailyStats", "/sms/stats/daily", {
  query: { number_id: Schema.optionalKey(idFromText(NumberId)) },
  success: answer({ days: Schema.Array(DayStats) })
})
  .annotate(RequiredScope, "sms:read")
  .annotate(OpenApi.Summary, "The same for each of the last 30 days, UTC, oldest first and today included")

export class Sms extends HttpApiGroup.make("sms")
  .add(send, batch, preview, list, numbers, stats, dailyStats, get)
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
