/** In which form a file is sent that was compressed ahead of time (RFC 9110, 12.5.3). */
import { qualityOf } from "./Accept.ts"

/** The smallest first. */
export const CODINGS = ["br", "gzip", "identity"] as const
export type ContentCoding = (typeof CODINGS)[number]

/** The one of those there are that a client with this Accept-Encoding likes best, the smallest of its equals. */
export const codingFor = (accept: string | undefined, has: (coding: ContentCoding) => boolean): ContentCoding => {
  if (accept === undefined) return "identity"
  const likes = new Map(
    accept.split(",").map((range) => {
      const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase())
      return [name === "x-gzip" ? "gzip" : name, qualityOf(parameters)]
    })
  )
  const quality = (coding: ContentCoding): number =>
    // Identity is for whoever likes nothing better; refused, it is still better than nothing.
    likes.get(coding) ?? (coding === "identity" ? Number.MIN_VALUE : (likes.get("*") ?? 0))
  const [best = "identity"] = CODINGS.filter((coding) => has(coding) && quality(coding) > 0).toSorted(
    (a, b) => quality(b) - quality(a)
  )
  return best
}
