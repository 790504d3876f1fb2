/**
 * API keys: `sk_live_` or `sk_test_`, a public id, 190 bits of secret and a checksum, so that a scanner knows one when it
 * sees one: /sk_(live|test)_[0-9A-Za-z]{48}/. Only its SHA-256 is ever stored: above 112 bits of entropy a fast hash is
 * enough (OWASP ASVS 5.0, 6.5.2), and a slow one would be a lever for whoever wants to keep the host busy.
 */
import type { AccountMode } from "@cliqtel/sms-core"
import { hash, randomInt } from "node:crypto"
import { crc32 } from "node:zlib"

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const ID_LENGTH = 10
const SECRET_LENGTH = 32
const CHECKSUM_LENGTH = 6

export const makeApiKey = (mode: AccountMode): string => {
  const body = `sk_${mode}_${random(ID_LENGTH + SECRET_LENGTH)}`
  return body + base62(crc32(body)).padStart(CHECKSUM_LENGTH, "0")
}

/** "sk_live_AbC...wXyZ": of the public id and the checksum, so nothing of the secret. Other forms show their beginning. */
export const keyHint = (key: string): string => {
  const [, prefix, shown, last] = OURS.exec(key) ?? []
  return prefix === undefined ? `${key.slice(0, 3)}...` : `${prefix}${shown}...${last}`
}

const OURS = /^(sk_(?:live|test)_)([0-9A-Za-z]{3})[0-9A-Za-z]{41}([0-9A-Za-z]{4})$/

export const hashApiKey = (key: string): Uint8Array => hash("sha256", key, "buffer")

const random = (length: number): string =>
  Array.from({ length }, () => DIGITS.charAt(randomInt(DIGITS.length))).join("")

const base62 = (value: number): string => {
  const digit = DIGITS.charAt(value % DIGITS.length)
  return value < DIGITS.length ? digit : base62(Math.floor(value / DIGITS.length)) + digit
}
