/** What becomes of an account's messages, told as it happens. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { AnswersWith, RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { EventId } from "./Cursor.ts"

export const EVENT_STREAM = "text/event-stream"

const events = HttpApiEndpoint.get("events", "/sms/events", {
  headers: { "last-event-id": Schema.optionalKey(EventId) },
  success: Schema.String.annotate({
    description: "Server-Sent Events message.created and message.updated; the data of each is a message as JSON."
  }).pipe(HttpApiSchema.asText({ contentType: EVENT_STREAM }))
})
  .annotate(RequiredScope, "sms:read")
  .annotate(AnswersWith, EVENT_STREAM)
  .annotate(OpenApi.Summary, "Hear of messages as they are made and change (Server-Sent Events)")

export class Live extends HttpApiGroup.make("live").add(events).middleware(Authorization).prefix("/api/v1/portal") {}
