/** Requests as bytes, as no well-behaved client would send them, and what the host answers. */
import { type Agent, request as httpRequest } from "node:http"

export interface WireRequest {
  readonly method: string
  /** Path and query, as they are. */
  readonly target: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: Uint8Array | undefined
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly text: string
}

/** An answer must be there by then. */
const PATIENCE_MILLIS = 30_000

export const exchange = async (agent: Agent, port: number, request: WireRequest): Promise<WireAnswer> => {
  for (let tries = 1; ; tries++) {
    try {
      return await once(agent, port, request)
    } catch (error) {
      // The host may close an idle connection just as the next request leaves on it.
      if (tries === 3 || !(error instanceof StaleConnection)) throw error
    }
  }
}

class StaleConnection extends Error {}

const once = (agent: Agent, port: number, { body, headers, method, target }: WireRequest): Promise<WireAnswer> =>
  new Promise((resolve, reject) => {
    const chunked = headers.some(([name]) => name === "transfer-encoding")
    const length = body === undefined || chunked ? [] : [["content-length", String(body.length)] as const]
    const sent = httpRequest({
      agent,
      port,
      host: "127.0.0.1",
      method,
      path: target,
      headers: [["host", "localhost"] as const, ...headers, ...length].flat(),
      timeout: PATIENCE_MILLIS
    })
    let answered = false
    sent.on("response", (response) => {
      answered = true
      const parts: Array<Buffer> = []
      const done = () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString("utf8")
        })
      response.on("data", (part: Buffer) => {
        parts.push(part)
        // A stream of events does not end by itself.
        if (response.headers["content-type"] !== "text/event-stream") return
        done()
        response.destroy()
      })
      response.on("error", reject)
      response.on("end", done)
    })
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")))
    sent.on("error", (error) => {
      // An answer that came before the body was through is one all the same.
      if (!answered) reject(sent.reusedSocket ? new StaleConnection(error.message) : error)
    })
    sent.end(body)
  })
