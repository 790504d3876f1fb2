/** Token buckets live in the wallet's row: a unit of work that holds the wallet has them already. */
import { type AccountId, RateLimits } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int4s, int8s, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { type BucketRow, bucketsOf, dropBuckets, heldBuckets, MOVED, SPENT } from "./HeldBuckets.ts"
import { togetherWith } from "./Together.ts"

export const layerRateLimits = Layer.effect(
  RateLimits,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const load = (accounts: ReadonlyArray<AccountId>) =>
      sql<BucketRow>`
        SELECT account_id, per_second, bucket_level, bucket_at FROM sms.wallets
        WHERE account_id = ANY(${int8s(accounts)}) ORDER BY account_id FOR UPDATE
      `.pipe(orDefect, Effect.map(bucketsOf))

    return RateLimits.of({
      lock: (accounts) =>
        heldBuckets(sql, accounts).pipe(
          Effect.filterOrElse(
            (held) => held !== undefined,
            () => load(accounts)
          )
        ),

      save: (buckets) => {
        const rows = [...buckets]
        const bucket = sql`
          unnest(
            ${int8s(rows.map(([account]) => account))}, ${int4s(rows.map(([, bucket]) => bucket.perSecond))},
            ${int8s(rows.map(([, bucket]) => bucket.level))}, ${timestamps(rows.map(([, bucket]) => bucket.at))}
          ) AS bucket (account_id, per_second, level, at)
        `
        return togetherWith(sql, SPENT, (isWith) =>
          isWith(MOVED)
            ? sql`${sql.literal(SPENT)} AS (SELECT * FROM ${bucket})`
            : sql`
              ${sql.literal(SPENT)} AS (
                UPDATE sms.wallets wallet
                SET per_second = bucket.per_second, bucket_level = bucket.level, bucket_at = bucket.at
                FROM ${bucket} WHERE wallet.account_id = bucket.account_id
              )
            `
        ).pipe(Effect.andThen(dropBuckets(sql)))
      }
    })
  })
)
