/**
 * What a request carries. The contract's builder gives each request all services that its handlers were built with, and
 * copies them for it: some hundred entries, twice, were a third of all memory that a send allocated. Handlers hold what
 * they need from the start, so a request carries the middleware and the settings of the runtime alone.
 */
import { Clock, Context, Effect, Layer, References, Scope, Tracer } from "effect"
import { HttpServer } from "effect/http"
import { AdminAuthorization } from "./api/AdminAuthorization.ts"
import { Authorization } from "./api/Authorization.ts"
import { Problems } from "./api/Problem.ts"

const RUNTIME = [
  Clock.Clock,
  Layer.CurrentMemoMap,
  References.CurrentLoggers,
  References.LogToStderr,
  References.MinimumLogLevel,
  References.TracerEnabled,
  Scope.Scope,
  Tracer.Tracer
] as const

const Everything = Context.Reference<Context.Context<never>>("@cliqtel/sms-host-http/LightRequests/Everything", {
  defaultValue: Context.empty
})

/** Builds handlers with all services, though their requests will not carry them. */
export const withServices = <A, E, R>(build: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Everything, (everything) => Effect.updateContext(build, Context.merge(everything)))

/** A group of handlers that are built `withServices`. */
export const layerLight = <A, E, R>(group: Layer.Layer<A, E, R>): Layer.Layer<A, E, R> =>
  Layer.fromBuild((memoMap, scope) =>
    Effect.contextWith((everything: Context.Context<R>) =>
      Layer.buildWithMemoMap(group, memoMap, scope).pipe(
        Effect.provideService(Everything, everything as Context.Context<never>),
        Effect.updateContext(lightly(Everything, Problems, Authorization, AdminAuthorization))
      )
    )
  )

/** Serves with a context of this size. */
export const servingLightly = <A, E, R>(serving: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.updateContext(serving, lightly(HttpServer.HttpServer))

// Keys of any services, whatever their shapes.
// oxlint-disable-next-line typescript/no-explicit-any
const lightly = (...kept: ReadonlyArray<Context.Key<any, any>>) =>
  // What is left out is missed by nobody: handlers find it in `Everything`.
  Context.pick(...RUNTIME, ...kept) as <R>(context: Context.Context<R>) => Context.Context<R>

/** The settings of the runtime alone: what a request carries that has no middleware. */
export const lightServices: Effect.Effect<Context.Context<never>> = Effect.map(Effect.context<never>(), lightly())
