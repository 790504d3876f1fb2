/**
 * Whether a request that a browser signs in by itself, with its cookie, was made by one of our own pages. Browsers say so
 * in Sec-Fetch-Site, where the page came by https or from this machine; elsewhere what counts is Origin.
 */

export interface Provenance {
  readonly method: string
  /** Sec-Fetch-Site, Origin and Host, as they came. */
  readonly site: string | undefined
  readonly origin: string | undefined
  readonly host: string | undefined
}

/** What only looks may also come from a bookmark, or from a client that says nothing of it. */
export const isOurs = ({ host, method, origin, site }: Provenance): boolean => {
  if (method === "GET" || method === "HEAD") return site !== "cross-site"
  return site === undefined ? isOriginOf(host, origin) : site === "same-origin"
}

const isOriginOf = (host: string | undefined, origin: string | undefined): boolean => {
  if (host === undefined || origin === undefined || !ORIGIN.test(origin)) return false
  const scheme = origin.slice(0, origin.indexOf("://"))
  const ours = URL.parse(`${scheme}://${host}`)
  return ours !== null && ours.origin === URL.parse(origin)?.origin
}

/** RFC 6454: nothing behind the port. */
const ORIGIN = /^https?:\/\/[^/?#@\\]+$/
