/** The operations on numbers. */
import { Carriers, Coverage, OrderNumbers, Sms, SwitchSms } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentAccess } from "../api/Authorization.ts"
import { ChangeOwnNumber, OrderRequest, SwitchSms as SwitchRequest } from "../api/Number.ts"
import { withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { carryOn } from "../CarryOn.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { replayHeaders, requestKey } from "../RequestKey.ts"
import { orderProblem, switchProblem } from "./DeskRejections.ts"
import { rejectionProblem } from "./Rejections.ts"
import { numberShape, offerShape } from "./Shapes.ts"

export const layerNumbers = HttpApiBuilder.group(
  Api,
  "numbers",
  Effect.fnUntraced(function* (handlers) {
    const sms = yield* Sms
    const switching = yield* SwitchSms
    const ordering = yield* OrderNumbers
    const memory = yield* BodyMemory
    const coverage = yield* Coverage
    const undisturbed = yield* carryOn
    const numberOf = numberShape(coverage, yield* Carriers)
    const offerOf = offerShape(coverage)

    const switchSms = withBody(
      memory,
      SwitchRequest,
      Effect.fnUntraced(function* ({ enabled }, { params }) {
        const { accountId } = yield* CurrentAccess
        const number = yield* undisturbed(switching.set({ accountId, id: params.id }, enabled)).pipe(
          Effect.mapError(switchProblem)
        )
        return { success: true as const, number: numberOf(number) }
      })
    )

    const change = withBody(
      memory,
      ChangeOwnNumber,
      Effect.fnUntraced(function* ({ help_text }, { params }) {
        const { accountId } = yield* CurrentAccess
        const key = { accountId, id: params.id }
        const changed = help_text === undefined ? sms.number(key) : undisturbed(sms.setHelpText(key, help_text))
        return { success: true as const, number: numberOf(yield* Effect.mapError(changed, rejectionProblem)) }
      })
    )

    const order = withBody(
      memory,
      OrderRequest,
      Effect.fnUntraced(function* (payload, { headers }) {
        const { accountId } = yield* CurrentAccess
        const key = requestKey({ headers, path: "/numbers/orders", payload })
        const { order, replayed } = yield* undisturbed(ordering.order(accountId, payload.items, key)).pipe(
          Effect.catchTag("AccountNotFound", Effect.die),
          Effect.mapError(orderProblem)
        )
        const { id, numbers, total } = order
        return HttpApiSchema.withHeaders({
          body: {
            success: true as const,
            order: { id, total: total.micros, currency: total.currency },
            numbers: numbers.map(numberOf)
          },
          headers: replayHeaders(replayed)
        })
      })
    )

    return handlers
      .handleRaw("change", change)
      .handleRaw("switchSms", switchSms)
      .handleRaw("order", order)
      .handleAll({
        list: Effect.fnUntraced(function* () {
          const { accountId } = yield* CurrentAccess
          return { success: true as const, numbers: (yield* sms.numbers(accountId)).map(numberOf) }
        }),
        get: Effect.fnUntraced(function* ({ params }) {
          const { accountId } = yield* CurrentAccess
          const number = yield* sms.number({ accountId, id: params.id }).pipe(Effect.mapError(rejectionProblem))
          return { success: true as const, number: numberOf(number) }
        }),
        available: Effect.fnUntraced(function* ({ query: { country, limit, type } }) {
          const { accountId } = yield* CurrentAccess
          const offers = yield* Effect.orDie(ordering.available(accountId, { country, type, limit }))
          return { success: true as const, numbers: offers.flatMap(offerOf) }
        })
      })
  }, withServices)
).pipe(layerLight)
