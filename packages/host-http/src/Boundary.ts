/**
 * The outermost layer of the shell: whatever happens inside, one answer with the headers that every answer bears. Turns
 * requests away before any work once the host is shutting down, and counts all of them.
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { type Cause, Context, Effect } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { type Problem, problem, PROBLEM_JSON, problemBody } from "./api/Problem.ts"
import { ANSWER_HEADERS } from "./AnswerHeaders.ts"
import type { WrongMethod } from "./AllowedMethods.ts"
import { Exchange, requestId } from "./Exchange.ts"
import { failureOf, isClientAbort, unavailable } from "./Failures.ts"
import { HttpLimits } from "./Limits.ts"
import { RequestMetrics } from "./Metrics.ts"
import { asksForStream, FOR_OPERATORS, Traffic } from "./Traffic.ts"

type Answer = HttpServerResponse.HttpServerResponse

export const boundary = Effect.fnUntraced(function* (wrongMethod: WrongMethod) {
  const limits = yield* HttpLimits
  const traffic = yield* Traffic
  const metrics = yield* RequestMetrics

  const refusal = (request: HttpServerRequest.HttpServerRequest): Problem | undefined => {
    if (request.headers["host"] === undefined && needsHost(request)) return noHost
    return traffic.isDraining() && !FOR_OPERATORS.has(request.url)
      ? unavailable("The host is shutting down.", 1000)
      : undefined
  }

  const tell = (problem: Problem, request: HttpServerRequest.HttpServerRequest, exchange: Exchange["Service"]) => {
    const other = problem.code === "not_found" ? wrongMethod(request) : undefined
    return HttpServerResponse.isHttpServerResponse(other) ? other : render(other ?? problem, exchange)
  }

  /** Whether what hangs took effect is not known; what moves money has a limit of its own and tells it. */
  const inTime = <E, R>(app: Effect.Effect<Answer, E, R>) =>
    Effect.timeoutOrElse(app, {
      duration: limits.answerTimeout,
      orElse: () => Effect.die(timedOut)
    })

  return <E, R>(app: Effect.Effect<Answer, E, R>) =>
    Effect.withFiber<Answer, E, Exclude<R, Exchange> | HttpServerRequest.HttpServerRequest>((fiber) => {
      const started = performance.now()
      const request = Context.getUnsafe(fiber.context, HttpServerRequest.HttpServerRequest)
      const exchange: Exchange["Service"] = {
        requestId: requestId(request.headers["x-request-id"]),
        route: "unmatched"
      }

      const refused = refusal(request)
      const counter = asksForStream(request.url) ? "opening" : "inFlight"
      traffic[counter]++
      const done = (status: number) => {
        traffic[counter]--
        metrics.record(request.method, exchange.route, status, performance.now() - started)
      }
      const finish = (answer: Answer): Answer => {
        done(answer.status)
        return withHeaders(answer, exchange.requestId, traffic.isDraining())
      }

      const failed = (cause: Cause.Cause<E>): Effect.Effect<Answer, E> => {
        if (isClientAbort(cause)) {
          done(499)
          return Effect.failCause(cause)
        }
        const failure = failureOf(cause)
        const answer = Effect.sync(() => finish(tell(failure.problem, request, exchange)))
        return failure.unexpected ? Effect.andThen(report(cause, request.method, exchange), answer) : answer
      }

      return Effect.matchCauseEffect(
        refused === undefined ? inTime(Effect.provideService(app, Exchange, exchange)) : Effect.die(refused),
        { onFailure: failed, onSuccess: (answer) => Effect.sync(() => finish(answer)) }
      )
    })
})

/** HTTP/1.0, which some health checks still speak, has no such header. */
const needsHost = (request: HttpServerRequest.HttpServerRequest): boolean =>
  NodeHttpServerRequest.toIncomingMessage(request).httpVersion !== "1.0"

const noHost = problem("malformed_request", "The request has no Host header.")

/** An answer that tells a problem. */
const render = (problem: Problem, exchange: { readonly requestId: string }): Answer =>
  HttpServerResponse.text(JSON.stringify(problemBody(problem, exchange.requestId)), {
    status: problem.status,
    contentType: PROBLEM_JSON,
    headers: problem.headers
  })

const withHeaders = (answer: Answer, requestId: string, draining: boolean): Answer =>
  HttpServerResponse.setHeaders(answer, {
    ...ANSWER_HEADERS,
    ...answer.headers,
    ...(draining ? { connection: "close" } : {}),
    "x-request-id": requestId
  })

/** What hangs for so long that its client is told. */
export const timedOut = unavailable("The request could not be completed in time. Repeat it later.", 1000)

/** For whoever looks into it. */
export const report = (cause: Cause.Cause<unknown>, method: string, exchange: Exchange["Service"]) =>
  Effect.logError("A request failed unexpectedly.", cause).pipe(
    Effect.annotateLogs({ request_id: exchange.requestId, method, route: exchange.route })
  )
