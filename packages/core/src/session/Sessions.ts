/** Port: who has signed in to the portal. Tokens are known by their SHA-256 alone. */
import { Context, type Effect } from "effect"
import type { AccountId, KeyId, SessionId } from "../Account.ts"
import type { Access } from "../Accounts.ts"
import type { Instant } from "../Message.ts"
import type { SessionTimes } from "./Session.ts"

export interface NewSession {
  /** Of the key that was signed in with. */
  readonly access: Access
  readonly hash: Uint8Array
  readonly at: Instant
}

export interface SessionKey {
  readonly accountId: AccountId
  readonly id: SessionId
}

export interface Session extends SessionKey, SessionTimes {
  readonly keyId: KeyId
  /** Of its key. */
  readonly keyHash: Uint8Array
  /** Of its token. */
  readonly hash: Uint8Array
  /** Of the token before that; null while it has its first. */
  readonly oldHash: Uint8Array | null
}

export interface TokenChange {
  /** What the token was; whoever finds another one was too late. */
  readonly from: Uint8Array
  /** The one that the browser bears: it stays the token before. */
  readonly old: Uint8Array
  readonly to: Uint8Array
  readonly at: Instant
}

/** Sessions whose key is revoked are not found. Those that are over may be: `tokenStanding` tells. */
export class Sessions extends Context.Service<
  Sessions,
  {
    /** Ends the oldest of its key beyond `SESSIONS_PER_KEY`. */
    open(session: NewSession): Effect.Effect<Session>
    /** The session whose token this is, or was before the one that it has. */
    find(hash: Uint8Array): Effect.Effect<Session | undefined>
    get(key: SessionKey): Effect.Effect<Session | undefined>
    /** Gives it another token; false where another request has done so, or it was ended. Of several one succeeds. */
    renew(key: SessionKey, change: TokenChange): Effect.Effect<boolean>
    /** Notes that it was used; within a minute of the last note nothing is written. */
    touch(key: SessionKey, at: Instant): Effect.Effect<void>
    /** Ends it for good; nothing if it has ended. */
    end(key: SessionKey): Effect.Effect<void>
  }
>()("@cliqtel/sms-core/session/Sessions") {}
