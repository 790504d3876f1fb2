/** Makes partitions ahead of time and removes what no longer matters; safe on every host at once. */
import { IDLE_MILLIS, KEPT_MILLIS } from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { layerCountKeeping } from "./MessageCounts.ts"
import { ensurePartitions } from "./Partitions.ts"
import { timestamp } from "./Rows.ts"

const INTERVAL_MILLIS = 10 * 60 * 1000

/** Receipts that were applied are kept this long, so that a carrier's late repeat is known as one. */
const RECEIPTS_MILLIS = 7 * 24 * 60 * 60 * 1000

/** Inbound parts that were seen are known this long, for when they are brought again. */
const INBOUND_MILLIS = 7 * 24 * 60 * 60 * 1000

/** Inbound parts that are nobody's are kept this long for an operator. */
const DEAD_MILLIS = 30 * 24 * 60 * 60 * 1000

/** Carriers report for three days; after this long nobody asks for their ids any more. */
const REFS_MILLIS = 30 * 24 * 60 * 60 * 1000

/** What webhooks were told, and how it went, is kept this long. */
const WEBHOOKS_MILLIS = 30 * 24 * 60 * 60 * 1000

/** Events go after their deliveries, so that none is claimed without its body. */
const GRACE_MILLIS = 24 * 60 * 60 * 1000

/** Rows of one statement: short transactions hold up nobody. */
const BATCH = 5000

export const keepHouse = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const now = yield* Clock.currentTimeMillis
  yield* whileMany(sql`
    DELETE FROM sms.idempotency_keys WHERE created_at < ${timestamp(now - KEPT_MILLIS)} AND ctid = ANY(ARRAY(
      SELECT ctid FROM sms.idempotency_keys WHERE created_at < ${timestamp(now - KEPT_MILLIS)} LIMIT ${BATCH}))
    RETURNING 1
  `)
  yield* whileMany(sql`
    DELETE FROM sms.receipts WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.receipts
      WHERE due_at IS NULL AND received_at < ${timestamp(now - RECEIPTS_MILLIS)} LIMIT ${BATCH}))
    RETURNING 1
  `)
  yield* whileMany(sql`
    DELETE FROM sms.carrier_refs WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.carrier_refs WHERE created_at < ${timestamp(now - REFS_MILLIS)} LIMIT ${BATCH}))
    RETURNING 1
  `)
  yield* whileMany(sql`
    DELETE FROM sms.inbound_events WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.inbound_events WHERE received_at < ${timestamp(now - INBOUND_MILLIS)} LIMIT ${BATCH}))
    RETURNING 1
  `)
  yield* whileMany(sql`
    DELETE FROM sms.inbound_dead_letters WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.inbound_dead_letters WHERE received_at < ${timestamp(now - DEAD_MILLIS)} LIMIT ${BATCH}))
    RETURNING 1
  `)
  // One that is used goes on until it is a day old, and is idle from then on.
  yield* whileMany(sql`
    DELETE FROM sms.portal_sessions WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.portal_sessions WHERE used_at < ${timestamp(now - IDLE_MILLIS)} LIMIT ${BATCH}))
    RETURNING session_id
  `)
  yield* whileMany(sql`
    WITH gone AS (
      DELETE FROM sms.webhook_deliveries WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM sms.webhook_deliveries WHERE created_at < ${timestamp(now - WEBHOOKS_MILLIS)} LIMIT ${BATCH}))
      RETURNING account_id, webhook_id, delivery_id
    ), attempts AS (
      DELETE FROM sms.webhook_attempts attempt USING gone
      WHERE attempt.account_id = gone.account_id AND attempt.webhook_id = gone.webhook_id
        AND attempt.delivery_id = gone.delivery_id
    )
    SELECT delivery_id FROM gone
  `)
  yield* whileMany(sql`
    DELETE FROM sms.webhook_events WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.webhook_events event
      WHERE created_at < ${timestamp(now - WEBHOOKS_MILLIS - GRACE_MILLIS)} LIMIT ${BATCH}))
    RETURNING event_id
  `)
  yield* ensurePartitions
})

/** One statement after the other, as long as they find as much as they may. */
const whileMany = <E>(statement: Effect.Effect<ReadonlyArray<unknown>, E>) =>
  Effect.repeat(statement, { while: (rows) => rows.length >= BATCH })

const layerKeepHouse = Layer.effectDiscard(
  keepHouse.pipe(
    Effect.catchCause((cause) => Effect.logWarning("Housekeeping failed, trying again later", cause)),
    Effect.andThen(Effect.sleep(INTERVAL_MILLIS)),
    Effect.forever,
    Effect.forkScoped
  )
)

export const layerHousekeeping = Layer.merge(layerKeepHouse, layerCountKeeping)
