/** Signatures of Standard Webhooks 1.0.0, the symmetric kind: HMAC-SHA256 over `id.timestamp.body`. */
import { createHmac, randomBytes } from "node:crypto"

const PREFIX = "whsec_"

/** Bytes of a new secret; the standard asks for 24 to 64. */
const SECRET_BYTES = 24

export const makeSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString("base64")

/** The value of `webhook-signature`: one signature of each secret. `timestamp` in whole seconds. */
export const sign = (secrets: ReadonlyArray<string>, id: string, timestamp: number, body: string): string =>
  secrets
    .map((secret) => {
      const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, "base64")
      return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`
    })
    .join(" ")
