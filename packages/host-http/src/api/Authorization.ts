/**
 * Who calls: an API key as a bearer token stands for one account, with the scopes that the key was given. So does the
 * cookie of a browser that has signed in with the key, in requests without an Authorization header.
 */
import type { Access, SessionKey } from "@cliqtel/sms-core"
import { Context, type Redacted } from "effect"
import { HttpApiMiddleware, HttpApiSecurity } from "effect/http-api"
import { problems } from "./Problem.ts"

export interface Caller extends Access {
  /** Where a browser calls: what it has signed in to. */
  readonly session?: SessionKey
}

export class CurrentAccess extends Context.Service<CurrentAccess, Caller>()(
  "@cliqtel/sms-host-http/api/Authorization/CurrentAccess"
) {}

/** The token that the caller bears, of a key or of a session: what answers with a secret in them are sealed with. */
export class BearerToken extends Context.Service<BearerToken, Redacted.Redacted<string>>()(
  "@cliqtel/sms-host-http/api/Authorization/BearerToken"
) {}

export class Authorization extends HttpApiMiddleware.Service<
  Authorization,
  { provides: CurrentAccess | BearerToken }
>()("@cliqtel/sms-host-http/api/Authorization/Authorization", {
  requiredForClient: true,
  security: { bearer: HttpApiSecurity.bearer },
  error: problems("unauthorized", "forbidden")
}) {}
