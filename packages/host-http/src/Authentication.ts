/**
 * Lets in who bears a valid API key with the scope that the operation asks for, or has signed in with one: a request that
 * has no Authorization header may have the portal's cookie instead. Nothing of the body is read before.
 */
import type { Access, Scope } from "@cliqtel/sms-core"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { HttpEffect, HttpServerRequest } from "effect/http"
import { RequiredScope } from "./api/Annotations.ts"
import { Authorization, BearerToken, CurrentAccess } from "./api/Authorization.ts"
import { type Problem, problem } from "./api/Problem.ts"
import { hashApiKey } from "./ApiKey.ts"
import { ApiKeys } from "./ApiKeys.ts"
import { PortalSessions } from "./PortalSessions.ts"
import { isOurs } from "./SameOrigin.ts"
import { sessionToken, withSession } from "./SessionCookie.ts"
import { asksForStream } from "./Traffic.ts"

/** RFC 6750's token. Two headers arrive joined by a comma, which it excludes, so they are refused. */
const TOKEN = /^[A-Za-z0-9._~+/-]{1,200}=*$/

export const isApiKey = (text: string): boolean => TOKEN.test(text)

export const layerAuthorization: Layer.Layer<Authorization, never, ApiKeys | PortalSessions> = Layer.effect(
  Authorization,
  Effect.gen(function* () {
    const keys = yield* ApiKeys
    const sessions = yield* PortalSessions

    /** Who is signed in. An aged token is replaced with the answer, unless nobody is there to hear it. */
    const callerOf = (token: Redacted.Redacted<string>, request: HttpServerRequest.HttpServerRequest) =>
      Effect.gen(function* () {
        // To listen is no use.
        const signedIn = yield* asksForStream(request.url) ? sessions.find(token) : sessions.authenticate(token)
        if (signedIn === undefined) return yield* signedOut
        const { access, isAged, session } = signedIn
        if (isAged) {
          yield* HttpEffect.appendPreResponseHandler((request, answer) =>
            isGone(request)
              ? Effect.succeed(answer)
              : sessions.renew(signedIn).pipe(
                  Effect.interruptible,
                  // The answer does not wait for it: whoever gets no new token is given one with a later answer.
                  Effect.timeoutOption(RENEWAL_MILLIS),
                  Effect.map(Option.getOrUndefined),
                  Effect.map((next) => (next === undefined ? answer : withSession(request, next, answer))),
                  Effect.catchCause((cause) =>
                    Effect.as(Effect.logWarning("The token of a portal session was not replaced", cause), answer)
                  )
                )
          )
        }
        return { ...access, session: { accountId: session.accountId, id: session.id } }
      })

    return {
      bearer: (httpEffect, { credential, endpoint }) => {
        const key = Redacted.value(credential)
        const scope = Context.get(endpoint.annotations, RequiredScope)
        if (key === "") {
          return Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
            const token = request.headers["authorization"] === undefined ? sessionToken(request) : undefined
            if (token === undefined) return Effect.fail(missing)
            if (!isFromUs(request)) return Effect.fail(foreign)
            return callerOf(token, request).pipe(
              Effect.flatMap((access) => permitted(access, scope)),
              Effect.flatMap((access) =>
                httpEffect.pipe(Effect.provideService(CurrentAccess, access), Effect.provideService(BearerToken, token))
              )
            )
          })
        }
        if (!isApiKey(key)) return Effect.fail(invalidKey)
        return keys.authenticate(hashApiKey(key)).pipe(
          Effect.flatMap((access) => (access === undefined ? Effect.fail(invalidKey) : permitted(access, scope))),
          Effect.flatMap((access) =>
            httpEffect.pipe(
              Effect.provideService(CurrentAccess, access),
              Effect.provideService(BearerToken, credential)
            )
          )
        )
      }
    }
  })
)

const RENEWAL_MILLIS = 1000

/** Whether the client has left: what is answered reaches nobody. */
const isGone = (request: HttpServerRequest.HttpServerRequest): boolean =>
  NodeHttpServerRequest.toServerResponse(request).destroyed

const permitted = <A extends Access>(access: A, scope: Scope | undefined): Effect.Effect<A, Problem> =>
  scope === undefined || access.scopes.includes(scope) ? Effect.succeed(access) : Effect.fail(lacks(scope))

/** Whether a request that a browser signs in by itself was made by one of our own pages. */
export const isFromUs = ({ headers, method }: HttpServerRequest.HttpServerRequest): boolean =>
  isOurs({ method, site: headers["sec-fetch-site"], origin: headers["origin"], host: headers["host"] })

export const foreign = problem("forbidden", "The request was not made by a page of this host.")

const missing = problem("unauthorized", "Send the API key as Authorization: Bearer KEY.", {
  headers: { "www-authenticate": "Bearer" }
})

const signedOut = problem("unauthorized", "You are not signed in any more.", {
  headers: { "www-authenticate": "Bearer" }
})

export const invalidKey = problem("unauthorized", "The API key is not valid.", {
  headers: { "www-authenticate": 'Bearer error="invalid_token"' }
})

const lacks = (scope: string) =>
  problem("forbidden", `The API key lacks the scope ${scope}.`, {
    headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${scope}"` }
  })
