/** No query without an index that serves it: what PostgreSQL reads for each page out of many rows. */
import { AccountId, type E164, type MessageQuery, NumberId } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { messagePage } from "../../src/postgres/MessagePage.ts"
import { freshPostgres } from "./freshPostgres.ts"

const ROWS = 60_000

const fill = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO sms.messages (
      account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding, carrier,
      price, currency, timeline_entries, created_at, updated_at
    )
    SELECT 1 + n % 3, n, CASE WHEN n % 50 = 0 THEN 'inbound' ELSE 'outbound' END, 1 + n % 7,
      '+3120' || n % 7, '+3161' || n % 1000, 'hi', CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'delivered' END, 1, 'GSM-7',
      'sandbox', 8000, 'EUR', 1, now() - n * interval '1 minute', now()
    FROM generate_series(1, ${ROWS}) AS n
  `
  yield* sql`ANALYZE`
})

/** Rows that were looked at, in tables and in between. */
const rowsRead = (statement: { readonly compile: () => readonly [string, ReadonlyArray<unknown>] }) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const [text, parameters] = statement.compile()
    const [row] = yield* sql.unsafe<{ readonly "QUERY PLAN": ReadonlyArray<{ readonly Plan: Plan }> }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      parameters
    )
    return flatten(row?.["QUERY PLAN"][0]?.Plan).reduce(
      (sum, node) => sum + node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)),
      0
    )
  })

interface Plan {
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Plan>
}

const flatten = (plan: Plan | undefined): ReadonlyArray<Plan> =>
  plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(flatten)]

const account = AccountId.make(1)
const newest: MessageQuery = { limit: 50 }
const queries: Record<string, MessageQuery> = {
  "the newest page": newest,
  "one number": { ...newest, numberId: NumberId.make(3) },
  failed: { ...newest, status: "failed" },
  "to one person": { ...newest, to: "+3161500" as E164 },
  "from one number": { ...newest, from: "+31203" as E164 },
  inbound: { ...newest, direction: "inbound" }
}

layer(freshPostgres, { timeout: 60_000, excludeTestServices: true })("plans", (it) => {
  it.effect("every filtered page reads about as many rows as it shows", () =>
    Effect.gen(function* () {
      yield* fill
      const sql = yield* SqlClient.SqlClient
      const deep = Date.now() - (ROWS - 10_000) * 60_000
      for (const [name, query] of Object.entries(queries)) {
        for (const page of [query, { ...query, after: { createdAt: deep, id: 1 as never } }]) {
          assert.isBelow(yield* rowsRead(messagePage(sql, account, page)), 1000, name)
        }
      }
    })
  )
})
