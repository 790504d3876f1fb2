/** The operations on opt-outs. */
import { OptOutList } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentAccess } from "../api/Authorization.ts"
import { problem } from "../api/Problem.ts"
import { carryOn } from "../CarryOn.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { optOutShape } from "./Shapes.ts"

export const layerOptOuts = HttpApiBuilder.group(
  Api,
  "optOuts",
  Effect.fnUntraced(function* (handlers) {
    const optOuts = yield* OptOutList
    const undisturbed = yield* carryOn

    return handlers.handleAll({
      list: Effect.fnUntraced(function* ({ query: { cursor, limit, number_id } }) {
        const { accountId } = yield* CurrentAccess
        const page = yield* optOuts.page(accountId, { limit, numberId: number_id, after: cursor })
        return { success: true as const, opt_outs: page.optOuts.map(optOutShape), next_cursor: page.next }
      }),
      undo: Effect.fnUntraced(function* ({ query: { number_id, person } }) {
        const { accountId } = yield* CurrentAccess
        yield* undisturbed(optOuts.undo({ accountId, numberId: number_id, person })).pipe(
          Effect.mapError(() => problem("not_found", `${person} has not opted out from number ${number_id}.`))
        )
        return { success: true as const }
      })
    })
  }, withServices)
).pipe(layerLight)
