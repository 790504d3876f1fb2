/** The operations on numbers. */
import { Carriers, Coverage, Sms } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentAccess } from "../api/Authorization.ts"
import { rejectionProblem } from "./Rejections.ts"
import { numberShape } from "./Shapes.ts"

export const layerNumbers = HttpApiBuilder.group(
  Api,
  "numbers",
  Effect.fnUntraced(function* (handlers) {
    const sms = yield* Sms
    const numberOf = numberShape(yield* Coverage, yield* Carriers)

    return handlers.handleAll({
      list: Effect.fnUntraced(function* () {
        const { accountId } = yield* CurrentAccess
        return { success: true as const, numbers: (yield* sms.numbers(accountId)).map(numberOf) }
      }),
      get: Effect.fnUntraced(function* ({ params }) {
        const { accountId } = yield* CurrentAccess
        const number = yield* sms.number({ accountId, id: params.id }).pipe(Effect.mapError(rejectionProblem))
        return { success: true as const, number: numberOf(number) }
      })
    })
  })
)
