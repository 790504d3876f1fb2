/**
 * Operations that are answered without the contract's builder. The builder decodes, authorises and encodes in some
 * hundred steps of an interpreter, which was two thirds of what a send cost; an operation that is called thousands of
 * times a second registers a shorter way for the requests that need no more. All others take the builder's.
 */
import { Context, Layer } from "effect"
import type { IncomingMessage, ServerResponse } from "node:http"

/** Answers the request, at once or later, and is true; or leaves it untouched: false at once, or `pass` later. */
export type DirectRoute = (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean

export class DirectRoutes extends Context.Service<
  DirectRoutes,
  {
    /** By the path as it is in the request line, without a query. */
    readonly post: (path: string, route: DirectRoute) => void
    readonly take: DirectRoute
  }
>()("@cliqtel/sms-host-http/DirectRoutes") {
  static readonly layer = Layer.sync(DirectRoutes, () => {
    const routes = new Map<string, DirectRoute>()
    return DirectRoutes.of({
      post: (path, route) => void routes.set(path, route),
      take: (request, response, pass) =>
        request.method === "POST" && (routes.get(request.url ?? "")?.(request, response, pass) ?? false)
    })
  })
}
