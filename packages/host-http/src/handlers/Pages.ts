/** The pages for people outside the contract: what this is, its reference, and what each problem means. */
import { Effect, Layer, Scope } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApiScalar, OpenApi } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { problem } from "../api/Problem.ts"
import { isProblemCode, type ProblemCode, problemTable } from "../api/ProblemTable.ts"
import { Exchange } from "../Exchange.ts"
import { escape, page } from "./Html.ts"

/** Their paths, for GET; the first is the portal's where there is one. */
export const PAGES = ["/", "/docs", "/openapi.json", "/problems/:code"] as const

type Path = (typeof PAGES)[number]

/** Metrics count it under its path. */
const add = <E, R>(path: Path, answer: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  HttpRouter.add(
    "GET",
    path,
    Effect.flatMap(Exchange, (exchange) => {
      exchange.route = path
      return answer
    })
  )

/** In place of a portal that was not built. */
export const layerLanding = add(
  "/",
  Effect.map(HttpServerRequest.HttpServerRequest, ({ headers }) => landingPage(origin(headers["host"])))
)

const openApi = Layer.unwrap(
  Effect.map(Effect.cached(Effect.sync(() => HttpServerResponse.jsonUnsafe(OpenApi.fromApi(Api)))), (document) =>
    add("/openapi.json", document)
  )
)

const problemPages = add(
  "/problems/:code",
  Effect.flatMap(HttpRouter.params, ({ code = "" }) =>
    isProblemCode(code)
      ? Effect.succeed(problemPage(code))
      : Effect.die(problem("not_found", "There is no such problem."))
  )
)

/** Nothing from elsewhere: no fonts, no telemetry, no services of Scalar's. Some of its settings have no type yet. */
const SCALAR = {
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  authentication: { preferredSecurityScheme: "bearer" }
}

/** The page carries its script in itself, and may call this host alone. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"

/** Scalar's script is 3 MB, so it is loaded when somebody first looks. */
const docs = Layer.unwrap(
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const reference = yield* HttpRouter.toHttpEffect(HttpApiScalar.layer(Api, { path: "/docs", scalar: SCALAR })).pipe(
      Scope.provide(scope),
      Effect.cached
    )
    return add(
      "/docs",
      Effect.map(Effect.flatten(reference), HttpServerResponse.setHeader("content-security-policy", DOCS_POLICY))
    )
  })
)

export const layerPages = Layer.mergeAll(openApi, problemPages, docs)

const problemPage = (code: ProblemCode) => {
  const { cause, cure, status, title } = problemTable[code]
  return page(
    title,
    `<h1>${escape(title)}</h1>
<p><code>${code}</code>, HTTP status ${status}</p>
<h2>What happened</h2>
<p>${escape(cause)}</p>
<h2>What to do</h2>
<p>${escape(cure)}</p>
<p><a href="/docs">API reference</a></p>`
  )
}

/** The address the reader came by, unless it is none that could be one. */
const origin = (host = ""): string => `http://${/^[\w.:[\]-]{1,100}$/.test(host) ? host : "localhost:3000"}`

const landingPage = (origin: string) =>
  page(
    "Cliqtel SMS",
    `<h1>Cliqtel SMS</h1>
<p>Two-way SMS over several carriers, billed per segment. The portal was not built: <code>pnpm start</code> does that
before it starts the host. This host speaks a JSON API:</p>
<pre><code>curl ${escape(origin)}/api/v1/portal/sms/send \\
  -H "Authorization: Bearer $API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"from_number_id": 1, "to": "+31612345678", "body": "Hello from Cliqtel!"}'</code></pre>
<ul>
<li><a href="/docs">API reference</a></li>
<li><a href="/openapi.json">OpenAPI document</a></li>
<li><a href="/api/v1/portal/coverage">Coverage and prices</a></li>
</ul>`
  )
