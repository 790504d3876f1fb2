/**
 * Lets in who bears the ADMIN_TOKEN that the host was started with. Without one there is no admin API: each of its
 * addresses is like one that nothing has.
 */
import { Context, Effect, Layer, Redacted } from "effect"
import { createHash, timingSafeEqual } from "node:crypto"
import type { WrongMethod } from "./AllowedMethods.ts"
import { AdminAuthorization } from "./api/AdminAuthorization.ts"
import { BearerToken } from "./api/Authorization.ts"
import { problem } from "./api/Problem.ts"

export class AdminToken extends Context.Service<
  AdminToken,
  {
    /** Undefined: there is no admin API. */
    readonly token: Redacted.Redacted<string> | undefined
  }
>()("@cliqtel/sms-host-http/AdminAuthentication/AdminToken") {}

export const layerAdminAuthorization: Layer.Layer<AdminAuthorization, never, AdminToken> = Layer.effect(
  AdminAuthorization,
  Effect.map(AdminToken, ({ token }) => {
    if (token === undefined) return { admin: () => Effect.fail(noAdmin) }
    const expected = digest(Redacted.value(token))
    return {
      admin: (httpEffect, { credential }) => {
        const given = Redacted.value(credential)
        if (given === "") return Effect.fail(missing)
        return timingSafeEqual(digest(given), expected)
          ? Effect.provideService(httpEffect, BearerToken, credential)
          : Effect.fail(invalid)
      }
    }
  })
)

/** The same for methods that an admin address does not take: without a token there are none that it does. */
export const hideAdmin = ({ token }: AdminToken["Service"], wrongMethod: WrongMethod): WrongMethod =>
  token === undefined ? (request) => (isAdmin(request.url) ? noAdmin : wrongMethod(request)) : wrongMethod

/** However it is spelt. */
const isAdmin = (url: string): boolean => {
  try {
    return decodeURIComponent(url).startsWith("/api/v1/admin/")
  } catch {
    return false
  }
}

/** Of one length whatever was sent, so that comparing them tells nothing. */
const digest = (token: string): Uint8Array => createHash("sha256").update(token, "utf8").digest()

const noAdmin = problem("not_found", "There is no admin API on this host: ADMIN_TOKEN is not set.")

const missing = problem("unauthorized", "Send the host's ADMIN_TOKEN as Authorization: Bearer TOKEN.", {
  headers: { "www-authenticate": "Bearer" }
})

const invalid = problem("unauthorized", "The admin token is not valid.", {
  headers: { "www-authenticate": 'Bearer error="invalid_token"' }
})
