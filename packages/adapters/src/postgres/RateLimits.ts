/** Token buckets live in the wallet's row: within a unit of work that holds the wallet, locking them waits for nobody. */
import { type Bucket, RateLimits } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int4s, int8s, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, instant, integer } from "./Rows.ts"

interface BucketRow {
  readonly account_id: bigint
  readonly per_second: number
  readonly bucket_level: bigint
  readonly bucket_at: Date
}

export const layerRateLimits = Layer.effect(
  RateLimits,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return RateLimits.of({
      lock: (accounts) =>
        sql<BucketRow>`
          SELECT account_id, per_second, bucket_level, bucket_at FROM sms.wallets
          WHERE account_id = ANY(${int8s(accounts)}) ORDER BY account_id FOR UPDATE
        `.pipe(
          orDefect,
          Effect.map((rows) => new Map(rows.map((row) => [accountId(row.account_id), bucketOf(row)])))
        ),

      save: (buckets) => {
        const rows = [...buckets]
        return sql`
          UPDATE sms.wallets wallet
          SET per_second = bucket.per_second, bucket_level = bucket.level, bucket_at = bucket.at
          FROM unnest(
            ${int8s(rows.map(([account]) => account))}, ${int4s(rows.map(([, bucket]) => bucket.perSecond))},
            ${int8s(rows.map(([, bucket]) => bucket.level))}, ${timestamps(rows.map(([, bucket]) => bucket.at))}
          ) AS bucket (account_id, per_second, level, at)
          WHERE wallet.account_id = bucket.account_id
        `.pipe(orDefect, Effect.asVoid)
      }
    })
  })
)

const bucketOf = (row: BucketRow): Bucket => ({
  perSecond: row.per_second,
  level: integer(row.bucket_level),
  at: instant(row.bucket_at)
})
