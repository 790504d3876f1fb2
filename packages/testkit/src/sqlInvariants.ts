/**
 * What must hold in every database of ours at rest, whatever was killed before: queries that give a row for each
 * violation. They look at all of it, so they are for tests and for an operator with doubts, not for a host.
 *
 * At rest means: nothing is leased any more, and nobody sends. While hosts work some of them do not hold, which is no
 * fault: a receipt may end a message whose lease is still with its host ("what waits for its carrier ..."), and a host or
 * a database that was killed a moment ago may have left such a lease behind. So wait for lease and sweep first.
 */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"

export interface Invariant {
  readonly name: string
  /** Gives no row where it holds. */
  readonly query: string
}

export interface Violation {
  readonly invariant: string
  readonly row: Readonly<Record<string, unknown>>
}

/** Rows of one violated invariant that are told. */
const TOLD = 5

/** As of one moment. Empty where all of them hold. */
export const checkInvariants = (databaseUrl: string): Promise<ReadonlyArray<Violation>> =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    sql.withTransaction(Effect.andThen(sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`, violations))
  ).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(databaseUrl), maxConnections: 1 })), Effect.runPromise)

/** The same inside a transaction of the caller's. */
export const violations = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const found = yield* Effect.forEach(SQL_INVARIANTS, ({ name, query }) =>
    sql
      .unsafe<Violation["row"]>(`SELECT * FROM (${query}) violation LIMIT ${TOLD}`)
      .pipe(Effect.map((rows) => rows.map((row): Violation => ({ invariant: name, row }))))
  )
  return found.flat()
})

/** What was booked for a message. */
const booked = (kind: "sms_charge" | "sms_refund") => `
  SELECT account_id, reference, count(*) AS lines, sum(amount) AS amount, min(currency) AS currency
  FROM sms.ledger_entries WHERE kind = '${kind}' GROUP BY account_id, reference`

const REFERENCE = "'message:' || message.message_id"

/** Whether any report has shown that the carrier took the message. */
const EVER_SENT = `(message.sent_at IS NOT NULL OR EXISTS (
  SELECT FROM sms.timeline entry
  WHERE entry.account_id = message.account_id AND entry.message_created_at = message.created_at
    AND entry.message_id = message.message_id AND entry.changed AND entry.status IN ('sent', 'delivered')))`

export const SQL_INVARIANTS: ReadonlyArray<Invariant> = [
  {
    name: "a balance is the sum of its lines",
    query: `
      SELECT account_id, wallet.balance, coalesce(lines.amount, 0) AS lines
      FROM sms.wallets wallet FULL JOIN (
        SELECT account_id, sum(amount) AS amount FROM sms.ledger_entries GROUP BY account_id
      ) lines USING (account_id)
      WHERE wallet.balance IS DISTINCT FROM coalesce(lines.amount, 0)`
  },
  {
    name: "each line's balance is that of the line before it and its amount",
    query: `
      SELECT * FROM (
        SELECT account_id, entry_id, amount, balance_after,
          lag(balance_after, 1, 0::bigint) OVER (PARTITION BY account_id ORDER BY entry_id) AS balance_before
        FROM sms.ledger_entries
      ) line WHERE balance_after <> balance_before + amount`
  },
  {
    name: "no balance was ever negative",
    query: `
      SELECT account_id, balance FROM sms.wallets WHERE balance < 0
      UNION ALL SELECT account_id, balance_after FROM sms.ledger_entries WHERE balance_after < 0`
  },
  {
    name: "each outbound message is charged once, its price",
    query: `
      SELECT message.account_id, message.message_id, message.price, charge.lines, charge.amount
      FROM sms.messages message
      LEFT JOIN (${booked("sms_charge")}) charge
        ON charge.account_id = message.account_id AND charge.reference = ${REFERENCE}
      WHERE message.direction = 'outbound'
        AND (charge.lines, charge.amount, charge.currency) IS DISTINCT FROM (1, -message.price, message.currency)`
  },
  {
    name: "nothing is charged or refunded that is no outbound message",
    query: `
      SELECT line.account_id, line.kind, line.reference FROM sms.ledger_entries line
      WHERE line.kind IN ('sms_charge', 'sms_refund') AND NOT EXISTS (
        SELECT FROM sms.messages message
        WHERE message.account_id = line.account_id AND message.direction = 'outbound' AND line.reference = ${REFERENCE})`
  },
  {
    name: "a refund comes once, and is the price",
    query: `
      SELECT message.account_id, message.message_id, message.price, refund.lines, refund.amount
      FROM sms.messages message
      JOIN (${booked("sms_refund")}) refund
        ON refund.account_id = message.account_id AND refund.reference = ${REFERENCE}
      WHERE (refund.lines, refund.amount, refund.currency) IS DISTINCT FROM (1, message.price, message.currency)`
  },
  {
    name: "refunded is what failed and was never sent, and all of that",
    query: `
      SELECT message.account_id, message.message_id, message.status, message.sent_at, refund.amount
      FROM sms.messages message
      LEFT JOIN (${booked("sms_refund")}) refund
        ON refund.account_id = message.account_id AND refund.reference = ${REFERENCE}
      WHERE message.direction = 'outbound'
        AND (refund.amount IS NOT NULL) <> (message.status = 'failed' AND NOT ${EVER_SENT})`
  },
  {
    name: "a timeline is numbered from 1 without gaps, as its message says",
    query: `
      SELECT message.account_id, message.message_id, message.timeline_entries, line.entries, line.first, line.last
      FROM sms.messages message
      LEFT JOIN (
        SELECT account_id, message_id, message_created_at, count(*) AS entries, min(seq) AS first, max(seq) AS last
        FROM sms.timeline GROUP BY account_id, message_id, message_created_at
      ) line ON line.account_id = message.account_id AND line.message_id = message.message_id
        AND line.message_created_at = message.created_at
      WHERE (line.entries, line.first, line.last)
        IS DISTINCT FROM (message.timeline_entries::bigint, 1, message.timeline_entries)`
  },
  {
    name: "a message's status is that of its last transition",
    query: `
      SELECT message.account_id, message.message_id, message.status, entry.status AS told
      FROM sms.messages message
      LEFT JOIN (
        SELECT DISTINCT ON (account_id, message_created_at, message_id) * FROM sms.timeline WHERE changed
        ORDER BY account_id, message_created_at, message_id, seq DESC
      ) entry ON entry.account_id = message.account_id AND entry.message_id = message.message_id
        AND entry.message_created_at = message.created_at
      WHERE entry.status IS DISTINCT FROM message.status`
  },
  {
    name: "transitions only rise, and nothing comes after the end",
    query: `
      SELECT * FROM (
        SELECT account_id, message_id, seq, status,
          lag(status) OVER (PARTITION BY account_id, message_created_at, message_id ORDER BY seq) AS before
        FROM sms.timeline WHERE changed
      ) entry
      WHERE before IS NOT NULL
        AND array_position(ARRAY['queued', 'sending', 'sent', 'delivered', 'failed'], status)
          <= array_position(ARRAY['queued', 'sending', 'sent', 'delivered', 'failed'], before)
        OR before IN ('delivered', 'failed')`
  },
  {
    name: "an inbound message is received and free, and no other is received",
    query: `
      SELECT account_id, message_id, direction, status, price FROM sms.messages
      WHERE (direction = 'inbound') <> (status = 'received') OR direction = 'inbound' AND price <> 0`
  },
  {
    name: "what waits for its carrier is queued or being sent",
    query: `
      SELECT dispatch.account_id, dispatch.message_id, dispatch.state, message.status
      FROM sms.dispatches dispatch
      LEFT JOIN sms.messages message USING (account_id, message_id)
      WHERE message.status IS NULL
        OR message.status NOT IN ('queued', 'sending')
        OR dispatch.state IN ('parked', 'waiting') AND message.status <> 'sending'`
  },
  {
    name: "what is queued or being sent waits for its carrier",
    query: `
      SELECT message.account_id, message.message_id, message.status FROM sms.messages message
      WHERE message.status IN ('queued', 'sending') AND NOT EXISTS (
        SELECT FROM sms.dispatches dispatch
        WHERE dispatch.account_id = message.account_id AND dispatch.message_id = message.message_id)`
  },
  {
    name: "the counts are those of the messages",
    query: `
      SELECT account_id, hour, number_id, counted.created, counted.delivered, counted.failed, real.created AS messages
      FROM (
        SELECT account_id, hour, number_id, sum(created) AS created, sum(delivered) AS delivered, sum(failed) AS failed
        FROM (
          SELECT account_id, hour, number_id, created, delivered, failed FROM sms.message_counts
          UNION ALL SELECT account_id, hour, number_id, change.created, change.delivered, change.failed
          FROM sms.message_count_notes note, unnest(account_ids, number_ids, note.created, note.delivered, note.failed)
            AS change (account_id, number_id, created, delivered, failed)
        ) part GROUP BY account_id, hour, number_id
      ) counted
      FULL JOIN (
        SELECT account_id, date_bin('1 hour', created_at, 'epoch') AS hour, number_id, count(*) AS created,
          count(*) FILTER (WHERE status = 'delivered' AND direction = 'outbound') AS delivered,
          count(*) FILTER (WHERE status = 'failed' AND direction = 'outbound') AS failed
        FROM sms.messages GROUP BY 1, 2, 3
      ) real USING (account_id, hour, number_id)
      WHERE (counted.created, counted.delivered, counted.failed)
        IS DISTINCT FROM (real.created::numeric, real.delivered::numeric, real.failed::numeric)`
  },
  {
    name: "pages by status show each message once, under its status",
    query: `
      SELECT account_id, message_id, message.status, shown.status AS shown
      FROM sms.messages message
      FULL JOIN sms.message_statuses shown USING (account_id, created_at, message_id, status)
      WHERE message.body IS NULL OR shown.status IS NULL`
  },
  {
    name: "what is to be delivered to a webhook has its event",
    query: `
      SELECT delivery.account_id, delivery.webhook_id, delivery.delivery_id, delivery.state
      FROM sms.webhook_deliveries delivery
      WHERE delivery.state IN ('ready', 'leased', 'waiting') AND NOT EXISTS (
        SELECT FROM sms.webhook_events event
        WHERE event.account_id = delivery.account_id AND event.event_id = delivery.event_id)`
  },
  {
    name: "attempts to deliver are numbered from 1 without gaps, as the delivery says",
    query: `
      SELECT account_id, webhook_id, delivery_id, delivery.attempts, log.attempts AS logged
      FROM sms.webhook_deliveries delivery
      FULL JOIN (
        SELECT account_id, webhook_id, delivery_id, count(*) AS attempts, max(attempt) AS last
        FROM sms.webhook_attempts GROUP BY account_id, webhook_id, delivery_id
      ) log USING (account_id, webhook_id, delivery_id)
      WHERE (delivery.attempts::bigint, delivery.attempts)
        IS DISTINCT FROM (coalesce(log.attempts, 0), coalesce(log.last, 0))`
  },
  {
    name: "an idempotency key has its answer",
    query: "SELECT account_id, key FROM sms.idempotency_keys WHERE answer IS NULL"
  },
  {
    // Kept answers to a send name the message; those that are sealed cannot be read here.
    name: "no two idempotency keys of an account answer with one message",
    query: `
      SELECT account_id, answer, count(*) AS keys FROM sms.idempotency_keys
      WHERE answer LIKE '%"message"%' GROUP BY account_id, answer HAVING count(*) > 1`
  }
]
