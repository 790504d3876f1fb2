/** Phone numbers and opt-outs. */
import {
  type CountryCode,
  NumberId,
  NumberRegistry,
  type NumberStatus,
  NumberTaken,
  type NumberType,
  OptOuts,
  type OwnedNumber,
  type SmsState
} from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int8s, texts } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, amount, e164, instantOrNull, integer, timestamp, timestampOrNull } from "./Rows.ts"

interface NumberRow {
  readonly account_id: bigint
  readonly number_id: bigint
  readonly number: string
  readonly country: string
  readonly type: NumberType
  readonly status: NumberStatus
  readonly carrier: string
  readonly currency: string
  readonly monthly_price: bigint
  readonly sms_state: SmsState
  readonly sms_monthly_price: bigint
  readonly sms_paid_until: Date | null
  readonly profile_assigned: boolean
  readonly last_inbound_at: Date | null
}

export const layerNumberRegistry = Layer.effect(
  NumberRegistry,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return NumberRegistry.of({
      find: (keys) =>
        sql<NumberRow>`
          SELECT number.* FROM sms.numbers number
          JOIN unnest(${int8s(keys.map((key) => key.accountId))}, ${int8s(keys.map((key) => key.id))})
            AS wanted (account_id, number_id) USING (account_id, number_id)
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(numberOf))
        ),

      list: (account) =>
        sql<NumberRow>`SELECT * FROM sms.numbers WHERE account_id = ${account} ORDER BY number_id`.pipe(
          orDefect,
          Effect.map((rows) => rows.map(numberOf))
        ),

      add: Effect.fnUntraced(function* (number) {
        const now = yield* Clock.currentTimeMillis
        const [row] = yield* sql<NumberRow>`
          INSERT INTO sms.numbers (
            account_id, number, country, type, status, carrier, currency, monthly_price, sms_state, sms_monthly_price,
            sms_paid_until, profile_assigned, created_at
          ) VALUES (
            ${number.accountId}, ${number.number}, ${number.country}, ${number.type}, ${number.status},
            ${number.carrier}, ${number.monthlyPrice.currency}, ${number.monthlyPrice.micros}, ${number.sms.state},
            ${number.sms.monthlyPrice.micros}, ${timestampOrNull(number.sms.paidUntil)}, ${number.profileAssigned},
            ${timestamp(now)}
          ) ON CONFLICT (number) DO NOTHING RETURNING *
        `.pipe(orDefect)
        return row === undefined ? yield* new NumberTaken({ number: number.number }) : numberOf(row)
      })
    })
  })
)

const numberOf = (row: NumberRow): OwnedNumber => ({
  id: NumberId.make(integer(row.number_id)),
  accountId: accountId(row.account_id),
  number: e164(row.number),
  // It was one when it was stored.
  country: row.country as CountryCode,
  type: row.type,
  status: row.status,
  carrier: row.carrier,
  monthlyPrice: amount(row.monthly_price, row.currency),
  sms: {
    state: row.sms_state,
    monthlyPrice: amount(row.sms_monthly_price, row.currency),
    paidUntil: instantOrNull(row.sms_paid_until)
  },
  profileAssigned: row.profile_assigned,
  lastInboundAt: instantOrNull(row.last_inbound_at)
})

interface OptOutRow {
  readonly account_id: bigint
  readonly number_id: bigint
  readonly person: string
}

export const layerOptOuts = Layer.effect(
  OptOuts,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    return OptOuts.of({
      find: (conversations) =>
        sql<OptOutRow>`
          SELECT DISTINCT opted.account_id, opted.number_id, opted.person FROM sms.opt_outs opted
          JOIN unnest(
            ${int8s(conversations.map((one) => one.accountId))}, ${int8s(conversations.map((one) => one.numberId))},
            ${texts(conversations.map((one) => one.person))}
          ) AS asked (account_id, number_id, person) USING (account_id, number_id, person)
        `.pipe(
          orDefect,
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
          WHERE account_id = ${account} AND number_id = ${numberId} AND person = ${person}
        `.pipe(orDefect, Effect.asVoid)
    })
  })
)
