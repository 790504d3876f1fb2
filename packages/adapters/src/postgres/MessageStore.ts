/** Messages, their timelines and the carriers' ids of their parts; everything in groups, one statement for each. */
import {
  type Change,
  type MessageKey,
  MessageId,
  MessageStore,
  normalRef,
  type TimelineEntry,
  type Message
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { bools, int4s, int8s, texts, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { countDays, countSince } from "./MessageCounts.ts"
import { entryOf, messageOf, type MessageRow, partsColumn, type TimelineRow, trackedOf } from "./MessageRow.ts"
import { messagePage } from "./MessagePage.ts"
import { accountId, instantOrNull, integer, timestamp } from "./Rows.ts"
import { readTogether, together } from "./Together.ts"

interface EntryOf {
  readonly message: Message
  readonly entry: TimelineEntry
}

export const layerMessageStore = Layer.effect(
  MessageStore,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const insertMessages = (messages: ReadonlyArray<Message>) =>
      sql`
        INSERT INTO sms.messages (
          account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding,
          carrier, price, currency, reason, timeline_entries, created_at, updated_at, sent_at, delivered_at
        )
        SELECT account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding,
          carrier, price, currency, reason, 1, created_at, updated_at, sent_at, delivered_at
        FROM unnest(
          ${int8s(messages.map((one) => one.accountId))}, ${int8s(messages.map((one) => one.id))},
          ${texts(messages.map((one) => one.direction))}, ${int8s(messages.map((one) => one.numberId))},
          ${texts(messages.map((one) => one.from))}, ${texts(messages.map((one) => one.to))},
          ${texts(messages.map((one) => one.body))}, ${texts(messages.map((one) => one.status))},
          ${int4s(messages.map((one) => one.segments))}, ${texts(messages.map((one) => one.encoding))},
          ${texts(messages.map((one) => one.carrier))}, ${int8s(messages.map((one) => one.price.micros))},
          ${texts(messages.map((one) => one.price.currency))}, ${texts(messages.map((one) => one.reason))},
          ${timestamps(messages.map((one) => one.createdAt))},
          ${timestamps(messages.map((one) => one.updatedAt))},
          ${timestamps(messages.map((one) => one.sentAt))},
          ${timestamps(messages.map((one) => one.deliveredAt))}
        ) AS message (
          account_id, message_id, direction, number_id, from_number, to_number, body, status, segments, encoding,
          carrier, price, currency, reason, created_at, updated_at, sent_at, delivered_at
        )
      `

    const insertEntries = (entries: ReadonlyArray<EntryOf>) =>
      sql`
        INSERT INTO sms.timeline
          (account_id, message_created_at, message_id, seq, status, at, source, detail, changed)
        SELECT * FROM unnest(
          ${int8s(entries.map(({ message }) => message.accountId))},
          ${timestamps(entries.map(({ message }) => message.createdAt))},
          ${int8s(entries.map(({ message }) => message.id))}, ${int4s(entries.map(({ entry }) => entry.seq))},
          ${texts(entries.map(({ entry }) => entry.status))}, ${timestamps(entries.map(({ entry }) => entry.at))},
          ${texts(entries.map(({ entry }) => entry.source))}, ${texts(entries.map(({ entry }) => entry.detail))},
          ${bools(entries.map(({ entry }) => entry.changed))}
        )
      `

    /**
     * Each is held already, found by its key and changed by its place, like what is claimed of the queue: a join by the key may be planned
     * as one that looks through all messages, while there are few.
     */
    const updateMessages = (changes: ReadonlyArray<Change>) => {
      const times = changes.map(({ after }) => after.message.createdAt)
      return sql`
        UPDATE sms.messages message SET
          status = changed.status, reason = changed.reason, parts = changed.parts::jsonb,
          timeline_entries = changed.entries, updated_at = changed.updated_at, sent_at = changed.sent_at,
          delivered_at = changed.delivered_at
        FROM unnest(
          ${int8s(changes.map(({ after }) => after.message.accountId))}, ${timestamps(times)},
          ${int8s(changes.map(({ after }) => after.message.id))},
          ${texts(changes.map(({ after }) => after.message.status))},
          ${texts(changes.map(({ after }) => after.message.reason))},
          ${texts(changes.map(({ after }) => partsColumn(after.parts)))},
          ${int4s(changes.map(({ after }) => after.entries))},
          ${timestamps(changes.map(({ after }) => after.message.updatedAt))},
          ${timestamps(changes.map(({ after }) => after.message.sentAt))},
          ${timestamps(changes.map(({ after }) => after.message.deliveredAt))}
        ) AS changed (account_id, created_at, message_id, status, reason, parts, entries, updated_at, sent_at, delivered_at),
        LATERAL (
          SELECT tableoid, ctid FROM sms.messages
          WHERE ${isOne("changed")} AND created_at ${within(times)}
          ORDER BY created_at, message_id LIMIT 1
        ) held
        WHERE message.ctid = held.ctid AND message.tableoid = held.tableoid AND message.created_at ${within(times)}
      `
    }

    /** Months outside of it are not opened at all. */
    const within = (times: ReadonlyArray<number>) =>
      sql`BETWEEN ${timestamp(Math.min(...times))} AND ${timestamp(Math.max(...times))}`

    /**
     * Looked for in an order that only the index has that is meant: while there are few, all indexes that the columns are in seem
     * as good, and by most of them it would be looked for among all of the account's.
     */
    const isOne = (wanted: string) =>
      sql.literal(
        `account_id = ${wanted}.account_id AND (created_at, message_id) >= (${wanted}.created_at, ${wanted}.message_id)
            AND (created_at, message_id) <= (${wanted}.created_at, ${wanted}.message_id)`
      )

    /** An id that its carrier has used before means the latest message. */
    const insertRefs = (refs: ReadonlyArray<{ readonly message: Message; readonly ref: string }>) =>
      sql`
        INSERT INTO sms.carrier_refs (carrier, ref, part_ref, account_id, message_id, message_created_at, created_at)
        SELECT DISTINCT ON (carrier, ref) * FROM unnest(
          ${texts(refs.map(({ message }) => message.carrier))}, ${texts(refs.map(({ ref }) => normalRef(ref)))},
          ${texts(refs.map(({ ref }) => ref))}, ${int8s(refs.map(({ message }) => message.accountId))},
          ${int8s(refs.map(({ message }) => message.id))},
          ${timestamps(refs.map(({ message }) => message.createdAt))},
          ${timestamps(refs.map(({ message }) => message.updatedAt))}
        ) AS made (carrier, ref, part_ref, account_id, message_id, message_created_at, created_at)
        ORDER BY carrier, ref, message_id DESC
        ON CONFLICT (carrier, ref) DO UPDATE SET part_ref = excluded.part_ref, account_id = excluded.account_id,
          message_id = excluded.message_id, message_created_at = excluded.message_created_at,
          created_at = excluded.created_at
      `

    // One by one, in the order in which they are named.
    const lockCreated = (keys: ReadonlyArray<MessageKey>, times: ReadonlyArray<number>) =>
      sql<MessageRow>`
        SELECT message.* FROM unnest(
          ${int8s(keys.map((key) => key.accountId))}, ${timestamps(times)}, ${int8s(keys.map((key) => key.id))}
        ) AS wanted (account_id, created_at, message_id), LATERAL (
          SELECT * FROM sms.messages
          WHERE ${isOne("wanted")} AND created_at ${within(times)}
          ORDER BY created_at, message_id LIMIT 1 FOR UPDATE
        ) message
      `.pipe(orDefect)

    const lockAnywhere = (keys: ReadonlyArray<MessageKey>) =>
      sql<MessageRow>`
        SELECT message.* FROM unnest(
          ${int8s(keys.map((key) => key.accountId))}, ${int8s(keys.map((key) => key.id))}
        ) AS wanted (account_id, message_id), LATERAL (
          SELECT * FROM sms.messages
          WHERE account_id = wanted.account_id AND message_id >= wanted.message_id AND message_id <= wanted.message_id
          ORDER BY message_id LIMIT 1 FOR UPDATE
        ) message
      `.pipe(orDefect)

    return MessageStore.of({
      // In one row, since each row of what is read together has the columns of all of it.
      nextIds: (count) =>
        readTogether<{ readonly ids: ReadonlyArray<bigint> | null }>(sql, "made", {
          columns: ["ids"],
          rows: sql`SELECT array_agg(nextval('sms.message_ids')) AS ids FROM generate_series(1, ${count})`
        }).pipe(Effect.map(([row]) => (row?.ids ?? []).map((id) => MessageId.make(integer(id))))),

      insert: (stored) =>
        together(
          sql,
          "stored",
          sql`
            stored AS (${insertMessages(stored.map(({ message }) => message))}), begun AS (${insertEntries(stored)})
          `
        ),

      lock: Effect.fnUntraced(function* (keys) {
        // In id order, or two hosts could wait for each other; with the month of each where it is known.
        const ordered = keys.toSorted((a, b) => a.id - b.id)
        const times = ordered.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt]))
        const rows = yield* times.length === keys.length ? lockCreated(ordered, times) : lockAnywhere(ordered)
        return rows.map(trackedOf)
      }),

      save: (changes) => {
        const entries = changes.flatMap(({ after, entries: made }) =>
          made.map((entry) => ({ message: after.message, entry }))
        )
        const refs = changes.flatMap(({ after, before }) =>
          after.parts.slice(before.parts.length).map(({ ref }) => ({ message: after.message, ref }))
        )
        const written = sql`saved AS (${updateMessages(changes)}), noted AS (${insertEntries(entries)})`
        return together(sql, "saved", refs.length === 0 ? written : sql`${written}, referred AS (${insertRefs(refs)})`)
      },

      matchRefs: (carrier, refs) =>
        sql<{
          readonly ref: string
          readonly part_ref: string
          readonly account_id: bigint
          readonly message_id: bigint
          readonly message_created_at: Date | null
        }>`
          SELECT ref, part_ref, account_id, message_id, message_created_at FROM sms.carrier_refs
          WHERE carrier = ${carrier} AND ref = ANY(${texts(refs)})
        `.pipe(
          orDefect,
          Effect.map((rows) =>
            rows.map((row) => ({
              asked: row.ref,
              ref: row.part_ref,
              accountId: accountId(row.account_id),
              id: MessageId.make(integer(row.message_id)),
              createdAt: instantOrNull(row.message_created_at) ?? undefined
            }))
          )
        ),

      history: (key: MessageKey) =>
        sql<MessageRow & TimelineRow>`
          SELECT message.*, entry.seq, entry.entry_status, entry.at, entry.source, entry.detail, entry.changed
          FROM sms.messages message JOIN LATERAL (
            SELECT seq, status AS entry_status, at, source, detail, changed FROM sms.timeline
            WHERE account_id = message.account_id AND message_created_at = message.created_at
              AND message_id = message.message_id
          ) entry ON true
          WHERE message.account_id = ${key.accountId} AND message.message_id = ${key.id} ORDER BY entry.seq
        `.pipe(
          orDefect,
          Effect.map((rows) =>
            rows[0] === undefined ? undefined : { message: messageOf(rows[0]), timeline: rows.map(entryOf) }
          )
        ),

      page: (account, query) =>
        messagePage(sql, account, query).pipe(
          orDefect,
          Effect.map((rows) => rows.map(messageOf))
        ),

      countSince: (account, moments, number) => countSince(sql, account, moments, number).pipe(orDefect),

      countDays: (account, since, number) => countDays(sql, account, since, number).pipe(orDefect)
    })
  })
)
