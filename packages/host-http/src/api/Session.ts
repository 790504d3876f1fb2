/** Signing in to the portal: a browser holds a cookie in place of the API key. */
import { AccountId, AccountMode, Scope } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { ofBody, problems } from "./Problem.ts"
import { answer, Timestamp } from "./Wire.ts"

export const PortalSession = Schema.Struct({
  account: Schema.Struct({ id: AccountId, name: Schema.String, mode: AccountMode, currency: Schema.String }),
  scopes: Schema.Array(Scope).annotate({ description: "Of the key that was signed in with." }),
  signed_in_at: Timestamp,
  expires_at: Timestamp.annotate({
    description: "When it is over unless it is used before: an hour after the last use, a day after signing in at most."
  })
}).annotate({ identifier: "PortalSession" })
export type PortalSession = typeof PortalSession.Type

const ONE_OF_BOTH = "must have either api_key or demo"

export const SignIn = Schema.Struct({
  api_key: Schema.optionalKey(Schema.String.annotate({ message: "must be a string" })),
  demo: Schema.optionalKey(AccountMode.annotate({ message: "must be live or test" })).annotate({
    description: "Signs in to one of the demo's accounts, where the host offers that."
  })
})
  .check(
    Schema.makeFilter(({ api_key, demo }) => (api_key === undefined) !== (demo === undefined), {
      message: ONE_OF_BOTH,
      expected: ONE_OF_BOTH
    })
  )
  .annotate({ identifier: "SignInRequest", description: "With an API key, or where the host offers it to its demo." })
export type SignIn = typeof SignIn.Type

const get = HttpApiEndpoint.get("get", "/session", {
  success: answer({
    session: Schema.NullOr(PortalSession),
    demo: Schema.Boolean.annotate({ description: "Whether one can sign in to the demo without a key." })
  }),
  error: problems("forbidden")
}).annotate(OpenApi.Summary, "Who is signed in, if anybody is")

const open = HttpApiEndpoint.post("open", "/session", {
  payload: SignIn,
  success: answer({ session: PortalSession }).pipe(HttpApiSchema.status(201)),
  error: problems(...ofBody, "unauthorized", "forbidden")
}).annotate(OpenApi.Summary, "Sign in with an API key; the answer sets a cookie")

const close = HttpApiEndpoint.delete("close", "/session", {
  success: answer({}),
  error: problems("forbidden")
}).annotate(OpenApi.Summary, "Sign out")

export class Session extends HttpApiGroup.make("session").add(get, open, close).prefix("/api/v1/portal") {}
