/**
 * Cuts clients that take no answer. Node's own `server.timeout` counts whatever moves on a connection, so a client that
 * reads nothing while it sends an empty line now and then would hold its answers, and the memory they take, for ever. An
 * answer that the host has finished must be with the system within the time; streams that go on are held to a size. The
 * connection is reset, since an orderly end would wait behind what the client does not read.
 */
import type { Server, ServerResponse } from "node:http"

/** What a stream's client may be behind; events are small, so it has missed thousands. */
const MOST_UNREAD = 1024 * 1024

export const cutStalledAnswers = (
  server: Server,
  limits: { readonly stalledTimeout: number; readonly checkInterval: number }
) => {
  /** Answers under way, and since when they have been finished as far as the host is concerned. */
  const open = new Map<ServerResponse, number | undefined>()

  server.on("request", (_, answer: ServerResponse) => {
    open.set(answer, undefined)
    answer.once("close", () => open.delete(answer))
  })

  const check = () => {
    const now = performance.now()
    for (const [answer, finishedAt] of open) {
      if (!answer.writableEnded) {
        if (answer.writableLength > MOST_UNREAD) answer.req.socket.resetAndDestroy()
      } else if (finishedAt === undefined) {
        open.set(answer, now)
      } else if (now - finishedAt > limits.stalledTimeout) {
        answer.req.socket.resetAndDestroy()
      }
    }
  }

  server.on("listening", () => {
    const timer = setInterval(check, limits.checkInterval)
    timer.unref()
    server.once("close", () => clearInterval(timer))
  })
}
