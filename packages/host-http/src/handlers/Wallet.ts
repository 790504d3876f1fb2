/** The operations on the wallet. */
import { Sms } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentAccess } from "../api/Authorization.ts"
import { entryShape } from "./Shapes.ts"

export const layerWallet = HttpApiBuilder.group(
  Api,
  "wallet",
  Effect.fnUntraced(function* (handlers) {
    const sms = yield* Sms

    return handlers.handleAll({
      get: Effect.fnUntraced(function* () {
        const { accountId } = yield* CurrentAccess
        // Whoever has a key has an account, and an account has a wallet.
        const { currency, micros } = yield* Effect.orDie(sms.balance(accountId))
        return { success: true as const, wallet: { balance: micros, currency } }
      }),
      entries: Effect.fnUntraced(function* ({ query: { cursor, limit } }) {
        const { accountId } = yield* CurrentAccess
        const { entries, next } = yield* sms.entries(accountId, { limit, before: cursor })
        return { success: true as const, entries: entries.map(entryShape), next_cursor: next }
      })
    })
  })
)
