/**
 * Whether a browser reached the host by https: here, or at the proxy before it, which says so in X-Forwarded-Proto. Anybody
 * can send that header, so nothing hangs on it but what the sender's own browser is told to keep, and how.
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import type { HttpServerRequest } from "effect/http"
import { TLSSocket } from "node:tls"

export const isHttps = (request: HttpServerRequest.HttpServerRequest): boolean => {
  // Of several proxies the first is the one that the browser reached.
  const [first = ""] = (request.headers["x-forwarded-proto"] ?? "").split(",")
  return (
    first.trim().toLowerCase() === "https" ||
    NodeHttpServerRequest.toIncomingMessage(request).socket instanceof TLSSocket
  )
}
