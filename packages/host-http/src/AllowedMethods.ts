/** Which methods each path has: a known path with another method is 405 with `Allow`, and OPTIONS is told the same. */
import { FindMyWay, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApi, type HttpApiGroup } from "effect/http-api"
import { type Problem, problem } from "./api/Problem.ts"

/** What to answer instead of 404; undefined where the method is right or nothing has this path. */
export type WrongMethod = (
  request: HttpServerRequest.HttpServerRequest
) => HttpServerResponse.HttpServerResponse | Problem | undefined

/** `pages` are the paths outside the contract, all of them for GET. */
export const wrongMethod = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>,
  pages: ReadonlyArray<`/${string}`>
): WrongMethod => {
  const byPath = new Map<`/${string}`, Array<string>>(pages.map((path) => [path, ["GET"]]))
  HttpApi.reflect(api, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint }) => {
      // Paths of endpoints begin with a slash; their type says no more than string here.
      const path = endpoint.path as `/${string}`
      byPath.set(path, [...(byPath.get(path) ?? []), endpoint.method])
    }
  })
  const router = FindMyWay.make<ReadonlyArray<string>>(ROUTER)
  for (const [path, methods] of byPath) {
    router.on("GET", path, [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"])
  }

  return (request) => {
    const methods = router.find("GET", request.url)?.handler
    if (methods === undefined || (methods.includes(request.method) && request.method !== "OPTIONS")) return undefined
    const allow = methods.join(", ")
    return request.method === "OPTIONS"
      ? HttpServerResponse.empty({ status: 204, headers: { allow } })
      : problem("method_not_allowed", `This address takes ${allow}, not ${request.method}.`, { headers: { allow } })
  }
}

/** How paths are matched, here and by the router proper. */
export const ROUTER = {
  caseSensitive: true,
  ignoreTrailingSlash: true,
  ignoreDuplicateSlashes: false,
  maxParamLength: 100
}
