/** The operations on numbers. */
import { CountryCode, NumberId } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { IdempotencyHeader, ofIdempotencyKey, ReplayedHeader } from "./IdempotencyKey.ts"
import {
  AvailableNumber,
  ChangeOwnNumber,
  NumbersAnswer,
  NumberType,
  Order,
  OrderRequest,
  PhoneNumber,
  SwitchSms
} from "./Number.ts"
import { ofBody, problems } from "./Problem.ts"
import { answer, idFromText, Limit } from "./Wire.ts"

const list = HttpApiEndpoint.get("list", "/numbers", { success: NumbersAnswer }).annotate(
  OpenApi.Summary,
  "List numbers"
)

const get = HttpApiEndpoint.get("get", "/numbers/:id", {
  params: { id: idFromText(NumberId) },
  success: answer({ number: PhoneNumber }),
  error: problems("not_found")
}).annotate(OpenApi.Summary, "A number")

const change = HttpApiEndpoint.patch("change", "/numbers/:id", {
  params: { id: idFromText(NumberId) },
  payload: ChangeOwnNumber,
  success: answer({ number: PhoneNumber }),
  error: problems(...ofBody, "not_found")
}).annotate(OpenApi.Summary, "Change what a number answers to HELP")

const switchSms = HttpApiEndpoint.put("switchSms", "/numbers/:id/sms", {
  params: { id: idFromText(NumberId) },
  payload: SwitchSms,
  success: answer({ number: PhoneNumber }),
  error: problems(...ofBody, "not_found", "sms_unavailable", "number_not_active", "insufficient_balance")
}).annotate(OpenApi.Summary, "Switch SMS on or off; on charges the add-on, unless its month is paid already")

const available = HttpApiEndpoint.get("available", "/numbers/available", {
  query: {
    country: Schema.optionalKey(CountryCode),
    type: Schema.optionalKey(NumberType),
    limit: Limit
  },
  success: answer({ numbers: Schema.Array(AvailableNumber) })
}).annotate(OpenApi.Summary, "Numbers that can be ordered")

const order = HttpApiEndpoint.post("order", "/numbers/orders", {
  headers: IdempotencyHeader,
  payload: OrderRequest,
  success: HttpApiSchema.WithHeaders(
    answer({ order: Order, numbers: Schema.Array(PhoneNumber) }).pipe(HttpApiSchema.status(201)),
    ReplayedHeader
  ),
  error: problems(...ofBody, ...ofIdempotencyKey, "sms_unavailable", "number_taken", "insufficient_balance")
}).annotate(OpenApi.Summary, "Order numbers, all of them or none")

export class Numbers extends HttpApiGroup.make("numbers")
  .add(list, available, get, change, switchSms, order)
  .annotateEndpoints(RequiredScope, "numbers")
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
