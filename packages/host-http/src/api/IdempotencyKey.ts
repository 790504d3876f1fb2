/**
 * The Idempotency-Key header: 1 to 255 printable ASCII characters, as they are or as a quoted string (RFC 8941, what the
 * IETF draft asks for). `"abc"` and `abc` are the same key.
 */
import { Schema, SchemaTransformation } from "effect"
import type { ProblemCode } from "./ProblemTable.ts"

const BARE = /^[\x20\x21\x23-\x7e][\x20-\x7e]{0,254}$/
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/

export const IdempotencyKey = Schema.String.annotate({
  description:
    "1 to 255 printable ASCII characters; the same key and body within 24 hours replay the first answer. " +
    "A key whose request created nothing is free again."
})
  .check(
    Schema.makeFilter((text: string) => BARE.test(text) || QUOTED.test(text), {
      message: "must be 1 to 255 printable ASCII characters, bare or as a quoted string"
    })
  )
  .pipe(
    Schema.decodeTo(
      Schema.String,
      SchemaTransformation.transform({
        decode: (text: string) => QUOTED.exec(text)?.[1]?.replace(/\\(["\\])/g, "$1") ?? text,
        encode: (key: string) => `"${key.replace(/["\\]/g, "\\$&")}"`
      })
    )
  )

/**
 * Makes a repetition of a POST safe: the same key and body within 24 hours replay the first answer. One that created nothing
 * frees its key.
 */
export const IdempotencyHeader = {
  "idempotency-key": Schema.optionalKey(IdempotencyKey)
}

/** On an answer that is that of an earlier request. */
export const ReplayedHeader = {
  "idempotent-replayed": Schema.optionalKey(Schema.Literal("true"))
}

/** What may be wrong with a key that is sent again. */
export const ofIdempotencyKey: ReadonlyArray<ProblemCode> = ["idempotency_in_progress", "idempotency_mismatch"]
