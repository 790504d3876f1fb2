/**
 * Cuts clients that take no answer. Node's own `server.timeout` counts whatever moves on a connection, so a client that
 * reads nothing while it sends an empty line now and then would hold its answers, and the memory they take, for ever. An
 * answer that the host has finished must be with the system within the time; a stream that goes on must get on, and is
 * held to a size. The connection is reset, since an orderly end would wait behind what the client does not read.
 */
import type { Server, ServerResponse } from "node:http"

/** What a stream's client may be behind; events are small, so it has missed thousands. */
const MOST_UNREAD = 1024 * 1024

interface Open {
  /** Since when it has been finished as far as the host is concerned; a stream: since when nothing of it was taken. */
  since: number | undefined
  /** Bytes that the system had taken then. */
  taken: number
}

/** Gives what is to be told of each answer that begins. */
export const cutStalledAnswers = (
  server: Server,
  limits: { readonly stalledTimeout: number; readonly stalledStreamTimeout: number; readonly checkInterval: number }
): ((answer: ServerResponse) => void) => {
  const answers = new Map<ServerResponse, Open>()

  /** Whether the client of a stream is too far behind, or has taken nothing for too long. */
  const isBehind = (answer: ServerResponse, open: Open, now: number): boolean => {
    const { socket } = answer.req
    const taken = socket.bytesWritten - socket.writableLength
    if (answer.writableLength === 0 || taken !== open.taken) {
      open.since = now
      open.taken = taken
    }
    return answer.writableLength > MOST_UNREAD || now - (open.since ?? now) > limits.stalledStreamTimeout
  }

  const check = () => {
    const now = performance.now()
    for (const [answer, open] of answers) {
      // One that waited behind another answer of a connection that broke off is not closed.
      if (answer.req.socket.destroyed) answers.delete(answer)
      else if (!answer.writableEnded) {
        if (isBehind(answer, open, now)) answer.req.socket.resetAndDestroy()
      } else if (open.taken !== -1 || open.since === undefined) {
        open.since = now
        open.taken = -1
      } else if (now - open.since > limits.stalledTimeout) {
        answer.req.socket.resetAndDestroy()
      }
    }
  }

  server.on("listening", () => {
    const timer = setInterval(check, limits.checkInterval)
    timer.unref()
    server.once("close", () => clearInterval(timer))
  })

  return (answer) => {
    answers.set(answer, { since: undefined, taken: -1 })
    answer.once("close", () => answers.delete(answer))
  }
}
