/** The operations on the wallet. */
import { Accounts, Sms, TopUps } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentAccess } from "../api/Authorization.ts"
import { TopUp } from "../api/Wallet.ts"
import { withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { carryOn } from "../CarryOn.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { replayHeaders, requestKey } from "../RequestKey.ts"
import { topUpProblem } from "./DeskRejections.ts"
import { entryShape } from "./Shapes.ts"

export const layerWallet = HttpApiBuilder.group(
  Api,
  "wallet",
  Effect.fnUntraced(function* (handlers) {
    const sms = yield* Sms
    const accounts = yield* Accounts
    const topUps = yield* TopUps
    const memory = yield* BodyMemory
    const undisturbed = yield* carryOn

    const topUp = withBody(
      memory,
      TopUp,
      Effect.fnUntraced(function* (payload, { headers }) {
        const { accountId } = yield* CurrentAccess
        const key = requestKey({ headers, path: "/wallet/top_ups", payload })
        const { balance, replayed } = yield* undisturbed(topUps.topUp(accountId, payload.amount, key)).pipe(
          Effect.catchTag("AccountNotFound", Effect.die),
          Effect.mapError(topUpProblem)
        )
        return HttpApiSchema.withHeaders({
          body: { success: true as const, wallet: { balance: balance.micros, currency: balance.currency } },
          headers: replayHeaders(replayed)
        })
      })
    )

    return handlers.handleRaw("topUp", topUp).handleAll({
      get: Effect.fnUntraced(function* () {
        const { accountId } = yield* CurrentAccess
        // Whoever has a key has an account, and an account has a wallet.
        const { currency, micros } = yield* Effect.orDie(sms.balance(accountId))
        const account = yield* accounts.get(accountId)
        const wallet = { balance: micros, currency, low_balance_threshold: account?.lowBalance ?? null }
        return { success: true as const, wallet }
      }),
      entries: Effect.fnUntraced(function* ({ query: { cursor, limit } }) {
        const { accountId } = yield* CurrentAccess
        const { entries, next } = yield* sms.entries(accountId, { limit, before: cursor })
        return { success: true as const, entries: entries.map(entryShape), next_cursor: next }
      })
    })
  }, withServices)
).pipe(layerLight)
