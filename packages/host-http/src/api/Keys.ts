/** API keys on the wire, and the operations on them. */
import { AccountMode, KeyId, Scope } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { IdempotencyHeader, ofIdempotencyKey, ReplayedHeader } from "./IdempotencyKey.ts"
import { ofBody, problems } from "./Problem.ts"
import { answer, idFromText, Name, Timestamp } from "./Wire.ts"

export const ApiKey = Schema.Struct({
  id: KeyId,
  name: Schema.String,
  hint: Schema.String.annotate({ description: "Its first and last characters, to know it by." }),
  mode: AccountMode,
  scopes: Schema.Array(Scope),
  created_at: Timestamp,
  last_used_at: Schema.NullOr(Timestamp).annotate({ description: "To the minute; null while it was never used." })
}).annotate({ identifier: "ApiKey" })
export type ApiKey = typeof ApiKey.Type

export const NewApiKey = Schema.Struct({
  ...ApiKey.fields,
  key: Schema.String.annotate({ description: "The key itself; it is told in this answer alone." })
}).annotate({ identifier: "NewApiKey" })
export type NewApiKey = typeof NewApiKey.Type

export const CreateApiKey = Schema.Struct({
  name: Name,
  scopes: Schema.optionalKey(
    Schema.Array(Scope)
      .annotate({ message: "must be a list of scopes" })
      .check(Schema.isMinLength(1, { message: "must have at least 1 scope" }))
  ).annotate({ description: "All of the calling key's if left out; none that it lacks." })
}).annotate({ identifier: "CreateApiKeyRequest" })
export type CreateApiKey = typeof CreateApiKey.Type

const list = HttpApiEndpoint.get("list", "/api_keys", { success: answer({ api_keys: Schema.Array(ApiKey) }) }).annotate(
  OpenApi.Summary,
  "List API keys"
)

const create = HttpApiEndpoint.post("create", "/api_keys", {
  headers: IdempotencyHeader,
  payload: CreateApiKey,
  success: HttpApiSchema.WithHeaders(answer({ api_key: NewApiKey }).pipe(HttpApiSchema.status(201)), ReplayedHeader),
  error: problems(...ofBody, ...ofIdempotencyKey)
}).annotate(OpenApi.Summary, "Make an API key, live or test as the calling one is")

const revoke = HttpApiEndpoint.delete("revoke", "/api_keys/:id", {
  params: { id: idFromText(KeyId) },
  success: answer({}),
  error: problems("not_found")
}).annotate(OpenApi.Summary, "Revoke an API key for good")

export class Keys extends HttpApiGroup.make("keys")
  .add(list, create, revoke)
  .annotateEndpoints(RequiredScope, "keys")
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
