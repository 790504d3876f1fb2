/** What is kept of inbound messages besides the messages: events that were seen, parts that wait, dead letters. */
import {
  type ConcatPlace,
  type DeadReason,
  type Encoding,
  type GroupKey,
  type HeldGroup,
  inboundText,
  InboundStore,
  NumberId,
  type Piece,
  type ReferenceBits
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int4s, int8s, texts, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, e164, instant, integer, timestamp } from "./Rows.ts"

interface GroupRow {
  readonly account_id: bigint
  readonly number_id: bigint
  readonly person: string
  readonly bits: ReferenceBits
  readonly ref: number
  readonly total: number
  readonly carrier: string
  readonly since: Date
  readonly pieces: string
  readonly before: string
}

export const layerInboundStore = Layer.effect(
  InboundStore,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const columns = sql.literal("account_id, number_id, person, bits, ref, total, carrier, since, pieces, before")

    const keyColumns = (keys: ReadonlyArray<GroupKey>) => sql`
      unnest(
        ${int8s(keys.map((one) => one.accountId))}, ${int8s(keys.map((one) => one.numberId))},
        ${texts(keys.map((one) => one.person))}, ${int4s(keys.map((one) => one.bits))},
        ${int4s(keys.map((one) => one.ref))}, ${int4s(keys.map((one) => one.total))}
      ) AS wanted (account_id, number_id, person, bits, ref, total)
    `

    return InboundStore.of({
      // In the order of the key, or two hosts could wait for each other.
      note: (parts, at) =>
        sql<{ readonly carrier: string; readonly event_id: string }>`
          INSERT INTO sms.inbound_events (carrier, event_id, received_at)
          SELECT DISTINCT carrier, event_id, ${timestamp(at)}::timestamptz
          FROM unnest(${texts(parts.map((one) => one.carrier))}, ${texts(parts.map((one) => one.eventId))})
            AS part (carrier, event_id)
          ORDER BY carrier, event_id
          ON CONFLICT (carrier, event_id) DO NOTHING RETURNING carrier, event_id
        `.pipe(
          orDefect,
          Effect.map((rows) => {
            const fresh = new Set(rows.map((row) => `${row.carrier} ${row.event_id}`))
            return parts.filter(({ carrier, eventId }) => fresh.delete(`${carrier} ${eventId}`))
          })
        ),

      groups: (keys) =>
        sql<GroupRow>`
          SELECT ${columns} FROM sms.inbound_groups
          JOIN ${keyColumns(keys)} USING (account_id, number_id, person, bits, ref, total)
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(groupOf))
        ),

      hold: (groups) =>
        sql`
          INSERT INTO sms.inbound_groups (${columns})
          SELECT * FROM unnest(
            ${int8s(groups.map((one) => one.accountId))}, ${int8s(groups.map((one) => one.numberId))},
            ${texts(groups.map((one) => one.person))}, ${int4s(groups.map((one) => one.bits))},
            ${int4s(groups.map((one) => one.ref))}, ${int4s(groups.map((one) => one.total))},
            ${texts(groups.map((one) => one.carrier))}, ${timestamps(groups.map((one) => one.since))},
            ${texts(groups.map((one) => piecesColumn(one.pieces)))},
            ${texts(groups.map((one) => piecesColumn(one.before)))}
          )
          ON CONFLICT (account_id, number_id, person, bits, ref, total) DO UPDATE SET carrier = excluded.carrier,
            since = excluded.since, pieces = excluded.pieces, before = excluded.before
        `.pipe(orDefect, Effect.asVoid),

      overdue: (before, limit) =>
        sql<GroupRow>`
          SELECT ${columns} FROM sms.inbound_groups WHERE since <= ${timestamp(before)} ORDER BY since LIMIT ${limit}
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(groupOf))
        ),

      release: (keys) =>
        sql`
          DELETE FROM sms.inbound_groups held USING ${keyColumns(keys)}
          WHERE held.account_id = wanted.account_id AND held.number_id = wanted.number_id
            AND held.person = wanted.person AND held.bits = wanted.bits AND held.ref = wanted.ref
            AND held.total = wanted.total
        `.pipe(orDefect, Effect.asVoid),

      bury: (letters, at) =>
        sql`
          INSERT INTO sms.inbound_dead_letters
            (reason, carrier, event_id, sender, recipient, body, encoding, place, received_at)
          SELECT reason, carrier, event_id, sender, recipient, body, encoding, place, ${timestamp(at)}::timestamptz
          FROM unnest(
            ${texts(letters.map(({ reason }) => reason))}, ${texts(letters.map(({ part }) => part.carrier))},
            ${texts(letters.map(({ part }) => part.eventId))}, ${texts(letters.map(({ part }) => part.from))},
            ${texts(letters.map(({ part }) => part.to))}, ${texts(letters.map(({ part }) => inboundText(part.body)))},
            ${texts(letters.map(({ part }) => part.encoding))}, ${texts(letters.map(({ part }) => placeOf(part.concat)))}
          ) AS letter (reason, carrier, event_id, sender, recipient, body, encoding, place)
        `.pipe(orDefect, Effect.asVoid),

      dead: sql<{ readonly reason: DeadReason; readonly count: bigint }>`
        SELECT reason, count(*) AS count FROM sms.inbound_dead_letters GROUP BY reason
      `.pipe(
        orDefect,
        Effect.map((rows) => new Map(rows.map((row) => [row.reason, integer(row.count)])))
      )
    })
  })
)

const groupOf = (row: GroupRow): HeldGroup => ({
  accountId: accountId(row.account_id),
  numberId: NumberId.make(integer(row.number_id)),
  person: e164(row.person),
  bits: row.bits,
  ref: row.ref,
  total: row.total,
  carrier: row.carrier,
  since: instant(row.since),
  pieces: piecesOf(row.pieces),
  before: piecesOf(row.before)
})

/** JSON writes half of a surrogate pair as an escape, so it is text that a database can hold. */
const piecesColumn = (pieces: ReadonlyArray<Piece>): string =>
  JSON.stringify(pieces.map(({ body, encoding, index }) => [index, body, encoding]))

const piecesOf = (column: string): ReadonlyArray<Piece> => {
  // As `piecesColumn` wrote it.
  const pieces = JSON.parse(column) as ReadonlyArray<readonly [index: number, body: string, encoding: Encoding]>
  return pieces.map(([index, body, encoding]) => ({ index, body, encoding }))
}

const placeOf = (place: ConcatPlace | null): string | null =>
  place === null ? null : `${place.bits} ${place.ref} ${place.total} ${place.index}`
