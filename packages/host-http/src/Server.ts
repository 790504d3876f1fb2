/**
 * The socket side. Slow, stuck and malformed clients are cut off by Node within the limits; stopping takes at most
 * `drainTimeout`: no new connections at once, answers that are due go out, then what is left is cut.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer } from "effect"
import { IncomingMessage, Server, ServerResponse } from "node:http"
import { answerClientErrors } from "./ClientErrors.ts"
import { DirectRoutes } from "./DirectRoutes.ts"
import { HttpLimits } from "./Limits.ts"
import { RequestMetrics } from "./Metrics.ts"
import { type Overload, turnedAway } from "./Overload.ts"
import { cutStalledAnswers } from "./StalledAnswers.ts"
import { Traffic } from "./Traffic.ts"

export interface Listen {
  readonly host: string
  readonly port: number
}

export const layerServer = ({ host, port }: Listen) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const limits = yield* HttpLimits
      const traffic = yield* Traffic
      const metrics = yield* RequestMetrics
      const direct = yield* DirectRoutes
      return NodeHttpServer.layerServer(() => new HostServer(limits, traffic, metrics, direct), {
        host,
        port,
        // As many as the system allows: connections beyond it are dropped in the middle of their first request.
        backlog: 4096,
        // The server itself cuts what is left, so that this never has to give up on it.
        gracefulShutdownTimeout: limits.drainTimeout + 1000
      })
    })
  )

class HostServer extends Server {
  readonly #limits: HttpLimits
  readonly #traffic: Traffic["Service"]
  readonly #overload: Overload
  readonly #direct: DirectRoutes["Service"]
  readonly #watchAnswer: (answer: ServerResponse) => void

  constructor(
    limits: HttpLimits,
    traffic: Traffic["Service"],
    metrics: RequestMetrics["Service"],
    direct: DirectRoutes["Service"]
  ) {
    super({
      headersTimeout: limits.headersTimeout,
      requestTimeout: limits.requestTimeout,
      connectionsCheckingInterval: limits.checkInterval,
      keepAliveTimeout: limits.keepAliveTimeout,
      maxHeaderSize: limits.maxHeaderSize,
      // Of two Authorization headers Node would keep the first; joined they are refused.
      joinDuplicateHeaders: true,
      // The boundary refuses it in the shape of a problem.
      requireHostHeader: false,
      // There is nothing to upgrade to; a client that offers HTTP/2 gets its answer in HTTP/1.1.
      shouldUpgradeCallback: () => false
    })
    this.#limits = limits
    this.#traffic = traffic
    this.#direct = direct
    this.#overload = { maxInFlight: limits.maxInFlight, maxListeners: limits.maxListeners, traffic, metrics }
    this.maxConnections = limits.maxConnections
    answerClientErrors(this)
    this.#watchAnswer = cutStalledAnswers(this, limits)
    // Only 100-continue means anything; others are for nobody, so the request is served as it is.
    this.on("checkExpectation", (request, response) => void this.emit("request", request, response))
  }

  /** Of a request that is turned away, or answered directly, no listener hears. */
  override emit(event: string, ...args: Array<unknown>): boolean {
    const [request, response] = args
    const isRequest = event === "request" || event === "checkContinue"
    if (!isRequest || !(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) {
      return super.emit(event, ...args)
    }
    if (turnedAway(this.#overload, request, response)) return true
    this.#watchAnswer(response)
    const toListeners = () => super.emit(event, request, response)
    return (event === "request" && this.#direct.take(request, response, toListeners)) || toListeners()
  }

  override close(callback?: (error?: Error) => void): this {
    this.#traffic.drain()
    const cut = setTimeout(() => this.closeAllConnections(), this.#limits.drainTimeout)
    this.once("close", () => clearTimeout(cut))
    return super.close(callback)
  }
}
