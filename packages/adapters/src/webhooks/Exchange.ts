/** One request and as much of its answer as is kept. */
import type { SendOutcome } from "@cliqtel/sms-core"
import type { ClientRequest, IncomingMessage } from "node:http"
import { performance } from "node:perf_hooks"
import { explain } from "./Explanations.ts"
import { retryAfterMillis } from "./RetryAfter.ts"

/** Bytes of an answer that are kept. */
const KEPT_BYTES = 1024

/** For the look-up, the connection and TLS together. */
const CONNECT_MILLIS = 5000

/** Once there is a status, the rest of the answer is waited for this long: it changes nothing any more. */
const BODY_MILLIS = 1000

/** Tells its outcome once, whatever happens afterwards. `abort` ends it without. */
export const exchange = (
  start: () => ClientRequest,
  body: string,
  timeoutMillis: number,
  tell: (outcome: SendOutcome) => void
): { readonly abort: () => void } => {
  const began = performance.now()
  const timers = new Set<NodeJS.Timeout>()
  let request: ClientRequest | undefined
  let done = false

  const after = (millis: number, task: () => void) => {
    const timer = setTimeout(task, millis)
    timers.add(timer)
    return () => {
      clearTimeout(timer)
      timers.delete(timer)
    }
  }
  const durationMillis = () => Math.round(performance.now() - began)
  const close = () => {
    done = true
    for (const timer of timers) clearTimeout(timer)
  }
  const finish = (outcome: SendOutcome) => {
    if (done) return
    close()
    tell(outcome)
  }
  const fail = (reason: string) => {
    finish({ _tag: "Failed", reason, durationMillis: durationMillis() })
    request?.destroy()
  }

  const receive = (response: IncomingMessage) => {
    const chunks: Array<Buffer> = []
    let kept = 0
    const answered = () =>
      finish({
        _tag: "Answered",
        status: response.statusCode ?? 0,
        body: Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString("utf8"),
        retryAfterMillis: retryAfterMillis(response.headers["retry-after"], Date.now()),
        durationMillis: took
      })
    const took = durationMillis()
    const cut = () => {
      answered()
      response.destroy()
    }
    response.on("data", (chunk: Buffer) => {
      if (kept < KEPT_BYTES) chunks.push(chunk)
      kept += chunk.length
      if (kept > KEPT_BYTES) cut()
    })
    response.once("end", answered)
    // It broke off; the status came all the same.
    response.once("error", cut)
    response.once("close", answered)
    after(BODY_MILLIS, cut)
  }

  const attempt = () => {
    const current = start()
    request = current
    const connected = after(CONNECT_MILLIS, () => fail("No connection could be made in time."))
    current.once("socket", (socket) => {
      if (!socket.connecting) return connected()
      socket.once("encrypted" in socket ? "secureConnect" : "connect", connected)
    })
    current.once("response", receive)
    current.on("error", (error: NodeJS.ErrnoException) => {
      connected()
      // The endpoint closed a connection that was kept open, just when it was used again: nothing was wrong with it.
      if (!done && current.reusedSocket && error.code === "ECONNRESET") attempt()
      else fail(explain(error))
    })
    current.end(body)
  }

  after(timeoutMillis, () => fail(`There was no answer within ${timeoutMillis / 1000} s.`))
  attempt()
  return {
    abort: () => {
      close()
      request?.destroy()
    }
  }
}
