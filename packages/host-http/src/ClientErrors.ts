/**
 * Requests that Node cannot parse, or that arrive too slowly, never reach the shell: they are answered here, in the same
 * problem shape, and the connection is closed. Answers that are still due on it go out first.
 */
import type { Server, ServerResponse } from "node:http"
import { STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"
import { type Problem, problem, PROBLEM_JSON, problemBody } from "./api/Problem.ts"
import { requestId } from "./Exchange.ts"

/** For the client to read the answer while it may still be sending; a reset would take it away. */
const LINGER_MILLIS = 500

export const answerClientErrors = (server: Server): void => {
  const seen = new WeakSet<Duplex>()
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (seen.has(socket)) return
    seen.add(socket)
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy()
    afterDueAnswers(socket, () => close(socket, problemOf(error)))
  })
}

const problemOf = (error: NodeJS.ErrnoException): Problem => {
  switch (error.code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return problem("request_timeout", "The request did not arrive in time.")
    case "HPE_HEADER_OVERFLOW":
      return problem("headers_too_large", "The request line and headers are too large.")
    default:
      return problem("malformed_request", "This is no valid HTTP/1.1 request.")
  }
}

/** Node's own name for the answer that is next on a socket; its documentation of 'clientError' relies on it too. */
interface HttpSocket extends Duplex {
  readonly _httpMessage?: ServerResponse | null
}

/** A request that did not arrive in full has no answer due: what is written in its place is one. */
const afterDueAnswers = (socket: HttpSocket, next: () => void): void => {
  const due = socket._httpMessage
  if (due === undefined || due === null || (!due.req.complete && !due.headersSent)) return next()
  if (!due.req.complete) return void socket.destroy()
  due.once("close", () => setImmediate(afterDueAnswers, socket, next))
}

const close = (socket: Duplex, problem: Problem): void => {
  if (!socket.writable) return void socket.destroy()
  const id = requestId(undefined)
  const body = JSON.stringify(problemBody(problem, id))
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `Content-Type: ${PROBLEM_JSON}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Cache-Control: no-store",
      "Connection: close",
      `X-Request-Id: ${id}`,
      "",
      body
    ].join("\r\n")
  )
  const timer = setTimeout(() => socket.destroy(), LINGER_MILLIS)
  socket.once("close", () => clearTimeout(timer))
}
