/** Retry-After, in seconds or as a date (RFC 9110, 10.2.3). */

/** Milliseconds from `now` on, null where there is none that can be read. */
export const retryAfterMillis = (header: string | undefined, now: number): number | null => {
  if (header === undefined) return null
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
