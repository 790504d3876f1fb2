/** What can be tried out on numbers of the simulated carrier. */
import { inboundParts } from "@cliqtel/sms-adapters/sandbox"
import { Carriers, NumberRegistry, ReceiveMessage } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentAccess } from "../api/Authorization.ts"
import { problem } from "../api/Problem.ts"
import { InboundRequest } from "../api/Sandbox.ts"
import { invalid, withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { carryOn } from "../CarryOn.ts"
import { layerLight, withServices } from "../LightRequests.ts"

export const layerSandbox = HttpApiBuilder.group(
  Api,
  "sandbox",
  Effect.fnUntraced(function* (handlers) {
    const numbers = yield* NumberRegistry
    const carriers = yield* Carriers
    const receiving = yield* ReceiveMessage
    const memory = yield* BodyMemory
    const undisturbed = yield* carryOn

    // It has been received when this is answered: nothing waits in a host that may die.
    const inbound = withBody(
      memory,
      InboundRequest,
      Effect.fnUntraced(function* ({ body, from, to }) {
        const { accountId } = yield* CurrentAccess
        const number = (yield* numbers.byNumbers([to])).find((one) => one.accountId === accountId)
        if (number === undefined) return yield* problem("not_found", `There is no number ${to} in this account.`)
        const { carrier } = number
        if (carriers.get(carrier)?.profile.simulated !== true) {
          return yield* invalid([{ path: "to", message: "must be a number of the sandbox carrier" }])
        }
        yield* undisturbed(receiving.receive(inboundParts({ carrier, from, to, body })))
        return { success: true as const }
      })
    )

    return handlers.handleRaw("inbound", inbound)
  }, withServices)
).pipe(layerLight)
