/** Where numbers are sold and messages go, and what they cost; open to everybody. */
import { MicrosFromDecimal } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { answer } from "./Wire.ts"

export const CountryCoverage = Schema.Struct({
  country: Schema.String,
  name: Schema.String,
  local: Schema.Boolean,
  mobile: Schema.Boolean,
  toll_free: Schema.Boolean,
  sms_monthly: MicrosFromDecimal,
  outbound_segment: Schema.NullOr(MicrosFromDecimal),
  currency: Schema.String
}).annotate({ identifier: "CountryCoverage" })
export type CountryCoverage = typeof CountryCoverage.Type

export class Coverage extends HttpApiGroup.make("coverage")
  .add(
    HttpApiEndpoint.get("list", "/coverage", {
      success: answer({ countries: Schema.Array(CountryCoverage) })
    }).annotate(OpenApi.Summary, "Countries, what SMS is available there, and prices")
  )
  .prefix("/api/v1/portal") {}
