/** The portal: one page under each address that it draws something for, and the files that this page loads. */
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { randomBytes } from "node:crypto"
import { codingFor } from "../ContentCoding.ts"
import { Exchange } from "../Exchange.ts"
import { isHttps } from "../Https.ts"
import type { PortalFile, PortalFiles } from "../PortalFiles.ts"

type Path = `/${string}`

/** Addresses of the page; it finds out by itself what to draw. */
const ADDRESSES: ReadonlyArray<Path> = ["/", "/sign-in", "/keys", "/wallet", "/coverage", "/opt-outs"]

/** The same, with all that is below them. */
const SECTIONS: ReadonlyArray<Path> = ["/sms", "/numbers", "/webhooks"]

/** All paths that it has, for GET. */
export const portalPaths = ({ files }: PortalFiles): ReadonlyArray<Path> => [
  ...ADDRESSES,
  ...SECTIONS.flatMap((path): ReadonlyArray<Path> => [path, `${path}/*`]),
  ...files.map(({ path }) => path)
]

export const layerPortal = ({ files, page }: PortalFiles) =>
  Layer.mergeAll(
    Layer.empty,
    // To the router a section is what is below it as well.
    ...[...ADDRESSES, ...SECTIONS.map((path): Path => `${path}/*`)].map((path) =>
      add(path, path, (request) => pageAnswer(page, request))
    ),
    // Metrics count all of them as one: there are many, and each build names them anew.
    ...files.map((file) =>
      add(file.path, file.isHashed ? "/assets/*" : file.path, (request) => fileAnswer(file, request))
    )
  )

const add = (
  path: Path,
  route: string,
  answer: (request: HttpServerRequest.HttpServerRequest) => HttpServerResponse.HttpServerResponse
) =>
  HttpRouter.add(
    "GET",
    path,
    Effect.gen(function* () {
      const exchange = yield* Exchange
      exchange.route = route
      return answer(yield* HttpServerRequest.HttpServerRequest)
    })
  )

const pageAnswer = (page: PortalFiles["page"], request: HttpServerRequest.HttpServerRequest) => {
  const nonce = randomBytes(16).toString("base64url")
  return HttpServerResponse.text(page.join(nonce), {
    contentType: "text/html; charset=utf-8",
    headers: {
      ...PAGE_HEADERS,
      "content-security-policy": policy(nonce),
      ...(isHttps(request) ? { "strict-transport-security": `max-age=${YEAR_SECONDS}` } : {})
    }
  })
}

const YEAR_SECONDS = 365 * 24 * 60 * 60

const PAGE_HEADERS = {
  // A nonce is good for one answer.
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "x-frame-options": "DENY"
}

/** Everything comes from this host, and scripts from its files alone. Styles that are set one by one have no nonce. */
const policy = (nonce: string): string =>
  "default-src 'none'; script-src 'self'; " +
  `style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; ` +
  "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const fileAnswer = ({ forms, isHashed, type }: PortalFile, { headers }: HttpServerRequest.HttpServerRequest) => {
  const coding = codingFor(headers["accept-encoding"], (one) => forms.has(one))
  const form = forms.get(coding)
  if (form === undefined) throw new Error("a file of the portal has no content")
  const common = {
    "cache-control": isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : `public, max-age=${SHORT_SECONDS}`,
    etag: form.etag,
    ...(forms.size > 1 ? { vary: "accept-encoding" } : {})
  }
  if (knows(headers["if-none-match"], form.etag)) return HttpServerResponse.empty({ status: 304, headers: common })
  return HttpServerResponse.uint8Array(form.bytes, {
    contentType: type,
    headers: { ...common, ...(coding === "identity" ? {} : { "content-encoding": coding }) }
  })
}

const SHORT_SECONDS = 60 * 60

/** Whether the client has it already: proxies make a strong tag a weak one. */
const knows = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag)
