/**
 * How many messages there are and how they ended, exactly, without counting them: the database keeps sums by hour (see
 * migration 0003). Only the hour in which a period begins is counted message by message.
 */
import type { AccountId, DayCounts, Instant, NumberId, OutboundCounts } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { integer, timestamp } from "./Rows.ts"

const HOUR_MILLIS = 60 * 60 * 1000

/** The first full hour at or after a moment. */
const fullHour = (moment: Instant): Instant => Math.ceil(moment / HOUR_MILLIS) * HOUR_MILLIS

const ofNumber = (sql: SqlClient.SqlClient, number: NumberId | undefined) =>
  number === undefined ? sql`` : sql`AND number_id = ${number}`

/** Messages in both directions created at or after `since`. */
export const countSince = (sql: SqlClient.SqlClient, account: AccountId, since: Instant, number?: NumberId) => {
  const hour = timestamp(fullHour(since))
  return sql<{ readonly count: bigint }>`
    SELECT (
      (SELECT coalesce(sum(created), 0) FROM sms.message_counts
       WHERE account_id = ${account} AND hour >= ${hour} ${ofNumber(sql, number)})
      + (SELECT coalesce(sum(created), 0) FROM sms.message_count_changes
         WHERE account_id = ${account} AND hour >= ${hour} ${ofNumber(sql, number)})
      + (SELECT count(*) FROM sms.messages
         WHERE account_id = ${account} AND created_at >= ${timestamp(since)} AND created_at < ${hour}
         ${ofNumber(sql, number)})
    )::bigint AS count
  `.pipe(Effect.map(([row]) => integer(row?.count ?? 0n)))
}

/** Outbound messages created at or after `since` by how they ended. */
export const countOutcomes = (sql: SqlClient.SqlClient, account: AccountId, since: Instant, number?: NumberId) => {
  const hour = timestamp(fullHour(since))
  return sql<{ readonly delivered: bigint; readonly failed: bigint }>`
    SELECT coalesce(sum(delivered), 0)::bigint AS delivered, coalesce(sum(failed), 0)::bigint AS failed FROM (
      SELECT sum(delivered) AS delivered, sum(failed) AS failed FROM sms.message_counts
      WHERE account_id = ${account} AND hour >= ${hour} ${ofNumber(sql, number)}
      UNION ALL
      SELECT sum(delivered), sum(failed) FROM sms.message_count_changes
      WHERE account_id = ${account} AND hour >= ${hour} ${ofNumber(sql, number)}
      UNION ALL
      SELECT count(*) FILTER (WHERE status = 'delivered'), count(*) FILTER (WHERE status = 'failed') FROM sms.messages
      WHERE account_id = ${account} AND created_at >= ${timestamp(since)} AND created_at < ${hour}
        AND status IN ('delivered', 'failed') AND direction = 'outbound' ${ofNumber(sql, number)}
    ) part
  `.pipe(
    Effect.map(([row]): OutboundCounts => ({
      delivered: integer(row?.delivered ?? 0n),
      failed: integer(row?.failed ?? 0n)
    }))
  )
}

/** Both by day, from the midnight `since` on: full hours alone, so nothing is counted message by message. */
export const countDays = (sql: SqlClient.SqlClient, account: AccountId, since: Instant, number?: NumberId) => {
  const kept = (table: Statement.Fragment) => sql`
    SELECT date_bin('1 day', hour, 'epoch') AS day, created, delivered, failed FROM ${table}
    WHERE account_id = ${account} AND hour >= ${timestamp(since)} ${ofNumber(sql, number)}
  `
  return sql<{ readonly day: Date; readonly messages: bigint; readonly delivered: bigint; readonly failed: bigint }>`
    SELECT day, sum(created)::bigint AS messages, sum(delivered)::bigint AS delivered, sum(failed)::bigint AS failed
    FROM (${kept(sql`sms.message_counts`)} UNION ALL ${kept(sql`sms.message_count_changes`)}) part
    GROUP BY day HAVING sum(created) <> 0 ORDER BY day
  `.pipe(
    Effect.map((rows) =>
      rows.map(({ day, delivered, failed, messages }): DayCounts => ({
        day: day.getTime(),
        messages: integer(messages),
        delivered: integer(delivered),
        failed: integer(failed)
      }))
    )
  )
}

/** Changes that one statement sums up. */
const GROUP = 10_000

const INTERVAL_MILLIS = 10_000

/**
 * Sums up noted changes; gives how many. Safe on every host at once: each change is taken by one of them, by its place, like
 * what is claimed of the queue.
 */
export const sumUpCounts = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly taken: bigint }>`
    WITH taken AS (
      DELETE FROM sms.message_count_changes WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM sms.message_count_changes LIMIT ${GROUP} FOR UPDATE SKIP LOCKED
      )) RETURNING *
    ), summed AS (
      INSERT INTO sms.message_counts AS kept (account_id, hour, number_id, created, delivered, failed)
      SELECT account_id, hour, number_id, sum(created), sum(delivered), sum(failed) FROM taken
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (account_id, hour, number_id) DO UPDATE SET created = kept.created + excluded.created,
        delivered = kept.delivered + excluded.delivered, failed = kept.failed + excluded.failed
    )
    SELECT count(*) AS taken FROM taken
  `
  return integer(row?.taken ?? 0n)
})

export const layerCountKeeping = Layer.effectDiscard(
  Effect.repeat(sumUpCounts, { while: (taken) => taken === GROUP }).pipe(
    Effect.catchCause((cause) => Effect.logWarning("Counts were not summed up, trying again", cause)),
    Effect.andThen(Effect.sleep(INTERVAL_MILLIS)),
    Effect.forever,
    Effect.forkScoped
  )
)
