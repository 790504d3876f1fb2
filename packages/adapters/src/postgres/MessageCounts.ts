/**
 * How many messages there are and how they ended, exactly, without counting them: the database keeps sums by hour (see
 * migrations 0003 and 0012). Only the hour in which a period begins is counted message by message.
 */
import type { AccountId, Counts, DayCounts, Instant, NumberId } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { timestamps } from "./Columns.ts"
import { integer, timestamp } from "./Rows.ts"

const HOUR_MILLIS = 60 * 60 * 1000

/** The first full hour at or after a moment. */
const fullHour = (moment: Instant): Instant => Math.ceil(moment / HOUR_MILLIS) * HOUR_MILLIS

const ofNumber = (sql: SqlClient.SqlClient, number: NumberId | undefined) =>
  number === undefined ? sql`` : sql`AND number_id = ${number}`

interface CountsRow {
  readonly messages: bigint
  readonly delivered: bigint
  readonly failed: bigint
}

const countsOf = ({ delivered, failed, messages }: CountsRow): Counts => ({
  messages: integer(messages),
  delivered: integer(delivered),
  failed: integer(failed)
})

/** What is not summed up yet, by hour; only the notes that an account is in are taken apart, once. */
const noted = (sql: SqlClient.SqlClient, account: AccountId, number: NumberId | undefined) => sql`
  noted AS MATERIALIZED (
    SELECT hour, sum(change.created) AS created, sum(change.delivered) AS delivered, sum(change.failed) AS failed
    FROM sms.message_count_notes note,
      unnest(account_ids, number_ids, note.created, note.delivered, note.failed)
        AS change (account_id, number_id, created, delivered, failed)
    WHERE ${account} = ANY(account_ids) AND account_id = ${account} ${ofNumber(sql, number)}
    GROUP BY hour
  )
`

/** Of messages created at or after each moment: in one statement, so that they are of one time. */
export const countSince = (
  sql: SqlClient.SqlClient,
  account: AccountId,
  moments: ReadonlyArray<Instant>,
  number?: NumberId
) =>
  sql<CountsRow>`
  WITH ${noted(sql, account, number)}
  SELECT counted.* FROM unnest(${timestamps(moments)}, ${timestamps(moments.map(fullHour))})
    WITH ORDINALITY AS asked (since, hour, n),
  LATERAL (
    SELECT coalesce(sum(created), 0)::bigint AS messages, coalesce(sum(delivered), 0)::bigint AS delivered,
      coalesce(sum(failed), 0)::bigint AS failed
    FROM (
      SELECT sum(created) AS created, sum(delivered) AS delivered, sum(failed) AS failed FROM sms.message_counts
      WHERE account_id = ${account} AND hour >= asked.hour ${ofNumber(sql, number)}
      UNION ALL
      SELECT sum(created), sum(delivered), sum(failed) FROM noted WHERE hour >= asked.hour
      UNION ALL
      SELECT count(*), count(*) FILTER (WHERE status = 'delivered' AND direction = 'outbound'),
        count(*) FILTER (WHERE status = 'failed' AND direction = 'outbound')
      FROM sms.messages WHERE account_id = ${account} AND created_at >= asked.since AND created_at < asked.hour
        ${ofNumber(sql, number)}
    ) part
  ) counted
  ORDER BY n
`.pipe(Effect.map((rows) => rows.map(countsOf)))

/** By day, from the midnight `since` on: full hours alone, so nothing is counted message by message. */
export const countDays = (sql: SqlClient.SqlClient, account: AccountId, since: Instant, number?: NumberId) =>
  sql<CountsRow & { readonly day: Date }>`
    WITH ${noted(sql, account, number)}
    SELECT date_bin('1 day', hour, 'epoch') AS day, sum(created)::bigint AS messages, sum(delivered)::bigint AS delivered,
      sum(failed)::bigint AS failed
    FROM (
      SELECT hour, created, delivered, failed FROM sms.message_counts
      WHERE account_id = ${account} AND hour >= ${timestamp(since)} ${ofNumber(sql, number)}
      UNION ALL
      SELECT hour, created, delivered, failed FROM noted WHERE hour >= ${timestamp(since)}
    ) part
    GROUP BY day HAVING sum(created) <> 0 ORDER BY day
  `.pipe(Effect.map((rows) => rows.map((row): DayCounts => ({ day: row.day.getTime(), ...countsOf(row) }))))

/** Notes that one statement sums up. */
const GROUP = 1000

/** Few notes lie there: whoever asks for counts reads them all. */
const INTERVAL_MILLIS = 2000

/**
 * Sums up what is noted; gives how many notes. Safe on every host at once: one of them does it at a time, so that none waits for
 * another's sums. Notes are taken by their place, like what is claimed of the queue.
 */
export const sumUpCounts = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly taken: bigint }>`
    WITH turn AS MATERIALIZED (
      SELECT pg_try_advisory_xact_lock(hashtext('sms.message_counts')) AS is_ours
    ), taken AS (
      DELETE FROM sms.message_count_notes WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM sms.message_count_notes WHERE (SELECT is_ours FROM turn) LIMIT ${GROUP} FOR UPDATE SKIP LOCKED
      )) RETURNING *
    ), summed AS (
      INSERT INTO sms.message_counts AS kept (account_id, hour, number_id, created, delivered, failed)
      SELECT account_id, hour, number_id, sum(change.created), sum(change.delivered), sum(change.failed)
      FROM taken, unnest(account_ids, number_ids, taken.created, taken.delivered, taken.failed)
        AS change (account_id, number_id, created, delivered, failed)
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
