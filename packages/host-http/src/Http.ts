/**
 * Everything between the socket and the handlers. The port opens once all routes stand, and what `groups` needs is built
 * before: a host that listens can answer.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder, type HttpApiGroup } from "effect/http-api"
import { AdminToken, hideAdmin, layerAdminAuthorization } from "./AdminAuthentication.ts"
import { wrongMethod, ROUTER } from "./AllowedMethods.ts"
import { Api } from "./api/Api.ts"
import { layerAuthorization } from "./Authentication.ts"
import { BodyMemory } from "./BodyMemory.ts"
import { boundary } from "./Boundary.ts"
import { layerProblems } from "./ContractProblems.ts"
import { DirectRoutes } from "./DirectRoutes.ts"
import { layerOperations } from "./handlers/Operations.ts"
import { layerLanding, layerPages, PAGES } from "./handlers/Pages.ts"
import { layerPortal, portalPaths } from "./handlers/Portal.ts"
import { RequestMetrics } from "./Metrics.ts"
import { PORTAL_FOLDER, readPortal } from "./PortalFiles.ts"
import { layerServer, type Listen } from "./Server.ts"
import { serve } from "./Serving.ts"
import { Traffic } from "./Traffic.ts"

type GroupService<Name extends string> = HttpApiGroup.Service<"cliqtel-sms", Name>

/** What the caller's layer implements; `operations` is the shell's own. */
export type Groups =
  | GroupService<"sms">
  | GroupService<"live">
  | GroupService<"optOuts">
  | GroupService<"numbers">
  | GroupService<"wallet">
  | GroupService<"keys">
  | GroupService<"webhooks">
  | GroupService<"sandbox">
  | GroupService<"coverage">
  | GroupService<"session">
  | GroupService<"admin">

export interface HttpOptions extends Listen {
  /** Where the portal was built; beside this package if left out. */
  readonly portalFolder?: string
}

export const layerHttp = <E, R>(groups: Layer.Layer<Groups, E, R>, options: HttpOptions) => {
  const contract = Layer.mergeAll(HttpApiBuilder.layer(Api), layerPages).pipe(
    Layer.provide([groups, layerOperations]),
    Layer.provide([layerProblems, layerAuthorization, layerAdminAuthorization]),
    Layer.provide(NodeHttpServer.layerHttpServices)
  )
  return Layer.unwrap(
    Effect.gen(function* () {
      const portal = yield* readPortal(options.portalFolder ?? PORTAL_FOLDER)
      const routes = Layer.merge(contract, portal === undefined ? layerLanding : layerPortal(portal))
      const pages = portal === undefined ? PAGES : [...PAGES, ...portalPaths(portal)]
      // The router is made around the routes, so what is provided to them does not reach it.
      const app = yield* Effect.provideService(HttpRouter.toHttpEffect(routes), HttpRouter.RouterConfig, ROUTER)
      const bound = yield* boundary(hideAdmin(yield* AdminToken, wrongMethod(Api, pages)))
      return serve(bound(app)).pipe(Layer.provideMerge(layerServer(options)))
    })
  ).pipe(Layer.provide([BodyMemory.layer, RequestMetrics.layer, DirectRoutes.layer]), Layer.provideMerge(Traffic.layer))
}
