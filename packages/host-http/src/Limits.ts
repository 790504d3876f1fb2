/** How much the host takes on and how long it waits. Times are milliseconds, sizes bytes. */
import { Context } from "effect"

export interface HttpLimits {
  /** Until the request line and headers have arrived. */
  readonly headersTimeout: number
  /** Until the whole request has arrived. */
  readonly requestTimeout: number
  /** How often the two above are looked at. */
  readonly checkInterval: number
  /** A connection without any request; longer than the 60 s of usual load balancers, so that they close first. */
  readonly keepAliveTimeout: number
  /** Until the client has taken an answer that is ready. */
  readonly stalledTimeout: number
  /** Until the client of a stream has taken something of what waits for it. */
  readonly stalledStreamTimeout: number
  readonly maxHeaderSize: number
  readonly maxConnections: number
  /** Requests without an answer yet: what a small machine answers in half a second. More are turned away. */
  readonly maxInFlight: number
  /** Bodies that are being read or held, all together; more are turned away. */
  readonly maxBodyBytes: number
  /** Streams of live updates at once, of all accounts and of one; more are turned away. */
  readonly maxListeners: number
  readonly maxListenersOfAccount: number
  /** From one sign of life on such a stream to the next; its key is looked at again then. */
  readonly heartbeat: number
  /** From the signal to stop until connections are cut; requests are given up half a second later. */
  readonly drainTimeout: number
  /** Until a request is answered, whatever it waits for. */
  readonly answerTimeout: number
}

export const HttpLimits = Context.Reference<HttpLimits>("@cliqtel/sms-host-http/Limits", {
  defaultValue: () => ({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    checkInterval: 1_000,
    keepAliveTimeout: 65_000,
    stalledTimeout: 60_000,
    stalledStreamTimeout: 30_000,
    maxHeaderSize: 16 * 1024,
    maxConnections: 10_000,
    maxInFlight: 500,
    maxBodyBytes: 64 * 1024 * 1024,
    maxListeners: 2_000,
    maxListenersOfAccount: 100,
    heartbeat: 15_000,
    // Of the 10 s that a stop may take, what is left is for the requests to end and the database to close.
    answerTimeout: 25_000,
    drainTimeout: 9_000
  })
})
