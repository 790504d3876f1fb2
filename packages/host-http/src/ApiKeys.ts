/** Whom API keys speak for. */
import type { Access } from "@cliqtel/sms-core"
import { Context, type Effect, type Redacted } from "effect"

export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    /** What the key gives access to; undefined if it is none of ours, or no longer. */
    authenticate(key: Redacted.Redacted<string>): Effect.Effect<Access | undefined>
    /** The same of the key with this hash, which is not used by it. */
    accessOf(hash: Uint8Array): Effect.Effect<Access | undefined>
    /** The key of this hash was revoked: the next request with it is refused on this host. */
    forget(hash: Uint8Array): Effect.Effect<void>
  }
>()("@cliqtel/sms-host-http/ApiKeys") {}
