/** Whether two requests under one Idempotency-Key are the same: equal digests of method, path and decoded body. */
import { hash } from "node:crypto"

/** SHA-256 in hex. The order of keys and fields that the contract does not know make no difference. */
export const fingerprint = (method: string, path: string, body: unknown): string =>
  hash("sha256", `${method} ${path}\n${canonicalJson(body)}`, "hex")

/** JSON with the keys of every object in code unit order; decoded amounts are texts in it. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === "bigint") return String(member)
    return typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member
  })
