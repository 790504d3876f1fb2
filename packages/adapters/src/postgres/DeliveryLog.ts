/** What an owner sees of deliveries and their attempts, and may do again. */
import {
  type Attempt,
  type Delivery,
  DeliveryId,
  type DeliveryKey,
  type DeliveryQueue,
  EventId,
  type EventType,
  SHOWN_ATTEMPTS,
  WebhookId,
  type WebhookKey
} from "@cliqtel/sms-core"
import { Effect } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { orDefect } from "./Failures.ts"
import { accountId, instant, integer, timestamp } from "./Rows.ts"

/** A delivery beside one of its attempts; beside nothing where there was none. */
interface DeliveryRow {
  readonly account_id: bigint
  readonly webhook_id: bigint
  readonly delivery_id: bigint
  readonly event_id: bigint
  readonly type: string
  readonly state: string
  readonly due_at: Date | null
  readonly created_at: Date
  /** Null where there was none, as is all that follows. */
  readonly attempt: number | null
  readonly at: Date
  readonly status: number | null
  readonly duration_ms: number
  readonly error: string | null
  readonly body: string | null
}

type Log = Pick<DeliveryQueue["Service"], "page" | "find" | "put" | "redeliver">

export const makeDeliveryLog = (sql: SqlClient.SqlClient): Log => {
  // One statement, so that a delivery is shown with just the attempts that made it what it is.
  const deliveries = ({ accountId: account, id }: WebhookKey, which: Statement.Fragment) =>
    sql<DeliveryRow>`
      SELECT shown.*, log.* FROM (
        SELECT account_id, webhook_id, delivery_id, event_id, type, state, due_at, created_at
        FROM sms.webhook_deliveries
        WHERE account_id = ${account} AND webhook_id = ${id} AND ${which}
      ) shown
      LEFT JOIN LATERAL (
        SELECT attempt, at, status, duration_ms, error, body FROM sms.webhook_attempts
        WHERE account_id = shown.account_id AND webhook_id = shown.webhook_id AND delivery_id = shown.delivery_id
        ORDER BY attempt DESC LIMIT ${SHOWN_ATTEMPTS}
      ) log ON true
      ORDER BY shown.delivery_id DESC, log.attempt
    `.pipe(
      Effect.map((rows) =>
        [...Map.groupBy(rows, (row) => row.delivery_id).values()].flatMap((own) =>
          own[0] === undefined ? [] : [deliveryOf(own[0], own)]
        )
      ),
      orDefect
    )

  return {
    page: (key, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      deliveries(key, sql`delivery_id < ${before} ORDER BY delivery_id DESC LIMIT ${limit}`),

    find: ({ accountId: account, id, webhookId }: DeliveryKey) =>
      deliveries({ accountId: account, id: webhookId }, sql`delivery_id = ${id}`).pipe(
        Effect.map(([delivery]) => delivery)
      ),

    put: ({ accountId: account, id }, type, body, at) =>
      sql<{ readonly delivery_id: bigint }>`
        WITH event AS (
          INSERT INTO sms.webhook_events (account_id, event_id, body, created_at)
          VALUES (${account}, nextval('sms.webhook_event_ids'), ${body}, ${timestamp(at)})
          RETURNING account_id, event_id, created_at
        )
        INSERT INTO sms.webhook_deliveries (
          account_id, webhook_id, event_id, type, state, tries, attempts, created_at
        )
        SELECT account_id, ${id}::bigint, event_id, ${type}, 'ready', 0, 0, created_at FROM event
        RETURNING delivery_id
      `.pipe(
        orDefect,
        Effect.flatMap(([row]) =>
          row === undefined
            ? Effect.die(new Error("a delivery was not stored"))
            : Effect.succeed(DeliveryId.make(integer(row.delivery_id)))
        )
      ),

    redeliver: ({ accountId: account, id, webhookId }) =>
      Effect.gen(function* () {
        const rows = yield* sql<{ readonly state: string }>`
          SELECT state FROM sms.webhook_deliveries
          WHERE account_id = ${account} AND webhook_id = ${webhookId} AND delivery_id = ${id} FOR UPDATE
        `
        const [row] = rows
        if (row === undefined) return false
        if (row.state !== "ready" && row.state !== "leased") {
          yield* sql`
            UPDATE sms.webhook_deliveries SET state = 'ready', due_at = NULL, tries = 0
            WHERE account_id = ${account} AND webhook_id = ${webhookId} AND delivery_id = ${id}
          `
        }
        return true
      }).pipe(sql.withTransaction, orDefect)
  }
}

const STATUS: Readonly<Record<string, Delivery["status"]>> = { succeeded: "succeeded", failed: "failed" }

const deliveryOf = (row: DeliveryRow, own: ReadonlyArray<DeliveryRow>): Delivery => ({
  id: DeliveryId.make(integer(row.delivery_id)),
  accountId: accountId(row.account_id),
  webhookId: WebhookId.make(integer(row.webhook_id)),
  eventId: EventId.make(integer(row.event_id)),
  // Only such names were written.
  type: row.type as EventType,
  status: STATUS[row.state] ?? "pending",
  nextAttemptAt: row.state === "waiting" && row.due_at !== null ? instant(row.due_at) : null,
  createdAt: instant(row.created_at),
  attempts: own.filter(({ attempt }) => attempt !== null).map(attemptOf)
})

const attemptOf = (row: DeliveryRow): Attempt => ({
  at: instant(row.at),
  status: row.status,
  durationMillis: row.duration_ms,
  error: row.error,
  body: row.body
})
