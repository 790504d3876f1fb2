/**
 * Serves while its layer stands. Closing waits for the requests that are under way, but not for ever: a send cannot be
 * interrupted, and one that hangs on its database must not keep the process alive. What it did is committed or undone
 * by the database, whichever way the process ends.
 */
import { Effect, Fiber, Layer, Scope } from "effect"
import { HttpServer, type HttpServerResponse } from "effect/http"
import { servingLightly } from "./LightRequests.ts"
import { HttpLimits } from "./Limits.ts"

/** For requests to end by themselves once their connections are cut. */
const LAST_MILLIS = 500

export const serve = <R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, unknown, R>) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const { drainTimeout } = yield* HttpLimits
      const scope = yield* Scope.make()
      yield* Effect.addFinalizer(
        Effect.fnUntraced(function* (exit) {
          const closing = yield* Effect.forkDetach(Scope.close(scope, exit))
          const waiting = Fiber.await(closing).pipe(
            Effect.timeoutOption(drainTimeout + LAST_MILLIS),
            Effect.interruptible
          )
          if ((yield* waiting)._tag === "None")
            yield* Effect.logWarning("Requests were left behind that did not end in time.")
        })
      )
      yield* Scope.provide(servingLightly(HttpServer.serveEffect(app)), scope)
    })
  )
