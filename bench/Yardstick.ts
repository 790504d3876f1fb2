/**
 * What PostgreSQL does without any of this: one statement per message (debit, ledger line and message in one CTE) over
 * 32 raw connections, on one wallet or spread over many. No HTTP, no rules, no queue.
 */
import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Layer, Redacted, Scope, Exit } from "effect"
import { SqlClient } from "effect/sql"

const CONNECTIONS = 32

const TABLES = `
  CREATE SCHEMA IF NOT EXISTS yard;
  CREATE TABLE IF NOT EXISTS yard.wallets (account_id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0)) WITH (fillfactor = 50);
  CREATE TABLE IF NOT EXISTS yard.lines (line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL,
    amount bigint NOT NULL, balance_after bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS yard.messages (message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL,
    recipient text NOT NULL, body text NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS messages_by_account ON yard.messages (account_id, created_at, message_id);
  INSERT INTO yard.wallets SELECT n, 1000000000000000 FROM generate_series(1, 100) n ON CONFLICT DO NOTHING
`

/** Messages per second. */
export const yardstick = async (
  url: string,
  wallets: number,
  millis: number,
  connections = CONNECTIONS
): Promise<number> => {
  const scope = Scope.makeUnsafe()
  const client = await Effect.runPromise(
    Effect.provideService(
      Layer.build(PgClient.layer({ url: Redacted.make(url), maxConnections: connections })),
      Scope.Scope,
      scope
    )
  )
  const sql = Context.get(client, SqlClient.SqlClient)
  for (const statement of TABLES.split(";")) await Effect.runPromise(sql.unsafe(statement))
  let sent = 0
  const one = (account: number) => sql`
    WITH debit AS (
      UPDATE yard.wallets SET balance = balance - 8000 WHERE account_id = ${account} AND balance >= 8000
      RETURNING account_id, balance
    ), line AS (
      INSERT INTO yard.lines (account_id, amount, balance_after) SELECT account_id, -8000, balance FROM debit
    )
    INSERT INTO yard.messages (account_id, recipient, body, status)
    SELECT account_id, '+31612345678', 'Your order #1234 has shipped!', 'queued' FROM debit
  `
  const started = performance.now()
  const end = started + millis
  const worker = async () => {
    while (performance.now() < end) {
      await Effect.runPromise(one((sent++ % wallets) + 1))
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const seconds = (performance.now() - started) / 1000
  await Effect.runPromise(Scope.close(scope, Exit.void))
  return sent / seconds
}
