/** What keys may do, and how the catalogue names it. */
import type { ApiKey } from "./keys.ts"

export type Scope = ApiKey["scopes"][number]

export const SCOPE_TEXTS = {
  "sms:send": "smsSend",
  "sms:read": "smsRead",
  numbers: "numbers",
  wallet: "wallet",
  webhooks: "webhooks",
  keys: "keys"
} as const satisfies Record<Scope, string>

/** In the order in which they are shown. */
export const SCOPES: ReadonlyArray<Scope> = ["sms:send", "sms:read", "numbers", "wallet", "webhooks", "keys"]
