/** Alive, ready, metrics. */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { unavailable } from "../Failures.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { RequestMetrics } from "../Metrics.ts"
import { Readiness } from "../Readiness.ts"
import { Traffic } from "../Traffic.ts"

export const layerOperations = HttpApiBuilder.group(
  Api,
  "operations",
  Effect.fnUntraced(function* (handlers) {
    const metrics = yield* RequestMetrics
    const readiness = yield* Readiness
    const traffic = yield* Traffic

    return handlers.handleAll({
      healthz: () => Effect.succeed({ status: "ok" as const }),
      readyz: () =>
        traffic.isDraining()
          ? Effect.fail(unavailable("The host is shutting down.", 1000))
          : readiness.check.pipe(
              Effect.timeout("2 seconds"),
              Effect.matchCauseEffect({
                onSuccess: () => Effect.succeed({ status: "ready" as const }),
                onFailure: () => Effect.fail(unavailable("The database does not answer.", 1000))
              })
            ),
      metrics: () => metrics.scrape
    })
  }, withServices)
).pipe(layerLight)
