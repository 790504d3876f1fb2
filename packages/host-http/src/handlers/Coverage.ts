/** Countries and prices, for everybody. */
import { Coverage } from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { coverageShape } from "./Shapes.ts"

export const layerCoverage = HttpApiBuilder.group(
  Api,
  "coverage",
  Effect.fnUntraced(function* (handlers) {
    const table = yield* Coverage
    const countries = [...table.values()].map(coverageShape)

    return handlers.handleAll({ list: () => Effect.succeed({ success: true as const, countries }) })
  }, withServices)
).pipe(layerLight)
