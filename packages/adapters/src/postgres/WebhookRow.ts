/** Between rows of sms.webhooks and endpoints. */
import { DisabledReason, type Wanted, type Webhook, WebhookId } from "@cliqtel/sms-core"
import { accountId, instant, integer } from "./Rows.ts"

export interface WebhookRow {
  readonly account_id: bigint
  readonly webhook_id: bigint
  readonly url: string
  readonly events: ReadonlyArray<string>
  readonly description: string
  readonly enabled: boolean
  readonly secret: string
  readonly old_secret: string | null
  readonly old_secret_until: Date | null
  readonly disabled_reason: string | null
  readonly disabled_at: Date | null
  readonly failing_since: Date | null
  readonly failed_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
}

export const webhookOf = (row: WebhookRow): Webhook => ({
  id: WebhookId.make(integer(row.webhook_id)),
  accountId: accountId(row.account_id),
  url: row.url,
  // Only such names were written.
  events: row.events as ReadonlyArray<Wanted>,
  description: row.description,
  enabled: row.enabled,
  secret: row.secret,
  oldSecret: oldSecretOf(row),
  disabled:
    row.disabled_reason === null || row.disabled_at === null
      ? null
      : { reason: DisabledReason.make(row.disabled_reason as DisabledReason), at: instant(row.disabled_at) },
  failing:
    row.failing_since === null || row.failed_at === null
      ? null
      : { since: instant(row.failing_since), lastAt: instant(row.failed_at) },
  createdAt: instant(row.created_at),
  updatedAt: instant(row.updated_at)
})

export const oldSecretOf = (row: Pick<WebhookRow, "old_secret" | "old_secret_until">): Webhook["oldSecret"] =>
  row.old_secret === null || row.old_secret_until === null
    ? null
    : { secret: row.old_secret, until: instant(row.old_secret_until) }
