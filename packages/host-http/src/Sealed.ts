/**
 * Answers that tell a secret once: an idempotency key keeps them so that only whoever bears the token that asked for the
 * secret can open them again. AES-256-GCM under HKDF-SHA256 of that token with a salt of its own. Another token opens
 * nothing, so a request whose answer is sealed has the token in its fingerprint (see `RequestKey.ts`).
 */
import type { Kept } from "@cliqtel/sms-core"
import { Effect, Redacted } from "effect"
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"

/** `kept`, but what is stored of it is not readable without `secret`. */
export const sealed = <A>(kept: Kept<A>, secret: Redacted.Redacted<string>): Kept<A> => ({
  encode: (answer) => seal(kept.encode(answer), secret),
  decode: (text) => Effect.flatMap(open(text, secret), kept.decode)
})

const VERSION = "sealed1"
const INFO = "cliqtel-sms kept answer"

const CIPHER = "aes-256-gcm"
const KEY_BYTES = 32
const SALT_BYTES = 32
/** Of the nonce that GCM is specified for; each salt is a key of its own, so it never repeats under one. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

const seal = (text: string, secret: Redacted.Redacted<string>): string => {
  const salt = randomBytes(SALT_BYTES)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(secret, salt), nonce, { authTagLength: TAG_BYTES })
  const content = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return `${VERSION}.${Buffer.concat([salt, nonce, cipher.getAuthTag(), content]).toString("base64url")}`
}

/** A defect where it does not open: the fingerprint should have kept it from being tried. */
const open = (text: string, secret: Redacted.Redacted<string>): Effect.Effect<string> =>
  Effect.sync(() => {
    const [version, packed = ""] = text.split(".")
    if (version !== VERSION) throw new Error("a kept answer is not sealed")
    const bytes = Buffer.from(packed, "base64url")
    const salt = bytes.subarray(0, SALT_BYTES)
    const nonce = bytes.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES)
    const tag = bytes.subarray(SALT_BYTES + NONCE_BYTES, SALT_BYTES + NONCE_BYTES + TAG_BYTES)
    const content = bytes.subarray(SALT_BYTES + NONCE_BYTES + TAG_BYTES)
    const decipher = createDecipheriv(CIPHER, keyOf(secret, salt), nonce, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(content), decipher.final()]).toString("utf8")
  })

const keyOf = (secret: Redacted.Redacted<string>, salt: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", Redacted.value(secret), salt, INFO, KEY_BYTES))
