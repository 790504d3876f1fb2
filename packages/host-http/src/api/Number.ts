/** Phone numbers on the wire, and the operations on them. */
import { MicrosFromDecimal, NumberId } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { problems } from "./Problem.ts"
import { answer, idFromText, Timestamp } from "./Wire.ts"

export const NumberType = Schema.Literals(["local", "mobile", "toll_free"])

export const PhoneNumber = Schema.Struct({
  id: NumberId,
  number: Schema.String,
  country: Schema.String,
  type: NumberType,
  status: Schema.Literals(["provisioning", "pending_verification", "active", "suspended"]),
  monthly_price: MicrosFromDecimal,
  currency: Schema.String,
  sms: Schema.Struct({
    available: Schema.Boolean,
    enabled: Schema.Boolean,
    state: Schema.Literals(["off", "on", "past_due", "suspended"]),
    monthly_price: Schema.NullOr(MicrosFromDecimal),
    currency: Schema.String,
    paid_until: Schema.NullOr(Timestamp)
  }),
  messaging_profile: Schema.Struct({
    assigned: Schema.Boolean,
    inbound_hook: Schema.Literals(["configured", "missing"]),
    last_inbound_at: Schema.NullOr(Timestamp)
  })
}).annotate({ identifier: "PhoneNumber" })
export type PhoneNumber = typeof PhoneNumber.Type

export const NumbersAnswer = answer({ numbers: Schema.Array(PhoneNumber) })

export class Numbers extends HttpApiGroup.make("numbers")
  .add(
    HttpApiEndpoint.get("list", "/numbers", { success: NumbersAnswer }).annotate(OpenApi.Summary, "List numbers"),
    HttpApiEndpoint.get("get", "/numbers/:id", {
      params: { id: idFromText(NumberId) },
      success: answer({ number: PhoneNumber }),
      error: problems("not_found")
    }).annotate(OpenApi.Summary, "A number")
  )
  .annotateEndpoints(RequiredScope, "numbers")
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
