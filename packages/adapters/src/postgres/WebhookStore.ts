/** The endpoints that accounts have registered. */
import { WebhookStore } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int8s } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { timestamp, timestampOrNull } from "./Rows.ts"
import { webhookOf, type WebhookRow } from "./WebhookRow.ts"

export const layerWebhookStore = Layer.effect(
  WebhookStore,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return WebhookStore.of({
      insert: ({ accountId: account, createdAt, description, events, secret, url }, most) =>
        Effect.gen(function* () {
          // Whoever else adds one to this account waits, and counts this one.
          yield* sql`SELECT FROM sms.accounts WHERE account_id = ${account} FOR NO KEY UPDATE`
          const [row] = yield* sql<WebhookRow>`
            INSERT INTO sms.webhooks (
              account_id, url, events, description, enabled, secret, created_at, updated_at
            )
            SELECT ${account}::bigint, ${url}, ${[...events]}::text[], ${description}, true, ${secret},
              ${timestamp(createdAt)}::timestamptz, ${timestamp(createdAt)}::timestamptz
            WHERE (SELECT count(*) FROM sms.webhooks WHERE account_id = ${account}) < ${most}
            RETURNING *
          `
          return row && webhookOf(row)
        }).pipe(sql.withTransaction, orDefect),

      list: (account) =>
        sql<WebhookRow>`SELECT * FROM sms.webhooks WHERE account_id = ${account} ORDER BY webhook_id`.pipe(
          orDefect,
          Effect.map((rows) => rows.map(webhookOf))
        ),

      lock: (keys) => {
        // One after the other, each by its key, in one order for everybody.
        const ordered = keys.toSorted((a, b) => a.id - b.id)
        return sql<WebhookRow>`
          SELECT webhook.* FROM unnest(
            ${int8s(ordered.map((key) => key.accountId))}, ${int8s(ordered.map((key) => key.id))}
          ) AS wanted (account_id, webhook_id),
          LATERAL (
            SELECT * FROM sms.webhooks webhook
            WHERE webhook.account_id = wanted.account_id AND webhook.webhook_id = wanted.webhook_id
            LIMIT 1 FOR NO KEY UPDATE
          ) webhook
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(webhookOf))
        )
      },

      save: (webhooks) =>
        Effect.forEach(
          webhooks,
          ({ accountId: account, disabled, failing, id, oldSecret, ...webhook }) => sql`
            UPDATE sms.webhooks SET
              url = ${webhook.url}, events = ${[...webhook.events]}::text[], description = ${webhook.description},
              enabled = ${webhook.enabled}, secret = ${webhook.secret}, old_secret = ${oldSecret?.secret ?? null},
              old_secret_until = ${timestampOrNull(oldSecret?.until ?? null)},
              disabled_reason = ${disabled?.reason ?? null}, disabled_at = ${timestampOrNull(disabled?.at ?? null)},
              failing_since = ${timestampOrNull(failing?.since ?? null)},
              failed_at = ${timestampOrNull(failing?.lastAt ?? null)}, updated_at = ${timestamp(webhook.updatedAt)}
            WHERE account_id = ${account} AND webhook_id = ${id}
          `,
          { discard: true }
        ).pipe(orDefect),

      remove: ({ accountId: account, id }) =>
        Effect.gen(function* () {
          const removed = yield* sql`
            DELETE FROM sms.webhooks WHERE account_id = ${account} AND webhook_id = ${id} RETURNING webhook_id
          `
          if (removed.length === 0) return false
          yield* sql`DELETE FROM sms.webhook_attempts WHERE account_id = ${account} AND webhook_id = ${id}`
          yield* sql`DELETE FROM sms.webhook_deliveries WHERE account_id = ${account} AND webhook_id = ${id}`
          return true
        }).pipe(sql.withTransaction, orDefect)
    })
  })
)
