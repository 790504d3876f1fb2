/** The keys of the demo's accounts, which visitors of the portal may sign in with though they do not have them. */
import type { AccountMode } from "@cliqtel/sms-core"
import { Context } from "effect"

export class OneClick extends Context.Service<
  OneClick,
  {
    /** Hash of the demo's key; undefined where there is no demo. */
    readonly keyHash: (mode: AccountMode) => Uint8Array | undefined
  }
>()("@cliqtel/sms-host-http/OneClick") {}
