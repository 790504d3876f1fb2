/** Who does not want to be written to, and the operations on it. */
import { NumberId } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { OptOutCursor } from "./Cursor.ts"
import { problems } from "./Problem.ts"
import { answer, idFromText, Limit, NumberFromText, Timestamp } from "./Wire.ts"

export const OptOut = Schema.Struct({
  number_id: NumberId,
  number: Schema.String.annotate({ description: "The account's number, which they replied STOP to." }),
  person: Schema.String,
  created_at: Timestamp
}).annotate({ identifier: "OptOut" })
export type OptOut = typeof OptOut.Type

const list = HttpApiEndpoint.get("list", "/opt_outs", {
  query: {
    number_id: Schema.optionalKey(idFromText(NumberId)),
    limit: Limit,
    cursor: Schema.optionalKey(OptOutCursor)
  },
  success: answer({ opt_outs: Schema.Array(OptOut), next_cursor: Schema.NullOr(OptOutCursor) })
})
  .annotate(RequiredScope, "sms:read")
  .annotate(OpenApi.Summary, "List who has opted out, newest first")

const undo = HttpApiEndpoint.delete("undo", "/opt_outs", {
  query: { number_id: idFromText(NumberId), person: NumberFromText },
  success: answer({}),
  error: problems("not_found")
})
  .annotate(RequiredScope, "sms:send")
  .annotate(OpenApi.Summary, "Undo an opt-out, with that person's consent")

export class OptOuts extends HttpApiGroup.make("optOuts")
  .add(list, undo)
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
