/** Lets in who bears a valid API key with the scope that the operation asks for; nothing of the body is read before. */
import type { Access } from "@cliqtel/sms-core"
import { Context, Effect, Layer, Redacted } from "effect"
import { RequiredScope } from "./api/Annotations.ts"
import { Authorization, BearerToken, CurrentAccess } from "./api/Authorization.ts"
import { type Problem, problem } from "./api/Problem.ts"

export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    /** What the key gives access to; undefined if it is none of ours, or no longer. */
    authenticate(key: Redacted.Redacted<string>): Effect.Effect<Access | undefined>
    /** The key of this hash was revoked: the next request with it is refused on this host. */
    forget(hash: Uint8Array): Effect.Effect<void>
  }
>()("@cliqtel/sms-host-http/Authentication/ApiKeys") {}

/** RFC 6750's token. Two headers arrive joined by a comma, which it excludes, so they are refused. */
const TOKEN = /^[A-Za-z0-9._~+/-]{1,200}=*$/

export const layerAuthorization: Layer.Layer<Authorization, never, ApiKeys> = Layer.effect(
  Authorization,
  Effect.map(ApiKeys, (keys) => ({
    bearer: (httpEffect, { credential, endpoint }) => {
      const key = Redacted.value(credential)
      if (key === "") return Effect.fail(missing)
      if (!TOKEN.test(key)) return Effect.fail(invalidKey)
      const scope = Context.get(endpoint.annotations, RequiredScope)
      return keys.authenticate(credential).pipe(
        Effect.flatMap((access): Effect.Effect<Access, Problem> => {
          if (access === undefined) return Effect.fail(invalidKey)
          return scope === undefined || access.scopes.includes(scope)
            ? Effect.succeed(access)
            : Effect.fail(lacks(scope))
        }),
        Effect.flatMap((access) =>
          httpEffect.pipe(Effect.provideService(CurrentAccess, access), Effect.provideService(BearerToken, credential))
        )
      )
    }
  }))
)

const missing = problem("unauthorized", "Send the API key as Authorization: Bearer KEY.", {
  headers: { "www-authenticate": "Bearer" }
})

export const invalidKey = problem("unauthorized", "The API key is not valid.", {
  headers: { "www-authenticate": 'Bearer error="invalid_token"' }
})

const lacks = (scope: string) =>
  problem("forbidden", `The API key lacks the scope ${scope}.`, {
    headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${scope}"` }
  })
