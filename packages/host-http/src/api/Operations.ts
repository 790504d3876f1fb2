/** What an operator asks the host; no key needed. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { AnswersWith } from "./Annotations.ts"

export class Operations extends HttpApiGroup.make("operations").add(
  HttpApiEndpoint.get("healthz", "/healthz", { success: Schema.Struct({ status: Schema.Literal("ok") }) }).annotate(
    OpenApi.Summary,
    "Alive"
  ),
  HttpApiEndpoint.get("readyz", "/readyz", { success: Schema.Struct({ status: Schema.Literal("ready") }) }).annotate(
    OpenApi.Summary,
    "Ready"
  ),
  HttpApiEndpoint.get("metrics", "/metrics", {
    success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/plain; version=0.0.4; charset=utf-8" }))
  })
    .annotate(AnswersWith, undefined)
    .annotate(OpenApi.Summary, "Prometheus metrics")
) {}
