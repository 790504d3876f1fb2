/**
 * What Prometheus reads at /metrics. Requests are counted by route template, method and status: few of each, whatever
 * clients send.
 */
import { Context, Effect, Layer, Metric } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { Traffic } from "./Traffic.ts"

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

const requests = Metric.counter("http_requests_total", { description: "Requests answered.", incremental: true })
const duration = Metric.histogram("http_request_duration_seconds", {
  description: "From the headers of a request to its answer.",
  boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
})
const inFlight = Metric.gauge("http_requests_in_flight", { description: "Requests without an answer yet." })
const memory = Metric.gauge("process_resident_memory_bytes", { description: "Resident memory of the host." })
const cpu = Metric.gauge("process_cpu_seconds_total", { description: "CPU time that the host has used." })

export class RequestMetrics extends Context.Service<
  RequestMetrics,
  {
    readonly record: (method: string, route: string, status: number, millis: number) => void
    /** In the text format of Prometheus. */
    readonly scrape: Effect.Effect<string>
  }
>()("@cliqtel/sms-host-http/Metrics/RequestMetrics") {
  static readonly layer = Layer.effect(
    RequestMetrics,
    Effect.gen(function* () {
      const traffic = yield* Traffic
      const context = yield* Effect.context<never>()
      // Attributes are resolved once for each series; a request then costs two look-ups.
      const series = new Map<string, (millis: number) => void>()

      const open = (method: string, route: string, status: number) => {
        const count = Metric.withAttributes(requests, { method, route, status: String(status) })
        const time = Metric.withAttributes(duration, { method, route })
        return (millis: number) => {
          count.updateUnsafe(1, context)
          time.updateUnsafe(millis / 1000, context)
        }
      }

      return RequestMetrics.of({
        record: (method, route, status, millis) => {
          const known = METHODS.has(method) ? method : "other"
          const key = `${known} ${status} ${route}`
          let update = series.get(key)
          if (update === undefined) series.set(key, (update = open(known, route, status)))
          update(millis)
        },
        scrape: Effect.suspend(() => {
          inFlight.updateUnsafe(traffic.inFlight, context)
          memory.updateUnsafe(process.memoryUsage.rss(), context)
          const { system, user } = process.cpuUsage()
          cpu.updateUnsafe((system + user) / 1e6, context)
          return PrometheusMetrics.format()
        })
      })
    })
  )
}
