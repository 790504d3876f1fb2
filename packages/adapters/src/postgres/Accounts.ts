/** Accounts and the keys that speak for them. */
import { type AccountMode, Accounts, fullBucket } from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { texts } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, integer, timestamp } from "./Rows.ts"

interface AccessRow {
  readonly account_id: bigint
  readonly key_id: bigint
  readonly mode: AccountMode
  readonly scopes: ReadonlyArray<string>
}

export const layerAccounts = Layer.effect(
  Accounts,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return Accounts.of({
      open: (account) =>
        orDefect(
          sql.withTransaction(
            Effect.gen(function* () {
              const now = yield* Clock.currentTimeMillis
              const [row] = yield* sql<{ readonly account_id: bigint }>`
            INSERT INTO sms.accounts (name, mode, handle, live_account_id, created_at)
            VALUES (${account.name}, ${account.mode}, ${account.handle ?? null}, ${account.liveAccountId ?? null},
              ${timestamp(now)})
            ON CONFLICT (handle) DO NOTHING RETURNING account_id
          `
              if (row === undefined) {
                const [known] = yield* sql<{ readonly account_id: bigint }>`
              SELECT account_id FROM sms.accounts WHERE handle = ${account.handle ?? null}
            `
                if (known === undefined) return yield* Effect.die(new Error("an account was neither opened nor found"))
                return { id: accountId(known.account_id), fresh: false }
              }
              const bucket = fullBucket(account.perSecond, now)
              yield* sql`
            INSERT INTO sms.wallets (account_id, currency, balance, per_second, bucket_level, bucket_at)
            VALUES (${row.account_id}, ${account.currency}, 0, ${bucket.perSecond}, ${bucket.level}, ${timestamp(now)})
          `
              return { id: accountId(row.account_id), fresh: true }
            })
          )
        ),

      addKey: (key) =>
        Clock.currentTimeMillis.pipe(
          Effect.flatMap(
            (now) =>
              sql`
              INSERT INTO sms.api_keys (account_id, hash, name, scopes, created_at)
              VALUES (${key.accountId}, ${key.hash}, ${key.name}, ${texts(key.scopes)}, ${timestamp(now)})
              ON CONFLICT (hash) DO NOTHING
            `
          ),
          orDefect,
          Effect.asVoid
        ),

      access: (hash) =>
        sql<AccessRow>`
          SELECT key.account_id, key.key_id, account.mode, key.scopes
          FROM sms.api_keys key JOIN sms.accounts account USING (account_id)
          WHERE key.hash = ${hash} AND key.revoked_at IS NULL
        `.pipe(
          orDefect,
          Effect.map(([row]) =>
            row === undefined
              ? undefined
              : {
                  accountId: accountId(row.account_id),
                  keyId: integer(row.key_id),
                  mode: row.mode,
                  scopes: row.scopes
                }
          )
        )
    })
  })
)
