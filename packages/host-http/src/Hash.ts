/** Hashes of secrets, as they are looked up. */
import { timingSafeEqual } from "node:crypto"

export const hashName = (hash: Uint8Array): string => Buffer.from(hash).toString("hex")

/** How long an index takes to find a hash tells something about it; this does not. */
export const isSameHash = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)
