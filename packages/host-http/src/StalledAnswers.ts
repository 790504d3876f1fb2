/**
 * Cuts clients that take no answer. Node's own `server.timeout` counts whatever moves on a connection, so a client that
 * reads nothing while it sends an empty line now and then would hold its answers, and the memory they take, for ever. An
 * answer that the host has finished must be with the system within the time; a stream that goes on must get on, and is
 * held to a size. The connection is reset, since an orderly end would wait behind what the client does not read.
 */
import type { Server, ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** What a stream's client may be behind; events are small, so it has missed thousands. */
const MOST_UNREAD = 1024 * 1024

interface Open {
  readonly answer: ServerResponse
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
  /**
   * By their connections, of which there are fewer: a Map of all answers that come and go keeps each of them far beyond its
   * time (docs/performance.md).
   */
  const connections = new Map<Socket, Array<Open>>()

  /** Whether the client of a stream is too far behind, or has taken nothing for too long. */
  const isBehind = (open: Open, socket: Socket, now: number): boolean => {
    const { answer } = open
    const taken = socket.bytesWritten - socket.writableLength
    if (answer.writableLength === 0 || taken !== open.taken) {
      open.since = now
      open.taken = taken
    }
    return answer.writableLength > MOST_UNREAD || now - (open.since ?? now) > limits.stalledStreamTimeout
  }

  const check = () => {
    const now = performance.now()
    for (const [socket, answers] of connections) {
      if (socket.destroyed) {
        connections.delete(socket)
        continue
      }
      for (const open of answers) {
        if (!open.answer.writableEnded) {
          if (isBehind(open, socket, now)) socket.resetAndDestroy()
        } else if (open.taken !== -1 || open.since === undefined) {
          open.since = now
          open.taken = -1
        } else if (now - open.since > limits.stalledTimeout) {
          socket.resetAndDestroy()
        }
      }
    }
  }

  server.on("listening", () => {
    const timer = setInterval(check, limits.checkInterval)
    timer.unref()
    server.once("close", () => clearInterval(timer))
  })

  server.on("connection", (socket: Socket) => {
    connections.set(socket, [])
    // Answers that waited behind another one when it broke off are not closed.
    socket.once("close", () => connections.delete(socket))
  })

  return (answer) => {
    const answers = connections.get(answer.req.socket)
    if (answers === undefined) return
    const open = { answer, since: undefined, taken: -1 }
    answers.push(open)
    answer.once("close", () => answers.splice(answers.indexOf(open), 1))
  }
}
