/** Whom API keys speak for. */
import type { Access } from "@cliqtel/sms-core"
import { Context, type Effect } from "effect"

export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    /** What the key with this hash gives access to; counts as a use of it. Undefined if it is none of ours, or no longer. */
    authenticate(hash: Uint8Array): Effect.Effect<Access | undefined>
    /** The same, without counting as a use. */
    accessOf(hash: Uint8Array): Effect.Effect<Access | undefined>
    /** The key of this hash was revoked: the next request with it is refused on this host. */
    forget(hash: Uint8Array): Effect.Effect<void>
  }
>()("@cliqtel/sms-host-http/ApiKeys") {}
