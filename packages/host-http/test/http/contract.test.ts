import { EUR, MessageId, NumberId } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { HttpApi, HttpApiClient, HttpApiMiddleware, OpenApi } from "effect/http-api"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { Api } from "../../src/api/Api.ts"
import { AdminAuthorization } from "../../src/api/AdminAuthorization.ts"
import { Authorization } from "../../src/api/Authorization.ts"
import { MessageBody } from "../../src/api/Message.ts"
import { Problem, problem } from "../../src/api/Problem.ts"
import { isProblemCode, problemCodes, problemTable } from "../../src/api/ProblemTable.ts"
import { call } from "./calls.ts"
import { type FakeHost, KEY, startHost } from "./fakeHost.ts"
import { ADMIN_TOKEN } from "./memoryAdmin.ts"

let host: FakeHost
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.stop())

/** As the document is read: by those who know nothing of its making. */
interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: unknown }
}
interface Operation {
  readonly summary?: string
  readonly security: ReadonlyArray<unknown>
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly examples?: Record<string, Example> }> }
  >
}
interface Example {
  readonly value: { readonly code: string; readonly status: number }
}

describe("the OpenAPI document", () => {
  const document = OpenApi.fromApi(Api) as unknown as Document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation }))
  )

  test("has every operation, with a summary", () => {
    const declared: Array<string> = []
    HttpApi.reflect(Api, {
      onGroup: () => undefined,
      onEndpoint: ({ endpoint }) => declared.push(`${endpoint.method} ${endpoint.path.replace(/:(\w+)/g, "{$1}")}`)
    })
    assert.sameMembers(
      operations.map(({ name }) => name),
      declared
    )
    for (const { name, operation } of operations) assert.isString(operation.summary, name)
  })

  test("asks for a bearer key everywhere but where none is needed", () => {
    const open = operations.filter(({ operation }) => (operation.security ?? []).length === 0).map(({ name }) => name)
    assert.sameMembers(open, [
      "GET /api/v1/portal/coverage",
      "GET /api/v1/portal/session",
      "POST /api/v1/portal/session",
      "DELETE /api/v1/portal/session",
      "GET /healthz",
      "GET /readyz",
      "GET /metrics"
    ])
    assert.containSubset(document.components.securitySchemes, {
      bearer: { type: "http", scheme: "bearer" },
      session: { type: "apiKey", in: "cookie", name: "__Host-cliqtel_session" },
      admin: { type: "http", scheme: "bearer" }
    })
  })

  test("asks for the admin token where an operator is wanted, for an API key or the portal's cookie elsewhere", () => {
    for (const { name, operation } of operations) {
      const expected = name.includes(" /api/v1/admin/") ? [{ admin: [] }] : [{ bearer: [] }, { session: [] }]
      if ((operation.security ?? []).length > 0) assert.deepStrictEqual(operation.security, expected, name)
    }
  })

  test("tells errors as problems, with an example of each that has the right status", () => {
    for (const { name, operation } of operations) {
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue
        assert.deepStrictEqual(Object.keys(content), ["application/problem+json"], `${name} ${status}`)
        const examples = Object.values(content["application/problem+json"]?.examples ?? {})
        assert.isNotEmpty(examples, `${name} ${status}`)
        for (const { value } of examples) assert.strictEqual(value.status, Number(status), `${name} ${value.code}`)
      }
    }
  })

  test("closes no object: fields may be added", () => {
    assert.notInclude(JSON.stringify(document), "additionalProperties")
  })

  test("is what the host serves", async () => {
    assert.deepStrictEqual((await call(host, "/openapi.json")).json, JSON.parse(JSON.stringify(document)))
  })
})

describe("the problems", () => {
  test("each has a page that says what to do", async () => {
    for (const code of problemCodes) {
      const page = await call(host, `/problems/${code}`)
      assert.strictEqual(page.status, 200)
      assert.include(page.text, code)
      assert.include(page.text, String(problemTable[code].status))
    }
  })

  test("names that only objects have are no codes", () => {
    assert.isFalse(isProblemCode("constructor"))
    assert.isFalse(isProblemCode("__proto__"))
  })

  test("are errors that say their code", () => {
    const made = problem("opted_out", "They replied STOP.")
    assert.instanceOf(made, Error)
    assert.strictEqual(made.message, "opted_out: They replied STOP.")
  })
})

describe("a typed client made from the contract", () => {
  const withClient = <A, E>(use: (client: HttpApiClient.ForApi<typeof Api>) => Effect.Effect<A, E>): Promise<A> =>
    Effect.flatMap(
      HttpApiClient.make(Api, {
        transformClient: HttpClient.mapRequest(HttpClientRequest.prependUrl(host.url))
      }),
      use
    ).pipe(
      Effect.provide(
        Layer.mergeAll(
          HttpApiMiddleware.layerClient(Authorization, ({ next, request }) =>
            next(HttpClientRequest.bearerToken(request, KEY))
          ),
          HttpApiMiddleware.layerClient(AdminAuthorization, ({ next, request }) =>
            next(HttpClientRequest.bearerToken(request, ADMIN_TOKEN))
          )
        ).pipe(Layer.provideMerge(FetchHttpClient.layer))
      ),
      Effect.runPromise
    )

  const send = (body: string) => ({
    headers: { "idempotency-key": 'with "quotes"' },
    payload: { from_number_id: NumberId.make(42), to: "+31612345678", body: MessageBody.make(body) }
  })

  test("sends, and gets its values back as they are inside", async () => {
    const answer = await withClient((client) => client.sms.send(send("Hello")))
    assert.strictEqual(answer.body.message.price, 8000n as never)
    assert.strictEqual(answer.body.message.created_at, Date.UTC(2026, 3, 3, 10, 15, 30))
    assert.strictEqual(answer.headers["ratelimit"], '"account";r=9;t=1')
    assert.deepInclude(host.state.calls.at(-1)?.input, { key: 'with "quotes"' })
  })

  test("follows cursors without looking into them", async () => {
    const first = await withClient((client) => client.sms.list({ query: { limit: 50 } }))
    assert.deepStrictEqual(first.next_cursor, { createdAt: Date.UTC(2026, 3, 3, 10, 15, 30), id: MessageId.make(156) })
    await withClient((client) =>
      client.sms.list({ query: { limit: 7, ...(first.next_cursor === null ? {} : { cursor: first.next_cursor }) } })
    )
    assert.deepStrictEqual(host.state.calls.at(-1)?.input, { limit: 7, cursor: first.next_cursor })
  })

  test("speaks for the operator too", async () => {
    const { body } = await withClient((client) =>
      client.admin.openAccount({ headers: {}, payload: { name: "  Acme ", currency: EUR } })
    )
    assert.strictEqual(body.account.name, "Acme")
    assert.strictEqual(body.account.low_balance_threshold, 5_000_000n as never)
  })

  test("gets problems as errors", async () => {
    const error = await withClient((client) => Effect.flip(client.sms.send(send("poor"))))
    assert.instanceOf(error, Problem)
    assert.deepInclude({ ...error }, { code: "insufficient_balance", status: 402, success: false })
  })
})
