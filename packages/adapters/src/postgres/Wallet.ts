/** Wallets and ledger: lines are inserted, balances move with them in the same statement. What holds a wallet reads its bucket. */
import {
  type AccountId,
  Currency,
  EntryId,
  type EntryKind,
  type LedgerEntry,
  Micros,
  Wallet,
  WalletHeld,
  type WalletState
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { int8s, texts, timestamps } from "./Columns.ts"
import { isLockTimeout, orDefect } from "./Failures.ts"
import { type BucketRow, bucketsOf, keepBuckets, MOVED, SPENT } from "./HeldBuckets.ts"
import { unawaited } from "./PipelinedClient.ts"
import { accountId, amount, instant, integer } from "./Rows.ts"
import { togetherWith } from "./Together.ts"

interface WalletRow {
  readonly account_id: bigint
  readonly currency: string
  readonly balance: bigint
  readonly low_balance: bigint | null
}

interface HeldRow extends WalletRow, BucketRow {}

interface EntryRow {
  readonly account_id: bigint
  readonly entry_id: bigint
  readonly kind: EntryKind
  readonly amount: bigint
  readonly balance_after: bigint
  readonly currency: string
  readonly reference: string
  readonly created_at: Date
}

export const layerWallet = Layer.effect(
  Wallet,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    /**
     * By itself, before what is asked for in the same moment: a statement sees what was so when it began, not when it got
     * its locks.
     */
    const hold = (accounts: ReadonlyArray<AccountId>, waiting: Statement.Fragment, condition = sql``) =>
      sql<HeldRow>`
        SELECT account_id, currency, balance, low_balance, per_second, bucket_level, bucket_at FROM sms.wallets
        WHERE account_id = ANY(${int8s(accounts)}) ${condition} ORDER BY account_id FOR UPDATE ${waiting}
      `

    const held = <E>(rows: Effect.Effect<ReadonlyArray<HeldRow>, E>) =>
      rows.pipe(
        Effect.tap((rows) => keepBuckets(sql, bucketsOf(rows))),
        Effect.map(statesOf)
      )

    /** The buckets are in the same rows: what is saved with it is written with it. */
    const move = (isSpent: boolean) => {
      const totals = sql`(SELECT account_id, sum(amount) AS amount FROM booked GROUP BY account_id) total`
      return isSpent
        ? sql`
          UPDATE sms.wallets wallet SET balance = wallet.balance + coalesce(total.amount, 0),
            per_second = coalesce(bucket.per_second, wallet.per_second),
            bucket_level = coalesce(bucket.level, wallet.bucket_level),
            bucket_at = coalesce(bucket.at, wallet.bucket_at)
          FROM ${totals} FULL JOIN ${sql.literal(SPENT)} bucket ON bucket.account_id = total.account_id
          WHERE wallet.account_id = coalesce(bucket.account_id, total.account_id)
        `
        : sql`
          UPDATE sms.wallets wallet SET balance = wallet.balance + total.amount
          FROM ${totals} WHERE wallet.account_id = total.account_id
        `
    }

    return Wallet.of({
      lock: (accounts) => held(orDefect(hold(accounts, sql``))),

      // Set before the first row is looked at, and set back: the transaction may have a patience of its own. By itself a
      // statement has forgotten both when it ends.
      lockSoon: (accounts, patienceMillis) =>
        hold(
          accounts,
          sql``,
          sql`AND (
            SELECT set_config('sms.lock_timeout', current_setting('lock_timeout'), true)
              || set_config('lock_timeout', ${`${patienceMillis}ms`}, true)
          ) IS NOT NULL`
        ).pipe(
          Effect.tap(() =>
            unawaited(
              sql,
              sql`SELECT set_config(
                'lock_timeout',
                coalesce(nullif(current_setting('sms.lock_timeout', true), ''), current_setting('lock_timeout')),
                true
              )`
            )
          ),
          Effect.catch((error) => (isLockTimeout(error) ? new WalletHeld() : orDefect(Effect.fail(error)))),
          held
        ),

      lockFree: (accounts) => held(orDefect(hold(accounts, sql`SKIP LOCKED`))),

      // Lines that are there already are left out before the running balance is computed, so that it stays a chain. One
      // without a wallet in its currency has no balance to move, which the table refuses.
      post: (lines) =>
        togetherWith(
          sql,
          MOVED,
          (isWith) => sql`
          lines AS (
            SELECT * FROM unnest(
              ${int8s(lines.map((line) => line.accountId))}, ${texts(lines.map((line) => line.kind))},
              ${int8s(lines.map((line) => line.amount.micros))}, ${texts(lines.map((line) => line.amount.currency))},
              ${texts(lines.map((line) => line.reference))}, ${timestamps(lines.map((line) => line.at))}
            ) WITH ORDINALITY AS line (account_id, kind, amount, currency, reference, created_at, position)
          ), fresh AS (
            SELECT line.*, sum(amount) OVER (PARTITION BY account_id ORDER BY position) AS running
            FROM (SELECT DISTINCT ON (account_id, kind, reference) * FROM lines
                  ORDER BY account_id, kind, reference, position) line
            -- Looked up one by one: a plan from when the ledger was short would otherwise read all of it.
            WHERE (
              SELECT true FROM sms.ledger_entries entry
              WHERE entry.account_id = line.account_id AND entry.kind = line.kind AND entry.reference = line.reference
              LIMIT 1
            ) IS NULL
          ), booked AS (
            INSERT INTO sms.ledger_entries
              (account_id, kind, amount, balance_after, currency, reference, created_at)
            SELECT fresh.account_id, kind, amount, wallet.balance + running, fresh.currency, reference, created_at
            FROM fresh LEFT JOIN sms.wallets wallet ON wallet.account_id = fresh.account_id AND wallet.currency = fresh.currency
            ORDER BY position
            RETURNING account_id, amount
          ), moved AS (${move(isWith(SPENT))})
        `
        ),

      balance: (account) =>
        sql<Pick<WalletRow, "balance" | "currency">>`
          SELECT balance, currency FROM sms.wallets WHERE account_id = ${account}
        `.pipe(
          orDefect,
          Effect.map(([row]) => (row === undefined ? undefined : amount(row.balance, row.currency)))
        ),

      entries: (account, { before, limit }) =>
        sql<EntryRow>`
          SELECT account_id, entry_id, kind, amount, balance_after, currency, reference, created_at
          FROM sms.ledger_entries
          WHERE account_id = ${account} AND entry_id < ${before ?? Number.MAX_SAFE_INTEGER}
          ORDER BY entry_id DESC LIMIT ${limit}
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(entryOf))
        ),

      booked: (account, kind, reference) =>
        sql<EntryRow>`
          SELECT account_id, entry_id, kind, amount, balance_after, currency, reference, created_at
          FROM sms.ledger_entries
          WHERE account_id = ${account} AND kind = ${kind} AND reference = ${reference}
        `.pipe(
          orDefect,
          Effect.map(([row]) => row && entryOf(row))
        )
    })
  })
)

const statesOf = (rows: ReadonlyArray<WalletRow>) =>
  new Map(rows.map((row) => [accountId(row.account_id), stateOf(row)]))

const stateOf = (row: WalletRow): WalletState => ({
  balance: Micros.make(row.balance),
  currency: Currency.make(row.currency),
  lowBalance: row.low_balance === null ? null : Micros.make(row.low_balance)
})

const entryOf = (row: EntryRow): LedgerEntry => ({
  id: EntryId.make(integer(row.entry_id)),
  accountId: accountId(row.account_id),
  kind: row.kind,
  amount: amount(row.amount, row.currency),
  balanceAfter: amount(row.balance_after, row.currency),
  reference: row.reference,
  at: instant(row.created_at)
})
