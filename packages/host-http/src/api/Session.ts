/** Sessions of the portal on the wire, and the operations on them. */
import { AccountId, AccountMode, Scope } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { ofBody, problems } from "./Problem.ts"
import { answer, Timestamp } from "./Wire.ts"

const PortalSession = Schema.Struct({
  account: Schema.Struct({ id: AccountId, name: Schema.String, mode: AccountMode, currency: Schema.String }),
  scopes: Schema.Array(Scope),
  signed_in_at: Timestamp,
  expires_at: Timestamp
}).annotate({ identifier: "Session" })

const SignIn = Schema.Union([
  Schema.Struct({ api_key: Schema.String }),
  Schema.Struct({ demo: Schema.Literals(["live", "test"]) })
])

export class Session extends HttpApiGroup.make("session")
  .add(
    HttpApiEndpoint.get("get", "/session", {
      success: answer({ session: Schema.NullOr(PortalSession), demo: Schema.Boolean })
    }),
    HttpApiEndpoint.post("open", "/session", {
      payload: SignIn,
      success: answer({ session: PortalSession }).pipe(HttpApiSchema.status(201)),
      error: problems(...ofBody)
    }),
    HttpApiEndpoint.delete("close", "/session", { success: answer({}) })
  )
  .prefix("/api/v1/portal") {}
