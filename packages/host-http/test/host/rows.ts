/** What is in the database, by SQL of its own: nothing of the host is asked, so nothing of it can hide a change. */
import { PgClient } from "@effect/sql-pg"
import { Effect, ManagedRuntime, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { assert } from "vitest"

interface Table {
  readonly name: string
  readonly has_account: boolean
}

export interface Row {
  readonly table_name: string
  readonly row: string
}

/** What of the rows is not as it was, a line for each. */
export const changes = (before: ReadonlyArray<Row>, after: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const lines = (rows: ReadonlyArray<Row>) => new Set(rows.map(({ row, table_name }) => `${table_name} ${row}`))
  const [was, is] = [lines(before), lines(after)]
  return [
    ...[...was].filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...[...is].filter((line) => !was.has(line)).map((line) => `+ ${line}`)
  ]
}

export class Rows implements AsyncDisposable {
  readonly #runtime: ManagedRuntime.ManagedRuntime<SqlClient.SqlClient, unknown>
  #tables: ReadonlyArray<Table> = []

  get tables(): ReadonlyArray<string> {
    return this.#tables.map(({ name }) => name)
  }

  private constructor(databaseUrl: string) {
    this.#runtime = ManagedRuntime.make(PgClient.layer({ url: Redacted.make(databaseUrl), maxConnections: 1 }))
  }

  static async open(databaseUrl: string): Promise<Rows> {
    const rows = new Rows(databaseUrl)
    // Counts are summed up at any time; they follow from the messages, which are looked at.
    rows.#tables = await rows.query<Table>(`
      SELECT relname AS name, EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'account_id' AND NOT attisdropped
      ) AS has_account
      FROM pg_class class
      WHERE relnamespace = 'sms'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname NOT LIKE 'message_count%' ORDER BY relname
    `)
    return rows
  }

  query<A>(statement: string): Promise<ReadonlyArray<A>> {
    return this.#runtime.runPromise(
      // Each caller knows the columns of its statement.
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement) as unknown as Effect.Effect<ReadonlyArray<A>>)
    )
  }

  /** Everything. That a key was used is noted at any time, so it is left out here as below. */
  all(): Promise<ReadonlyArray<Row>> {
    return this.#dump(() => "")
  }

  /** All that has the id of another account than this one. */
  exceptOf(account: number): Promise<ReadonlyArray<Row>> {
    return this.#dump((table) => (table.has_account ? `WHERE account_id <> ${account}` : "WHERE false"))
  }

  /** All that has this account's id, in every table that has the column. */
  of(account: number): Promise<ReadonlyArray<Row>> {
    return this.#dump((table) => (table.has_account ? `WHERE account_id = ${account}` : "WHERE false"))
  }

  #dump(where: (table: Table) => string): Promise<ReadonlyArray<Row>> {
    return this.query<Row>(
      this.#tables
        .map((table) => {
          const columns = table.name === "api_keys" ? "to_jsonb(row) - 'last_used_at'" : "to_jsonb(row)"
          return `SELECT '${table.name}' AS table_name, (${columns})::text AS row FROM sms.${table.name} row ${where(table)}`
        })
        .join(" UNION ALL ") + " ORDER BY 1, 2"
    )
  }

  /** Until nothing is left that will change by itself. */
  async quiet(): Promise<void> {
    const deadline = Date.now() + 20_000
    for (;;) {
      const open = await this.query(`
        SELECT message_id FROM sms.dispatches
        UNION ALL SELECT message_id FROM sms.messages WHERE status IN ('queued', 'sending', 'sent')
        UNION ALL SELECT receipt_id FROM sms.receipts WHERE due_at IS NOT NULL
        UNION ALL SELECT order_id FROM sms.orders WHERE confirmed_at IS NULL
        UNION ALL SELECT top_up_id FROM sms.top_ups WHERE due_at IS NOT NULL UNION ALL SELECT delivery_id FROM sms.webhook_deliveries WHERE state IN ('ready', 'leased', 'waiting') LIMIT 1
      `)
      if (open.length === 0) return
      assert.isBelow(Date.now(), deadline, "messages are left under way")
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Ids that a table of an account has, ascending. */
  async ids(table: string, column: string, account: number): Promise<ReadonlyArray<number>> {
    const found = await this.query<{ readonly id: bigint }>(
      `SELECT ${column} AS id FROM sms.${table} WHERE account_id = ${account} ORDER BY 1`
    )
    return found.map(({ id }) => Number(id))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#runtime.dispose()
  }
}
