/**
 * Phone numbers and the leases of their renewals. A claim waits for nobody, so that hosts share what is due between them;
 * whoever locks numbers has locked their wallets before.
 */
import { NumberId, NumberNotFound, NumberRegistry, NumberTaken } from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { bools, int8s, texts, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { NUMBER_COLUMNS, numberOf, type NumberRow } from "./NumberRow.ts"
import { accountId, e164, integer, timestamp, timestampOrNull } from "./Rows.ts"
import { readTogether } from "./Together.ts"

interface LeaseRow {
  readonly account_id: bigint
  readonly number_id: bigint
  readonly renewal_token: string
}

export const layerNumberRegistry = Layer.effect(
  NumberRegistry,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const columns = sql.literal(NUMBER_COLUMNS.join(", "))

    return NumberRegistry.of({
      find: (keys) =>
        readTogether<NumberRow>(sql, "numbers", {
          columns: NUMBER_COLUMNS,
          rows: sql`
            SELECT ${columns} FROM sms.numbers
            JOIN unnest(${int8s(keys.map((key) => key.accountId))}, ${int8s(keys.map((key) => key.id))})
              AS wanted (account_id, number_id) USING (account_id, number_id)
          `
        }).pipe(Effect.map((rows) => rows.map(numberOf))),

      list: (account) =>
        sql<NumberRow>`SELECT ${columns} FROM sms.numbers WHERE account_id = ${account} ORDER BY number_id`.pipe(
          orDefect,
          Effect.map((rows) => rows.map(numberOf))
        ),

      add: Effect.fnUntraced(function* (number) {
        const now = yield* Clock.currentTimeMillis
        const { sms } = number
        const [row] = yield* sql<NumberRow>`
          INSERT INTO sms.numbers (
            account_id, number, country, type, status, inactive_since, carrier, currency, monthly_price, sms_state,
            sms_monthly_price, sms_anchor, sms_paid_until, sms_past_due_since, sms_due_at, profile_assigned, created_at
          ) VALUES (
            ${number.accountId}, ${number.number}, ${number.country}, ${number.type}, ${number.status},
            ${timestampOrNull(number.inactiveSince)}, ${number.carrier}, ${number.monthlyPrice.currency},
            ${number.monthlyPrice.micros}, ${sms.state}, ${sms.monthlyPrice.micros}, ${timestampOrNull(sms.anchor)},
            ${timestampOrNull(sms.paidUntil)}, ${timestampOrNull(sms.pastDueSince)}, ${timestampOrNull(sms.dueAt)},
            ${number.profileAssigned}, ${timestamp(now)}
          ) ON CONFLICT (number) DO NOTHING RETURNING ${columns}
        `.pipe(orDefect)
        return row === undefined ? yield* new NumberTaken({ number: number.number }) : numberOf(row)
      }),

      ownerOf: (id) =>
        sql<{ readonly account_id: bigint }>`SELECT account_id FROM sms.numbers WHERE number_id = ${id}`.pipe(
          orDefect,
          Effect.map(([row]) => row && accountId(row.account_id))
        ),

      owned: (numbers) =>
        sql<{ readonly number: string }>`SELECT number FROM sms.numbers WHERE number = ANY(${texts(numbers)})`.pipe(
          orDefect,
          Effect.map((rows) => new Set(rows.map((row) => e164(row.number))))
        ),

      byNumbers: (numbers) =>
        sql<NumberRow>`SELECT ${columns} FROM sms.numbers WHERE number = ANY(${texts(numbers)})`.pipe(
          orDefect,
          Effect.map((rows) => rows.map(numberOf))
        ),

      lock: (keys) =>
        sql<NumberRow>`
          SELECT ${columns} FROM sms.numbers number
          JOIN unnest(${int8s(keys.map((key) => key.accountId))}, ${int8s(keys.map((key) => key.id))})
            AS wanted (account_id, number_id) USING (account_id, number_id)
          ORDER BY number_id FOR UPDATE OF number
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(numberOf))
        ),

      save: (numbers) =>
        sql`
          UPDATE sms.numbers number SET
            status = saved.status, inactive_since = saved.inactive_since, profile_assigned = saved.profile_assigned,
            sms_state = saved.sms_state, sms_monthly_price = saved.sms_monthly_price, sms_anchor = saved.sms_anchor,
            sms_paid_until = saved.sms_paid_until, sms_past_due_since = saved.sms_past_due_since,
            sms_due_at = saved.sms_due_at, renewal_token = NULL, renewal_until = NULL
          FROM unnest(
            ${int8s(numbers.map((one) => one.accountId))}, ${int8s(numbers.map((one) => one.id))},
            ${texts(numbers.map((one) => one.status))}, ${timestamps(numbers.map((one) => one.inactiveSince))},
            ${bools(numbers.map((one) => one.profileAssigned))}, ${texts(numbers.map(({ sms }) => sms.state))},
            ${int8s(numbers.map(({ sms }) => sms.monthlyPrice.micros))},
            ${timestamps(numbers.map(({ sms }) => sms.anchor))}, ${timestamps(numbers.map(({ sms }) => sms.paidUntil))},
            ${timestamps(numbers.map(({ sms }) => sms.pastDueSince))},
            ${timestamps(numbers.map(({ sms }) => sms.dueAt))}
          ) AS saved (
            account_id, number_id, status, inactive_since, profile_assigned, sms_state, sms_monthly_price, sms_anchor,
            sms_paid_until, sms_past_due_since, sms_due_at
          )
          WHERE number.account_id = saved.account_id AND number.number_id = saved.number_id
        `.pipe(orDefect, Effect.asVoid),

      noteInbound: (keys, at) =>
        sql`
          UPDATE sms.numbers number SET last_inbound_at = greatest(number.last_inbound_at, ${timestamp(at)})
          FROM (
            SELECT account_id, number_id FROM sms.numbers held
            JOIN unnest(${int8s(keys.map((key) => key.accountId))}, ${int8s(keys.map((key) => key.id))})
              AS noted (account_id, number_id) USING (account_id, number_id)
            ORDER BY number_id FOR UPDATE OF held
          ) noted
          WHERE number.account_id = noted.account_id AND number.number_id = noted.number_id
        `.pipe(orDefect, Effect.asVoid),

      setHelpText: Effect.fnUntraced(function* (key, text) {
        const [row] = yield* sql<NumberRow>`
          UPDATE sms.numbers SET help_text = ${text} WHERE account_id = ${key.accountId} AND number_id = ${key.id}
          RETURNING ${columns}
        `.pipe(orDefect)
        return row === undefined ? yield* new NumberNotFound({ numberId: key.id }) : numberOf(row)
      }),

      // By their places, like what is claimed of the queue.
      claimRenewals: (now, until, limit) =>
        sql<LeaseRow>`
          WITH leased AS (
            UPDATE sms.numbers SET renewal_token = gen_random_uuid(), renewal_until = ${timestamp(until)}
            WHERE ctid = ANY(ARRAY(
              SELECT ctid FROM sms.numbers
              WHERE sms_due_at <= ${timestamp(now)} AND status = 'active'
                AND (renewal_until IS NULL OR renewal_until <= ${timestamp(now)})
              ORDER BY sms_due_at, number_id LIMIT ${limit} FOR UPDATE SKIP LOCKED
            ))
            RETURNING account_id, number_id, renewal_token, sms_due_at
          )
          SELECT account_id, number_id, renewal_token FROM leased ORDER BY sms_due_at, number_id
        `.pipe(
          orDefect,
          Effect.map((rows) =>
            rows.map((row) => ({
              accountId: accountId(row.account_id),
              id: NumberId.make(integer(row.number_id)),
              token: row.renewal_token
            }))
          )
        ),

      holdRenewals: (leases) =>
        sql<NumberRow>`
          SELECT ${columns} FROM sms.numbers number
          JOIN unnest(
            ${int8s(leases.map((one) => one.accountId))}, ${int8s(leases.map((one) => one.id))},
            ${texts(leases.map((one) => one.token))}
          ) AS leased (account_id, number_id, token) USING (account_id, number_id)
          WHERE number.renewal_token = leased.token::uuid ORDER BY number_id FOR UPDATE OF number
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(numberOf))
        ),

      hastenRenewals: (account, now) =>
        sql<{ readonly number_id: bigint }>`
          UPDATE sms.numbers SET sms_due_at = ${timestamp(now)}
          WHERE account_id = ${account} AND sms_state IN ('past_due', 'suspended') AND status = 'active'
          RETURNING number_id
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.length)
        )
    })
  })
)
