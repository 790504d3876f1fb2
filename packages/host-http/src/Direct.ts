/**
 * The short way of an operation that takes JSON from the bearer of an API key. What it answers is what the boundary and
 * the contract's builder would answer; requests that need more than it does (a session's cookie, a key that is not valid,
 * headers or a media type to be refused, a host that is shutting down) are left to them.
 */
import type { Access } from "@cliqtel/sms-core"
import { Cause, Context, Effect, Exit, Result, Schema } from "effect"
import type { HttpApiEndpoint } from "effect/http-api"
import type { IncomingMessage } from "node:http"
import { accepts } from "./Accept.ts"
import { BodyLimit, RequiredScope } from "./api/Annotations.ts"
import { IdempotencyHeader } from "./api/IdempotencyKey.ts"
import type { Problem } from "./api/Problem.ts"
import { hashApiKey } from "./ApiKey.ts"
import { isApiKey } from "./Authentication.ts"
import { ApiKeys } from "./ApiKeys.ts"
import { decoder, isTaken, type Objection } from "./Body.ts"
import { BodyMemory } from "./BodyMemory.ts"
import { report, timedOut } from "./Boundary.ts"
import { type DirectRoute, DirectRoutes } from "./DirectRoutes.ts"
import { requestId as requestIdOf } from "./Exchange.ts"
import { failureOf } from "./Failures.ts"
import { lightServices } from "./LightRequests.ts"
import { HttpLimits } from "./Limits.ts"
import { RequestMetrics } from "./Metrics.ts"
import { type PlainAnswer, problemAnswer, writeAnswer } from "./PlainAnswers.ts"
import { Traffic } from "./Traffic.ts"

/** A request as its handler sees it. */
export interface DirectRequest<Payload> {
  readonly access: Access
  readonly headers: typeof DirectHeaders.Type
  readonly payload: Payload
}

export interface DirectOperation<Payload> {
  readonly endpoint: HttpApiEndpoint.Top
  readonly schema: Schema.ConstraintDecoder<unknown> & { readonly Type: Payload }
  readonly objection: Objection
  readonly handler: (request: DirectRequest<Payload>) => Effect.Effect<PlainAnswer, Problem>
}

const DirectHeaders = Schema.Struct(IdempotencyHeader)

const BEARER = /^Bearer ([^ ]+)$/

/** Registers the operation's short way. */
export const direct = Effect.fnUntraced(function* <Payload>({
  endpoint,
  handler,
  objection,
  schema
}: DirectOperation<Payload>) {
  const routes = yield* DirectRoutes
  const keys = yield* ApiKeys
  const memory = yield* BodyMemory
  const limits = yield* HttpLimits
  const metrics = yield* RequestMetrics
  const traffic = yield* Traffic
  const services = yield* lightServices
  const decode = decoder(schema, objection)
  const limit = Context.get(endpoint.annotations, BodyLimit)
  const scope = Context.get(endpoint.annotations, RequiredScope)
  const headersOf = Schema.decodeUnknownResult(DirectHeaders)

  const answer = (request: IncomingMessage, access: Access, headers: typeof DirectHeaders.Type) =>
    memory.hold(
      Number(request.headers["content-length"]),
      Effect.flatMap(bodyOf(request), (bytes) => {
        const payload = decode(bytes)
        return Result.isFailure(payload)
          ? Effect.fail(payload.failure)
          : // A client that hangs up must not stop it half way.
            Effect.uninterruptible(handler({ access, headers, payload: payload.success }))
      })
    )

  const route: DirectRoute = (request, response, pass) => {
    const key = BEARER.exec(request.headers.authorization ?? "")?.[1]
    if (key === undefined || !isApiKey(key) || traffic.isDraining() || !isPlain(request, limit)) return false
    const headers = headersOf(request.headers)
    if (Result.isFailure(headers)) return false

    const started = performance.now()
    const requestId = requestIdOf(request.headers["x-request-id"]?.toString())
    traffic.inFlight++
    let isOpen = true
    const close = () => {
      isOpen = false
      traffic.inFlight--
      clearTimeout(late)
    }
    const finish = (plain: PlainAnswer) => {
      close()
      record(plain.status)
      writeAnswer(response, plain, { requestId, draining: traffic.isDraining() })
    }
    const record = (status: number) =>
      metrics.record(request.method ?? "", endpoint.path, status, performance.now() - started)
    const late = setTimeout(() => {
      finish(problemAnswer(timedOut, requestId))
      fiber.interruptUnsafe()
    }, limits.answerTimeout)
    const hangUp = () => {
      if (!isOpen) return
      close()
      // 499 is what nginx calls it.
      record(499)
      fiber.interruptUnsafe()
    }
    response.once("close", hangUp)
    // One that waits behind another answer of its connection is not told when that breaks off.
    request.once("close", () => {
      if (!request.complete) hangUp()
    })

    const fiber = Effect.runForkWith(services)(
      Effect.flatMap(keys.authenticate(hashApiKey(key)), (access) =>
        access === undefined || (scope !== undefined && !access.scopes.includes(scope))
          ? Effect.undefined
          : answer(request, access, headers.success)
      )
    )
    const log = (cause: Cause.Cause<unknown>) =>
      Effect.runForkWith(services)(report(cause, request.method ?? "", { requestId, route: endpoint.path }))
    const told = (exit: Exit.Exit<PlainAnswer | undefined, Problem>) => {
      if (!isOpen) return
      if (Exit.isSuccess(exit)) {
        if (exit.value !== undefined) return finish(exit.value)
        close()
        return pass()
      }
      const { problem, unexpected } = failureOf(exit.cause)
      if (unexpected) log(exit.cause)
      finish(problemAnswer(problem, requestId))
    }
    fiber.addObserver((exit) => {
      try {
        told(exit)
      } catch (error) {
        // Whoever completed the fiber must not fail with it.
        if (isOpen) close()
        response.destroy()
        log(Cause.die(error))
      }
    })
    return true
  }
  routes.post(endpoint.path, route)
})

/** Whether the headers leave nothing to refuse. */
const isPlain = (request: IncomingMessage, limit: number): boolean =>
  request.httpVersion === "1.1" &&
  request.headers.host !== undefined &&
  request.headers["content-length"] !== undefined &&
  accepts("application/json", request.headers.accept) &&
  isTaken(request.headers, limit)

const bodyOf = (request: IncomingMessage): Effect.Effect<Uint8Array> =>
  Effect.callback((resume) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    // One that does not arrive in full ends with its connection, which ends this.
    request.on("end", () =>
      resume(Effect.succeed(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    )
  })
