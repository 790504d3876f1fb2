/** The real host on a real socket, with a database of its own; everything but the process. */
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { HttpServer } from "effect/http"
import { SqlClient } from "effect/sql"
import type { AddressInfo } from "node:net"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inject } from "vitest"
import type { HostConfig } from "../../src/Config.ts"
import { layerHost } from "../../src/Host.ts"

export const LIVE_KEY = "sk_live_0000000000000000000000000000000000000000TestOK"
export const TEST_KEY = "sk_test_0000000000000000000000000000000000000000TestOK"

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // Whatever the host answers: a test says what it expects of it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

export interface TestHost extends AsyncDisposable {
  readonly url: string
  readonly databaseUrl: string
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  send(to: string, body?: string, options?: CallOptions): Promise<Answer>
  /** The message once it is as it should be; asks again until then. */
  message(
    id: number,
    until: (message: Answer["body"], timeline: ReadonlyArray<{ readonly status: string }>) => boolean
  ): Promise<Answer["body"]>
  /** What the database has, past the host. */
  query(statement: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
}

export interface CallOptions {
  readonly key?: string | null
  readonly json?: unknown
  readonly headers?: Record<string, string>
}

const SILENCE_MILLIS = 300

/** What a stream that does not end by itself tells until it has nothing more to tell. */
const untilSilent = async (response: Response): Promise<string> => {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ""
  for (;;) {
    const silence = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), SILENCE_MILLIS))
    const part = await Promise.race([reader?.read(), silence])
    if (part === undefined || part.done) break
    text += part.value
  }
  await reader?.cancel()
  return text
}

/** `config`: over a demo host at no delay on a free port. */
export const startHost = async (config: Partial<HostConfig> = {}): Promise<TestHost> => {
  const scope = Scope.makeUnsafe()
  const dataDir = await mkdtemp(join(tmpdir(), "host-"))
  const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>) =>
    Effect.runPromise(Effect.provideService(effect, Scope.Scope, scope))

  const databaseUrl = config.databaseUrl ?? (await run(freshDatabase(inject("postgresUrl"))))
  const context = await run(
    Layer.build(
      layerHost({
        host: "127.0.0.1",
        port: 0,
        databaseConnections: 8,
        dataDir,
        demo: true,
        demoApiKey: Redacted.make(LIVE_KEY),
        demoTestApiKey: Redacted.make(TEST_KEY),
        adminToken: undefined,
        carriers: ["sandbox"],
        catalogueFile: undefined,
        sandboxDelayMillis: 1,
        sandboxUrl: undefined,
        webhooksAllowPrivate: true,
        portalFolder: join(dataDir, "no-portal"),
        ...config,
        databaseUrl
      })
    )
  )
  const address = Context.get(context, HttpServer.HttpServer).address as unknown as AddressInfo
  const url = `http://127.0.0.1:${address.port}`

  const call: TestHost["call"] = async (method, path, { headers = {}, json, key = LIVE_KEY } = {}) => {
    const response = await fetch(url + (path.startsWith("/") ? path : `/api/v1/portal/${path}`), {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) })
    })
    const isStream = response.headers.get("content-type") === "text/event-stream"
    const text = isStream ? await untilSilent(response) : await response.text()
    const isJson = response.headers.get("content-type")?.includes("json") === true
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

  return {
    url,
    databaseUrl: Redacted.value(databaseUrl),
    call,
    send: (to, body = "Hello", options = {}) =>
      call("POST", "sms/send", { ...options, json: { from_number_id: options.key === TEST_KEY ? 5 : 1, to, body } }),
    message: async (id, until) => {
      const deadline = Date.now() + 20_000
      for (;;) {
        const { body } = await call("GET", `sms/${id}`)
        if (until(body.message, body.timeline)) return body
        if (Date.now() > deadline) throw new Error(`message ${id} stays ${JSON.stringify(body)}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    query: (statement) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Record<string, unknown>>(statement)).pipe(
        Effect.provide(PgClient.layer({ url: databaseUrl, maxConnections: 1 })),
        Effect.runPromise
      ),
    [Symbol.asyncDispose]: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await rm(dataDir, { recursive: true, force: true })
    }
  }
}
