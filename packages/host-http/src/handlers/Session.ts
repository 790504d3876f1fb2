/** Signing in to the portal and out of it. What a browser does by itself must come from a page of ours. */
import { type Access, type AccountMode, Accounts, type Session, sessionEnd } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpEffect, type HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { problem } from "../api/Problem.ts"
import { type PortalSession, SignIn } from "../api/Session.ts"
import { hashApiKey } from "../ApiKey.ts"
import { ApiKeys } from "../ApiKeys.ts"
import { foreign, invalidKey, isApiKey, isFromUs } from "../Authentication.ts"
import { withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { carryOn } from "../CarryOn.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { OneClick } from "../OneClick.ts"
import { PortalSessions } from "../PortalSessions.ts"
import { sessionToken, withoutSession, withSession } from "../SessionCookie.ts"

export const layerSession = HttpApiBuilder.group(
  Api,
  "session",
  Effect.fnUntraced(function* (handlers) {
    const accounts = yield* Accounts
    const keys = yield* ApiKeys
    const sessions = yield* PortalSessions
    const oneClick = yield* OneClick
    const memory = yield* BodyMemory
    const undisturbed = yield* carryOn

    const found = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
      const token = sessionToken(request)
      return token && (yield* sessions.find(token))
    })

    const endFound = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
      const token = sessionToken(request)
      if (token !== undefined) yield* sessions.endBy(token)
    })

    const demoAccess = Effect.fnUntraced(function* (mode: AccountMode) {
      const hash = oneClick.keyHash(mode)
      return hash && (yield* keys.accessOf(hash))
    })

    const offersDemo = Effect.map(
      Effect.all([demoAccess("live"), demoAccess("test")]),
      ([live, test]) => live !== undefined || test !== undefined
    )

    const accessOf = Effect.fnUntraced(function* ({ api_key, demo }: SignIn) {
      if (demo !== undefined) return (yield* demoAccess(demo)) ?? (yield* noDemo)
      if (api_key === undefined || !isApiKey(api_key)) return yield* invalidKey
      return (yield* keys.authenticate(hashApiKey(api_key))) ?? (yield* invalidKey)
    })

    const shape = Effect.fnUntraced(function* (session: Session, { accountId, scopes }: Access) {
      const account = yield* accounts.get(accountId)
      if (account === undefined) return yield* Effect.die(new Error("a session has no account"))
      const { currency, id, mode, name } = account
      return {
        account: { id, name, mode, currency },
        scopes,
        signed_in_at: session.signedInAt,
        expires_at: sessionEnd(session)
      } satisfies PortalSession
    })

    const signIn = withBody(
      memory,
      SignIn,
      Effect.fnUntraced(function* (payload, { request }) {
        const access = yield* accessOf(payload)
        // A token that came along may be known to others, so signing in never goes on with it.
        const { session, token } = yield* undisturbed(Effect.andThen(endFound(request), sessions.open(access)))
        yield* HttpEffect.appendPreResponseHandler((_, answer) => Effect.succeed(withSession(request, token, answer)))
        return { success: true as const, session: yield* shape(session, access) }
      })
    )

    return handlers
      .handleRaw("open", (input) => (isFromUs(input.request) ? signIn(input) : Effect.fail(foreign)))
      .handleAll({
        get: Effect.fnUntraced(function* ({ request }) {
          if (!isFromUs(request)) return yield* foreign
          const signedIn = yield* found(request)
          return {
            success: true as const,
            session: signedIn === undefined ? null : yield* shape(signedIn.session, signedIn.access),
            demo: yield* offersDemo
          }
        }),
        close: Effect.fnUntraced(function* ({ request }) {
          if (!isFromUs(request)) return yield* foreign
          yield* undisturbed(endFound(request))
          yield* HttpEffect.appendPreResponseHandler((_, answer) => Effect.succeed(withoutSession(request, answer)))
          return { success: true as const }
        })
      })
  }, withServices)
).pipe(layerLight)

const noDemo = problem("forbidden", "This host has no demo to sign in to, or its key was revoked.")
