/**
 * Turns requests away before they cost anything, once as many are under way as the host takes on: refused in the shell,
 * they would take the time that those under way need. Each is told only after the time for which it is to wait anyway, so
 * that clients which come again at once do not keep the host busy with refusals.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { requestId } from "./Exchange.ts"
import { unavailable } from "./Failures.ts"
import type { RequestMetrics } from "./Metrics.ts"
import { problemAnswer, writeAnswer } from "./PlainAnswers.ts"
import { asksForStream, FOR_OPERATORS, type Traffic } from "./Traffic.ts"

const HELD_MILLIS = 1000

const overloaded = unavailable("The host is overloaded.", HELD_MILLIS)

export interface Overload {
  readonly maxInFlight: number
  readonly maxListeners: number
  readonly traffic: Traffic["Service"]
  readonly metrics: RequestMetrics["Service"]
}

/** Whether the request was turned away; its answer follows. */
export const turnedAway = (
  { maxInFlight, maxListeners, metrics, traffic }: Overload,
  request: IncomingMessage,
  response: ServerResponse
): boolean => {
  const { url = "" } = request
  const hasRoom = asksForStream(url) ? traffic.opening < maxListeners : traffic.inFlight < maxInFlight
  if (hasRoom || FOR_OPERATORS.has(url)) return false
  const started = performance.now()
  setTimeout(() => {
    metrics.record(request.method ?? "", "unmatched", overloaded.status, performance.now() - started)
    const id = requestId(request.headers["x-request-id"]?.toString())
    writeAnswer(response, problemAnswer(overloaded, id), { requestId: id, draining: traffic.isDraining() })
  }, HELD_MILLIS)
  return true
}
