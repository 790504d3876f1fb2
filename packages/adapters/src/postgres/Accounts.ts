/** Accounts and the keys that speak for them. An account's rate and threshold are in its wallet's row. */
import {
  type Account,
  type AccountMode,
  AccountNotFound,
  Accounts,
  type ApiKey,
  Currency,
  fullBucket,
  KeyId,
  KeyNotFound,
  Micros,
  type Scope
} from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { makeAccessLookup } from "./AccessLookup.ts"
import { texts } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, instant, instantOrNull, integer, timestamp } from "./Rows.ts"

interface AccountRow {
  readonly account_id: bigint
  readonly name: string
  readonly mode: AccountMode
  readonly live_account_id: bigint | null
  readonly created_at: Date
  readonly currency: string
  readonly per_second: number
  readonly low_balance: bigint | null
}

interface KeyRow {
  readonly account_id: bigint
  readonly key_id: bigint
  readonly name: string
  readonly hint: string
  readonly scopes: ReadonlyArray<Scope>
  readonly created_at: Date
  readonly last_used_at: Date | null
}

const MINUTE_MILLIS = 60_000

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
            INSERT INTO sms.wallets (account_id, currency, balance, low_balance, per_second, bucket_level, bucket_at)
            VALUES (${row.account_id}, ${account.currency}, 0, ${account.lowBalance}, ${bucket.perSecond},
              ${bucket.level}, ${timestamp(now)})
          `
              return { id: accountId(row.account_id), fresh: true }
            })
          )
        ),

      get: (id) =>
        sql<AccountRow>`
          SELECT account.account_id, account.name, account.mode, account.live_account_id, account.created_at,
            wallet.currency, wallet.per_second, wallet.low_balance
          FROM sms.accounts account JOIN sms.wallets wallet USING (account_id) WHERE account.account_id = ${id}
        `.pipe(
          orDefect,
          Effect.map(([row]) => row && accountOf(row))
        ),

      change: Effect.fnUntraced(function* (id, { lowBalance, name }) {
        const [row] = yield* sql<{ readonly account_id: bigint }>`
          WITH renamed AS (
            UPDATE sms.accounts SET name = ${name ?? null} WHERE account_id = ${id} AND ${name !== undefined}
          ), limited AS (
            UPDATE sms.wallets SET low_balance = ${lowBalance ?? null}
            WHERE account_id = ${id} AND ${lowBalance !== undefined}
          )
          SELECT account_id FROM sms.accounts WHERE account_id = ${id}
        `.pipe(orDefect)
        if (row === undefined) return yield* new AccountNotFound({ id })
      }),

      addKey: Effect.fnUntraced(function* (key) {
        const now = yield* Clock.currentTimeMillis
        const [added] = yield* sql<KeyRow>`
          INSERT INTO sms.api_keys (account_id, hash, name, hint, scopes, created_at)
          VALUES (${key.accountId}, ${key.hash}, ${key.name}, ${key.hint}, ${texts(key.scopes)}, ${timestamp(now)})
          ON CONFLICT (hash) DO NOTHING
          RETURNING account_id, key_id, name, hint, scopes, created_at, last_used_at
        `.pipe(orDefect)
        if (added !== undefined) return keyOf(added)
        const [known] = yield* sql<KeyRow>`
          SELECT account_id, key_id, name, hint, scopes, created_at, last_used_at
          FROM sms.api_keys WHERE hash = ${key.hash}
        `.pipe(orDefect)
        return known === undefined ? yield* Effect.die(new Error("a key was neither added nor found")) : keyOf(known)
      }),

      access: makeAccessLookup(sql),

      keys: (account) =>
        sql<KeyRow>`
          SELECT account_id, key_id, name, hint, scopes, created_at, last_used_at
          FROM sms.api_keys WHERE account_id = ${account} AND revoked_at IS NULL ORDER BY key_id
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(keyOf))
        ),

      revoke: Effect.fnUntraced(function* (account, id) {
        const now = yield* Clock.currentTimeMillis
        const [row] = yield* sql<{ readonly hash: Uint8Array }>`
          UPDATE sms.api_keys SET revoked_at = ${timestamp(now)}
          WHERE account_id = ${account} AND key_id = ${id} AND revoked_at IS NULL RETURNING hash
        `.pipe(orDefect)
        return row === undefined ? yield* new KeyNotFound({ id }) : row.hash
      }),

      restore: (hash) =>
        sql`
          UPDATE sms.api_keys SET revoked_at = NULL WHERE hash = ${hash} AND revoked_at IS NOT NULL
        `.pipe(orDefect, Effect.asVoid),

      touch: (account, id, at) =>
        sql`
          UPDATE sms.api_keys SET last_used_at = ${timestamp(at)}
          WHERE account_id = ${account} AND key_id = ${id} AND revoked_at IS NULL
            AND (last_used_at IS NULL OR last_used_at <= ${timestamp(at - MINUTE_MILLIS)})
        `.pipe(orDefect, Effect.asVoid)
    })
  })
)

const accountOf = (row: AccountRow): Account => ({
  id: accountId(row.account_id),
  name: row.name,
  mode: row.mode,
  currency: Currency.make(row.currency),
  perSecond: row.per_second,
  lowBalance: row.low_balance === null ? null : Micros.make(row.low_balance),
  liveAccountId: row.live_account_id === null ? null : accountId(row.live_account_id),
  createdAt: instant(row.created_at)
})

const keyOf = (row: KeyRow): ApiKey => ({
  id: KeyId.make(integer(row.key_id)),
  accountId: accountId(row.account_id),
  name: row.name,
  hint: row.hint,
  scopes: row.scopes,
  createdAt: instant(row.created_at),
  lastUsedAt: instantOrNull(row.last_used_at)
})
