/**
 * The cookie that a browser is signed in by. Over https it has a name that no page but this host's can set; over http,
 * where nothing is safe from whoever is in between, another one. Each is read only where it would be set.
 */
import { Redacted } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"
import { createHash, randomBytes } from "node:crypto"
import { SESSION_COOKIE } from "./api/SessionCookie.ts"
import { isHttps } from "./Https.ts"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/** 256 bits, in base64url. */
export const makeSessionToken = (): Redacted.Redacted<string> => Redacted.make(randomBytes(32).toString("base64url"))

export const hashSessionToken = (token: Redacted.Redacted<string>): Uint8Array =>
  createHash("sha256").update(Redacted.value(token), "utf8").digest()

/** The token that came with a request; undefined if there is none, or something that we never gave. */
export const sessionToken = (request: Request): Redacted.Redacted<string> | undefined => {
  const { cookie } = request.headers
  if (cookie === undefined) return undefined
  const prefix = `${nameFor(isHttps(request))}=`
  const value = cookie
    .split(";")
    // Spaces alone: String.trim would also take a byte in front that makes it another name to the browser.
    .map((one) => one.replace(/^[ \t]+|[ \t]+$/g, ""))
    .find((one) => one.startsWith(prefix))
    ?.slice(prefix.length)
  return value !== undefined && TOKEN.test(value) ? Redacted.make(value) : undefined
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** The answer, which gives the browser this token. It keeps it until it is closed, or for as long as the host lets it. */
export const withSession = (request: Request, token: Redacted.Redacted<string>, answer: Response): Response =>
  setCookie(request, Redacted.value(token), answer)

/** The answer, which takes the token away. */
export const withoutSession = (request: Request, answer: Response): Response => setCookie(request, "", answer, 0)

const setCookie = (request: Request, value: string, answer: Response, maxAge?: number): Response => {
  const secure = isHttps(request)
  return HttpServerResponse.setCookieUnsafe(answer, nameFor(secure), value, {
    httpOnly: true,
    sameSite: "strict",
    path: "/",
    secure,
    ...(maxAge === undefined ? {} : { maxAge })
  })
}

const nameFor = (https: boolean): string => (https ? `__Host-${SESSION_COOKIE}` : SESSION_COOKIE)
