/**
 * What the host is busy with. The boundary counts requests in and out; the server says when it stops accepting. Streams
 * that never end by themselves must end when `drained` does, or they hold up the shutdown.
 */
import { Context, type Effect, Latch, Layer } from "effect"

/** Paths that are served in any case: operators must see a host that is too busy for others, or shutting down. */
export const FOR_OPERATORS: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"])

const STREAM = "/api/v1/portal/sms/events"

/** Whether it asks for a stream: those who come back all at once are let in, and keep nobody else out. */
export const asksForStream = (url: string): boolean => url === STREAM || url.startsWith(`${STREAM}?`)

export class Traffic extends Context.Service<
  Traffic,
  {
    /** Requests that have come in and have no answer yet. */
    inFlight: number
    /** The same of requests for streams, which do not count as the others do. */
    opening: number
    readonly isDraining: () => boolean
    readonly drain: () => void
    /** Waits until the host begins to shut down. */
    readonly drained: Effect.Effect<void>
  }
>()("@cliqtel/sms-host-http/Traffic") {
  static readonly layer = Layer.sync(Traffic, () => {
    const latch = Latch.makeUnsafe(false)
    let draining = false
    return Traffic.of({
      inFlight: 0,
      opening: 0,
      isDraining: () => draining,
      drain: () => {
        draining = true
        latch.openUnsafe()
      },
      drained: latch.await
    })
  })
}
