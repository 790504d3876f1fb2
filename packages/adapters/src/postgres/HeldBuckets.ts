/**
 * Token buckets that were read with the wallets that a transaction holds: they share a row, so nobody else changes them until
 * it ends. Each level of a transaction has its own, since the locks of a savepoint go with it.
 */
import type { AccountId, Bucket } from "@cliqtel/sms-core"
import { Effect, Option } from "effect"
import type { SqlClient } from "effect/sql"
import { accountId, instant, integer } from "./Rows.ts"

/**
 * The writes of wallets and of buckets that go together: whoever moves money saves the buckets that were asked for before it
 * in the same statement.
 */
export const MOVED = "moved"
export const SPENT = "spent"

export interface BucketRow {
  readonly account_id: bigint
  readonly per_second: number
  readonly bucket_level: bigint
  readonly bucket_at: Date
}

export const bucketsOf = (rows: ReadonlyArray<BucketRow>): ReadonlyMap<AccountId, Bucket> =>
  new Map(rows.map((row) => [accountId(row.account_id), bucketOf(row)]))

const bucketOf = (row: BucketRow): Bucket => ({
  perSecond: row.per_second,
  level: integer(row.bucket_level),
  at: instant(row.bucket_at)
})

interface Held {
  readonly buckets: ReadonlyMap<AccountId, Bucket>
  /** Of its connection when they were read. */
  readonly changes: number
}

const heldBy = new WeakMap<object, Held>()
/** How often buckets were changed over a connection: at any level, what was read before is over. */
const changesOf = new WeakMap<object, number>()

const level = (sql: SqlClient.SqlClient) =>
  Effect.map(Effect.serviceOption(sql.transactionService), Option.getOrUndefined)

export const keepBuckets = (sql: SqlClient.SqlClient, buckets: ReadonlyMap<AccountId, Bucket>): Effect.Effect<void> =>
  Effect.map(level(sql), (open) => {
    if (open !== undefined) heldBy.set(open, { buckets, changes: changesOf.get(open[0]) ?? 0 })
  })

/** Undefined where one of them is not held. */
export const heldBuckets = (
  sql: SqlClient.SqlClient,
  accounts: ReadonlyArray<AccountId>
): Effect.Effect<ReadonlyMap<AccountId, Bucket> | undefined> =>
  Effect.map(level(sql), (open) => {
    const held = open && heldBy.get(open)
    if (open === undefined || held?.changes !== (changesOf.get(open[0]) ?? 0)) return undefined
    const wanted = new Map<AccountId, Bucket>()
    for (const account of accounts) {
      const bucket = held.buckets.get(account)
      if (bucket === undefined) return undefined
      wanted.set(account, bucket)
    }
    return wanted
  })

export const dropBuckets = (sql: SqlClient.SqlClient): Effect.Effect<void> =>
  Effect.map(level(sql), (open) => {
    if (open === undefined) return
    changesOf.set(open[0], (changesOf.get(open[0]) ?? 0) + 1)
    // Left to the collector they stay far beyond their time (docs/performance.md).
    heldBy.delete(open)
  })
