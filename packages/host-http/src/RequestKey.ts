/** How a POST names itself, so that its repetition is answered as the first was. */
import type { IdempotencyKey } from "@cliqtel/sms-core"
import { Redacted } from "effect"
import { hash } from "node:crypto"
import { fingerprint } from "./Fingerprint.ts"

export interface NamedRequest {
  /** As decoded. */
  readonly headers: { readonly "idempotency-key"?: string }
  readonly path: string
  /** As decoded, so that fields which the contract does not know make no other request of it. */
  readonly payload: unknown
  readonly origin?: string
}

/** Undefined for a request without the header: it is simply done. */
export const requestKey = ({ headers, origin, path, payload }: NamedRequest): IdempotencyKey | undefined => {
  const key = headers["idempotency-key"]
  return key === undefined ? undefined : { key, fingerprint: fingerprint("POST", path, payload), origin }
}

/** Of a request whose answer is `sealed` with `token`: the same from another token is another request. */
export const sealedRequestKey = (
  { payload, ...request }: NamedRequest,
  token: Redacted.Redacted<string>
): IdempotencyKey | undefined =>
  requestKey({ ...request, payload: { payload, token: hash("sha256", Redacted.value(token), "hex") } })

/** The answer header that says so. */
export const replayHeaders = (replayed: boolean) => (replayed ? { "idempotent-replayed": "true" as const } : {})
