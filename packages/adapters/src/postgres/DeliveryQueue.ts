/**
 * Deliveries. A claim visits the endpoints that have something ready in turn, by a loose scan of the index of ready rows:
 * an endpoint that hangs costs one visit, whatever waits for it.
 *
 * What was picked and locked is changed by its place (ctid), as in the queue of messages.
 */
import {
  DeliveryId,
  type DeliveryLease,
  DeliveryQueue,
  EventId,
  type LeasedDelivery,
  type SettledDelivery,
  WebhookId
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int8s, texts, timestamps } from "./Columns.ts"
import { makeDeliveryLog } from "./DeliveryLog.ts"
import { orDefect } from "./Failures.ts"
import { accountId, integer, timestamp } from "./Rows.ts"
import { oldSecretOf } from "./WebhookRow.ts"

interface LeaseRow {
  readonly account_id: bigint
  readonly webhook_id: bigint
  readonly delivery_id: bigint
  readonly token: string
  readonly tries: number
}

interface ClaimRow extends LeaseRow {
  readonly event_id: bigint
  readonly body: string
  readonly url: string
  readonly secret: string
  readonly old_secret: string | null
  readonly old_secret_until: Date | null
}

/** An endpoint's place in the order in which they take turns. */
interface Turn {
  readonly account: number
  readonly webhook: number
}

const FIRST: Turn = { account: 0, webhook: 0 }
const LAST: Turn = { account: Number.MAX_SAFE_INTEGER, webhook: Number.MAX_SAFE_INTEGER }

/** Endpoints that one claim looks at. */
const VISITS = 10_000

/** Rows of one statement of a sweep: short transactions hold up nobody. */
const BATCH = 1000

export const layerDeliveryQueue = Layer.effect(
  DeliveryQueue,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const log = makeDeliveryLog(sql)
    /** The endpoint that the last claim ended with: the next one goes on after it. */
    let turn = FIRST

    const claimBetween = (
      after: Turn,
      upTo: Turn,
      { free, limit, standard, until }: Parameters<DeliveryQueue["Service"]["claim"]>[0]
    ) =>
      sql<ClaimRow>`
        WITH RECURSIVE turn AS (
          (SELECT account_id, webhook_id, 1 AS visit FROM sms.webhook_deliveries
           WHERE state = 'ready' AND (account_id, webhook_id) > (${after.account}::bigint, ${after.webhook}::bigint)
             AND (account_id, webhook_id) <= (${upTo.account}::bigint, ${upTo.webhook}::bigint)
           ORDER BY account_id, webhook_id LIMIT 1)
          UNION ALL
          SELECT next.account_id, next.webhook_id, visit + 1 FROM turn, LATERAL (
            SELECT account_id, webhook_id FROM sms.webhook_deliveries
            WHERE state = 'ready' AND (account_id, webhook_id) > (turn.account_id, turn.webhook_id)
              AND (account_id, webhook_id) <= (${upTo.account}::bigint, ${upTo.webhook}::bigint)
            ORDER BY account_id, webhook_id LIMIT 1
          ) next WHERE visit < ${VISITS}
        ), visited AS MATERIALIZED (
          SELECT turn.account_id, turn.webhook_id, visit, coalesce(known.free, ${standard}::bigint) AS free
          FROM turn
          LEFT JOIN unnest(${int8s([...free.keys()])}, ${int8s([...free.values()])}) AS known (webhook_id, free)
            USING (webhook_id)
        ), taken AS MATERIALIZED (
          SELECT ready.place FROM (SELECT * FROM visited WHERE free > 0 ORDER BY visit) visited,
          LATERAL (
            SELECT enabled FROM sms.webhooks webhook
            WHERE webhook.account_id = visited.account_id AND webhook.webhook_id = visited.webhook_id AND enabled
            LIMIT 1
          ) target,
          LATERAL (
            SELECT delivery.ctid AS place FROM sms.webhook_deliveries delivery
            WHERE state = 'ready' AND account_id = visited.account_id AND webhook_id = visited.webhook_id
              AND (subject IS NULL OR NOT EXISTS (
                SELECT FROM sms.webhook_deliveries earlier
                WHERE earlier.account_id = delivery.account_id AND earlier.webhook_id = delivery.webhook_id
                  AND earlier.subject = delivery.subject AND earlier.state IN ('ready', 'leased')
                  AND earlier.delivery_id < delivery.delivery_id))
            ORDER BY delivery_id LIMIT visited.free
            FOR UPDATE OF delivery SKIP LOCKED
          ) ready
          LIMIT ${limit}
        ), claimed AS (
          UPDATE sms.webhook_deliveries
          SET state = 'leased', token = gen_random_uuid(), due_at = ${timestamp(until)}
          WHERE ctid = ANY(ARRAY(SELECT place FROM taken))
          RETURNING account_id, webhook_id, delivery_id, event_id, token, tries
        )
        SELECT claimed.*, event.body, target.* FROM claimed,
        LATERAL (
          SELECT body FROM sms.webhook_events event
          WHERE event.account_id = claimed.account_id AND event.event_id = claimed.event_id LIMIT 1
        ) event,
        LATERAL (
          SELECT url, secret, old_secret, old_secret_until FROM sms.webhooks webhook
          WHERE webhook.account_id = claimed.account_id AND webhook.webhook_id = claimed.webhook_id LIMIT 1
        ) target
        ORDER BY account_id, webhook_id, delivery_id
      `.pipe(
        orDefect,
        Effect.map((rows) => rows.map(leasedOf))
      )

    return DeliveryQueue.of({
      ...log,

      claim: Effect.fnUntraced(function* (claim) {
        const found = [...(yield* claimBetween(turn, LAST, claim))]
        if (found.length < claim.limit && turn !== FIRST) {
          found.push(...(yield* claimBetween(FIRST, turn, { ...claim, limit: claim.limit - found.length })))
        }
        const last = found.at(-1)?.lease
        turn =
          last === undefined || found.length < claim.limit
            ? FIRST
            : { account: last.accountId, webhook: last.webhookId }
        return found
      }),

      hold: (leases) =>
        sql<LeaseRow>`
          SELECT lease.account_id, lease.webhook_id, lease.delivery_id, lease.token, lease.tries
          FROM sms.webhook_deliveries lease
          JOIN unnest(
            ${int8s(leases.map((one) => one.accountId))}, ${int8s(leases.map((one) => one.webhookId))},
            ${int8s(leases.map((one) => one.id))}, ${texts(leases.map((one) => one.token))}
          ) AS claimed (account_id, webhook_id, delivery_id, token)
            ON lease.account_id = claimed.account_id AND lease.webhook_id = claimed.webhook_id
            AND lease.delivery_id = claimed.delivery_id AND lease.token = claimed.token::uuid
          WHERE lease.state = 'leased' ORDER BY lease.delivery_id FOR UPDATE OF lease
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(leaseOf))
        ),

      settle: (settled) =>
        sql`
          WITH settled AS (
            UPDATE sms.webhook_deliveries delivery
            SET state = came.state, due_at = came.due_at, token = NULL, tries = came.tries, attempts = attempts + 1
            FROM unnest(
              ${int8s(settled.map(({ lease }) => lease.accountId))},
              ${int8s(settled.map(({ lease }) => lease.webhookId))}, ${int8s(settled.map(({ lease }) => lease.id))},
              ${texts(settled.map(({ lease }) => lease.token))}, ${int8s(settled.map(({ lease }) => lease.attempt))},
              ${texts(settled.map(stateOf))},
              ${timestamps(settled.map(({ verdict }) => (verdict._tag === "Retry" ? verdict.at : null)))},
              ${timestamps(settled.map(({ attempt }) => attempt.at))},
              ${int8s(settled.map(({ attempt }) => attempt.status))},
              ${int8s(settled.map(({ attempt }) => attempt.durationMillis))},
              ${texts(settled.map(({ attempt }) => attempt.error))}, ${texts(settled.map(({ attempt }) => attempt.body))}
            ) AS came (
              account_id, webhook_id, delivery_id, token, tries, state, due_at, at, status, duration_ms, error, body
            )
            WHERE delivery.account_id = came.account_id AND delivery.webhook_id = came.webhook_id
              AND delivery.delivery_id = came.delivery_id AND delivery.token = came.token::uuid
              AND delivery.state = 'leased'
            RETURNING delivery.account_id, delivery.webhook_id, delivery.delivery_id, delivery.attempts, came.at,
              came.status, came.duration_ms, came.error, came.body
          )
          INSERT INTO sms.webhook_attempts (
            account_id, webhook_id, delivery_id, attempt, at, status, duration_ms, error, body
          )
          SELECT account_id, webhook_id, delivery_id, attempts, at, status, duration_ms, error, body FROM settled
        `.pipe(orDefect, Effect.asVoid),

      wakeDue: (now) =>
        sql`
          UPDATE sms.webhook_deliveries SET state = 'ready', due_at = NULL
          WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM sms.webhook_deliveries
            WHERE state = 'waiting' AND due_at <= ${timestamp(now)} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
          ))
          RETURNING delivery_id
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.length)
        ),

      takeOver: Effect.fnUntraced(function* (now) {
        const lost = yield* sql`
          UPDATE sms.webhook_deliveries SET state = 'ready', due_at = NULL, token = NULL
          WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM sms.webhook_deliveries
            WHERE state = 'leased' AND due_at < ${timestamp(now)} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
          ))
          RETURNING delivery_id
        `.pipe(orDefect)
        // What was put while its endpoint was being disabled or removed.
        const idle = yield* sql`
          WITH RECURSIVE turn AS (
            (SELECT account_id, webhook_id FROM sms.webhook_deliveries
             WHERE state = 'ready' ORDER BY account_id, webhook_id LIMIT 1)
            UNION ALL
            SELECT next.account_id, next.webhook_id FROM turn, LATERAL (
              SELECT account_id, webhook_id FROM sms.webhook_deliveries
              WHERE state = 'ready' AND (account_id, webhook_id) > (turn.account_id, turn.webhook_id)
              ORDER BY account_id, webhook_id LIMIT 1
            ) next
          ), idle AS MATERIALIZED (
            SELECT account_id, webhook_id FROM turn WHERE (
              SELECT enabled FROM sms.webhooks webhook
              WHERE webhook.account_id = turn.account_id AND webhook.webhook_id = turn.webhook_id) IS NOT TRUE
          )
          UPDATE sms.webhook_deliveries delivery SET state = 'failed'
          FROM idle WHERE delivery.account_id = idle.account_id AND delivery.webhook_id = idle.webhook_id
            AND delivery.state = 'ready'
          RETURNING delivery.delivery_id
        `.pipe(orDefect)
        return lost.length + idle.length
      }),

      end: ({ accountId: account, id }) =>
        sql`
          UPDATE sms.webhook_deliveries SET state = 'failed', due_at = NULL
          WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM sms.webhook_deliveries
            WHERE state = 'ready' AND account_id = ${account} AND webhook_id = ${id} FOR UPDATE
          ) || ARRAY(
            SELECT ctid FROM sms.webhook_deliveries
            WHERE state = 'waiting' AND account_id = ${account} AND webhook_id = ${id} FOR UPDATE
          ))
        `.pipe(orDefect, Effect.asVoid)
    })
  })
)

const leaseOf = (row: LeaseRow): DeliveryLease => ({
  accountId: accountId(row.account_id),
  webhookId: WebhookId.make(integer(row.webhook_id)),
  id: DeliveryId.make(integer(row.delivery_id)),
  token: row.token,
  attempt: row.tries + 1
})

const leasedOf = (row: ClaimRow): LeasedDelivery => ({
  lease: leaseOf(row),
  eventId: EventId.make(integer(row.event_id)),
  body: row.body,
  target: { url: row.url, secret: row.secret, oldSecret: oldSecretOf(row) }
})

const STATES = { Delivered: "succeeded", Retry: "waiting", Exhausted: "failed" } as const

const stateOf = ({ verdict }: SettledDelivery): string => STATES[verdict._tag]
