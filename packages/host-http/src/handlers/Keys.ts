/** The operations on API keys. */
import { type Access, Accounts, Idempotent, keptAs, newKeyScopes } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { BearerToken, CurrentAccess } from "../api/Authorization.ts"
import { CreateApiKey, NewApiKey } from "../api/Keys.ts"
import { Problem } from "../api/Problem.ts"
import { hashApiKey, keyHint, makeApiKey } from "../ApiKey.ts"
import { ApiKeys } from "../ApiKeys.ts"
import { invalidKey } from "../Authentication.ts"
import { withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { carryOn } from "../CarryOn.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { replayHeaders, sealedRequestKey } from "../RequestKey.ts"
import { sealed } from "../Sealed.ts"
import { keyProblem } from "./DeskRejections.ts"
import { keyShape } from "./Shapes.ts"

const kept = keptAs(NewApiKey)

export const layerApiKeys = HttpApiBuilder.group(
  Api,
  "keys",
  Effect.fnUntraced(function* (handlers) {
    const accounts = yield* Accounts
    const once = yield* Idempotent
    const apiKeys = yield* ApiKeys
    const memory = yield* BodyMemory
    const undisturbed = yield* carryOn

    const make = Effect.fnUntraced(function* ({ accountId, hash, mode }: Access, { name, scopes }: CreateApiKey) {
      // As it is now, not as it was remembered: a key that was revoked on another host makes no new ones.
      const maker = yield* accounts.access(hash)
      if (maker === undefined) return yield* invalidKey
      const given = yield* Effect.fromResult(newKeyScopes(maker.scopes, scopes))
      const key = makeApiKey(mode)
      const added = yield* accounts.addKey({
        accountId,
        name,
        hash: hashApiKey(key),
        hint: keyHint(key),
        scopes: given
      })
      return { ...keyShape(mode)(added), key }
    })

    const create = withBody(
      memory,
      CreateApiKey,
      Effect.fnUntraced(function* (payload, { headers }) {
        const access = yield* CurrentAccess
        const token = yield* BearerToken
        const request = {
          owner: access.accountId,
          idempotency: sealedRequestKey({ headers, path: "/api_keys", payload }, token),
          kept: sealed(kept, token)
        }
        const { answer, replayed } = yield* undisturbed(once.run(request, make(access, payload))).pipe(
          Effect.mapError((error) => (error instanceof Problem ? error : keyProblem(error)))
        )
        return HttpApiSchema.withHeaders({
          body: { success: true as const, api_key: answer },
          headers: replayHeaders(replayed)
        })
      })
    )

    return handlers.handleRaw("create", create).handleAll({
      list: Effect.fnUntraced(function* () {
        const { accountId, mode } = yield* CurrentAccess
        return { success: true as const, api_keys: (yield* accounts.keys(accountId)).map(keyShape(mode)) }
      }),
      revoke: Effect.fnUntraced(function* ({ params }) {
        const { accountId } = yield* CurrentAccess
        yield* undisturbed(Effect.flatMap(accounts.revoke(accountId, params.id), apiKeys.forget)).pipe(
          Effect.mapError(keyProblem)
        )
        return { success: true as const }
      })
    })
  }, withServices)
).pipe(layerLight)
