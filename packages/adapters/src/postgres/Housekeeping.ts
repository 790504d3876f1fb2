/** Makes partitions ahead of time and removes what no longer matters; safe on every host at once. */
import { KEPT_MILLIS } from "@cliqtel/sms-core"
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

/** Rows of one statement: short transactions hold up nobody. */
const BATCH = 5000

export const keepHouse = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const now = yield* Clock.currentTimeMillis
  yield* sql`
    DELETE FROM sms.idempotency_keys WHERE created_at < ${timestamp(now - KEPT_MILLIS)} AND ctid = ANY(ARRAY(
      SELECT ctid FROM sms.idempotency_keys WHERE created_at < ${timestamp(now - KEPT_MILLIS)} LIMIT ${BATCH}))
  `
  yield* sql`
    DELETE FROM sms.receipts WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.receipts
      WHERE due_at IS NULL AND received_at < ${timestamp(now - RECEIPTS_MILLIS)} LIMIT ${BATCH}))
  `
  yield* sql`
    DELETE FROM sms.carrier_refs WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.carrier_refs WHERE created_at < ${timestamp(now - REFS_MILLIS)} LIMIT ${BATCH}))
  `
  yield* sql`
    DELETE FROM sms.inbound_events WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.inbound_events WHERE received_at < ${timestamp(now - INBOUND_MILLIS)} LIMIT ${BATCH}))
  `
  yield* sql`
    DELETE FROM sms.inbound_dead_letters WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM sms.inbound_dead_letters WHERE received_at < ${timestamp(now - DEAD_MILLIS)} LIMIT ${BATCH}))
  `
  yield* ensurePartitions
})

const layerKeepHouse = Layer.effectDiscard(
  keepHouse.pipe(
    Effect.catchCause((cause) => Effect.logWarning("Housekeeping failed, trying again later", cause)),
    Effect.andThen(Effect.sleep(INTERVAL_MILLIS)),
    Effect.forever,
    Effect.forkScoped
  )
)

export const layerHousekeeping = Layer.merge(layerKeepHouse, layerCountKeeping)
