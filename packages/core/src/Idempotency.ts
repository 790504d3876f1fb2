/**
 * Port: requests that may be repeated. The same key and fingerprint within 24 hours replay the first answer; a key whose
 * request created nothing is free again. Keys belong to one account, or to the operator.
 */
import { Context, type Effect, Schema } from "effect"
import type { Owner } from "./Account.ts"
import type { Instant } from "./Message.ts"

export const KEPT_MILLIS = 24 * 60 * 60 * 1000

/** How a caller names its request. */
export interface IdempotencyKey {
  /** 1 to 255 printable ASCII characters. */
  readonly key: string
  /** Digest of the request; another one under the same key is a mismatch. */
  readonly fingerprint: string
  /** The caller's own name of this request; a replay tells that of the first. */
  readonly origin?: string | undefined
}

export interface Claim extends IdempotencyKey {
  readonly accountId: Owner
  readonly at: Instant
}

export type Claimed =
  | { readonly _tag: "Fresh" }
  | { readonly _tag: "Replay"; readonly answer: string }
  | { readonly _tag: "Mismatch" }

/** The same key came with another request. */
export class IdempotencyMismatch extends Schema.TaggedError<IdempotencyMismatch>()("IdempotencyMismatch", {
  key: Schema.String
}) {}

/** The first request with this key has not been answered yet. */
export class IdempotencyInProgress extends Schema.TaggedError<IdempotencyInProgress>()("IdempotencyInProgress", {
  key: Schema.String
}) {}

export class Idempotency extends Context.Service<
  Idempotency,
  {
    /**
     * Takes keys for this unit of work, each at most once in a call; waits for another unit of work that holds one of
     * them. Answers in the order of `claims`.
     */
    claim(claims: ReadonlyArray<Claim>): Effect.Effect<ReadonlyArray<Claimed>>
    /** Keeps the answers of keys that this unit of work has claimed; null frees the key. */
    settle(
      answers: ReadonlyArray<{ readonly accountId: Owner; readonly key: string; readonly answer: string | null }>
    ): Effect.Effect<void>
  }
>()("@cliqtel/sms-core/Idempotency") {}
