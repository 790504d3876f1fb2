/** Whom API keys speak for. */
import type { Access } from "@cliqtel/sms-core"
import { Context, type Effect } from "effect"

export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    /** What the key with this hash gives access to, which is a use of it; undefined if it is none of ours, or no longer. */
    authenticate(hash: Uint8Array): Effect.Effect<Access | undefined>
    /** The same, which is no use of it. */
    accessOf(hash: Uint8Array): Effect.Effect<Access | undefined>
    /** The key of this hash was revoked: the next request with it is refused on this host. */
    forget(hash: Uint8Array): Effect.Effect<void>
  }
>()("@cliqtel/sms-host-http/ApiKeys") {}
