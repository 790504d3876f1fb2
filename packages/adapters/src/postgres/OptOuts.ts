/** Opt-outs: who does not want to hear from which number. */
import { NumberId, type OptOut, OptOuts } from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int8s, texts } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, e164, instant, integer, timestamp } from "./Rows.ts"
import { readTogether } from "./Together.ts"

interface OptOutRow {
  readonly account_id: bigint
  readonly number_id: bigint
  readonly person: string
}

interface ListedRow extends OptOutRow {
  readonly created_at: Date
}

export const layerOptOuts = Layer.effect(
  OptOuts,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return OptOuts.of({
      find: (conversations) =>
        readTogether<OptOutRow>(sql, "opted_out", {
          columns: ["account_id", "number_id", "person"],
          rows: sql`
            SELECT DISTINCT opted.account_id, opted.number_id, opted.person FROM sms.opt_outs opted
            JOIN unnest(
              ${int8s(conversations.map((one) => one.accountId))}, ${int8s(conversations.map((one) => one.numberId))},
              ${texts(conversations.map((one) => one.person))}
            ) AS asked (account_id, number_id, person) USING (account_id, number_id, person)
          `
        }).pipe(
          Effect.map((rows) =>
            rows.map((row) => ({
              accountId: accountId(row.account_id),
              numberId: NumberId.make(integer(row.number_id)),
              person: e164(row.person)
            }))
          )
        ),

      optOut: ({ accountId: account, numberId, person }) =>
        Clock.currentTimeMillis.pipe(
          Effect.flatMap(
            (now) =>
              sql`
              INSERT INTO sms.opt_outs (account_id, number_id, person, created_at)
              VALUES (${account}, ${numberId}, ${person}, ${timestamp(now)}) ON CONFLICT DO NOTHING
            `
          ),
          orDefect,
          Effect.asVoid
        ),

      optIn: ({ accountId: account, numberId, person }) =>
        sql`
          DELETE FROM sms.opt_outs
          WHERE account_id = ${account} AND number_id = ${numberId} AND person = ${person} RETURNING account_id
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.length > 0)
        ),

      list: (account, { after, limit, numberId }) =>
        sql<ListedRow>`
          SELECT account_id, number_id, person, created_at FROM sms.opt_outs
          WHERE account_id = ${account}
            ${numberId === undefined ? sql`` : sql`AND number_id = ${numberId}`}
            ${
              after === undefined
                ? sql``
                : sql`AND (created_at, number_id, person) < (${timestamp(after.createdAt)}, ${after.numberId}, ${after.person})`
            }
          ORDER BY created_at DESC, number_id DESC, person DESC LIMIT ${limit}
        `.pipe(
          orDefect,
          Effect.map((rows) =>
            rows.map((row): OptOut => ({
              accountId: accountId(row.account_id),
              numberId: NumberId.make(integer(row.number_id)),
              person: e164(row.person),
              createdAt: instant(row.created_at)
            }))
          )
        )
    })
  })
)
