/** An endpoint that is told of events, and its rules: what it wants, when it is tried again, when it is given up. */
import { Schema } from "effect"
import type { AccountId, WebhookId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { EventType } from "./OutboxEvent.ts"

export const MAX_URL_LENGTH = 2048
export const MAX_DESCRIPTION_LENGTH = 256

/** Endpoints of one account. */
export const MAX_WEBHOOKS = 32

/** Every event, those to come among them. */
export const ANY_EVENT = "*"
export type Wanted = EventType | typeof ANY_EVENT

/** A secret that was replaced still signs this long. */
export const OVERLAP_MILLIS = 24 * 60 * 60 * 1000

/** How long one attempt may take in all. */
export const ATTEMPT_MILLIS = 15_000

/** How long a claim lasts: longer than any attempt and the writing down of it. */
export const DELIVERY_LEASE_MILLIS = 45_000

/** An endpoint that has done nothing but fail for this long is disabled. */
export const FAILING_MILLIS = 5 * 24 * 60 * 60 * 1000

export interface Webhook {
  readonly id: WebhookId
  readonly accountId: AccountId
  readonly url: string
  readonly events: ReadonlyArray<Wanted>
  readonly description: string
  readonly enabled: boolean
  /** `whsec_` and 24 random bytes in base64; never logged. */
  readonly secret: string
  /** The one before it, which signs too until then. */
  readonly oldSecret: { readonly secret: string; readonly until: Instant } | null
  /** Why and since when it is disabled, null while it is not. */
  readonly disabled: { readonly reason: DisabledReason; readonly at: Instant } | null
  readonly failing: Failing | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** Attempts have failed since the last one that did not. */
export interface Failing {
  readonly since: Instant
  readonly lastAt: Instant
}

export const DisabledReason = Schema.Literals(["by_owner", "gone", "failing"])
export type DisabledReason = typeof DisabledReason.Type

export const wants = ({ enabled, events }: Pick<Webhook, "enabled" | "events">, type: EventType): boolean =>
  enabled && (events.includes(ANY_EVENT) || events.includes(type))

/** Those that sign now, the newest first. */
export const secretsOf = ({ oldSecret, secret }: Pick<Webhook, "secret" | "oldSecret">, now: Instant) =>
  oldSecret === null || oldSecret.until <= now ? [secret] : [secret, oldSecret.secret]

export const rotated = (webhook: Webhook, secret: string, now: Instant): Webhook => ({
  ...webhook,
  secret,
  oldSecret: { secret: webhook.secret, until: now + OVERLAP_MILLIS },
  updatedAt: now
})

export const enable = (webhook: Webhook, now: Instant): Webhook => ({
  ...webhook,
  enabled: true,
  disabled: null,
  failing: null,
  updatedAt: now
})

export const disable = (webhook: Webhook, reason: DisabledReason, now: Instant): Webhook => ({
  ...webhook,
  enabled: false,
  disabled: { reason, at: now },
  updatedAt: now
})
