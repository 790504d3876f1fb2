/**
 * The queue. A claim visits the accounts that have something ready in turn, by a loose scan of the index of ready rows,
 * and takes a share of each: one account's backlog costs another's first message one more visit, not a wait.
 *
 * What was picked and locked is changed by its place (ctid): nobody moves it meanwhile, and by its key the planner, which
 * does not know how few rows were picked, would look through the whole queue for them.
 */
import { DispatchQueue, type Lease, MessageId } from "@cliqtel/sms-core"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int8s, texts, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { accountId, instantOrNull, integer, timestamp } from "./Rows.ts"
import { unawaited } from "./PipelinedClient.ts"
import { together } from "./Together.ts"

interface LeaseRow {
  readonly account_id: bigint
  readonly message_id: bigint
  readonly carrier: string
  readonly token: string
  readonly attempt: number
  readonly message_created_at: Date | null
}

/** Leases that the adapter itself takes over while it looks what to do with them. */
const HELD_MILLIS = 60_000

export const layerDispatchQueue = Layer.effect(
  DispatchQueue,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    /** The account that the last claim of each carrier ended with: the next one goes on after it. */
    const turns = new Map<string, number>()

    const claimAfter = (account: number, carrier: string, limit: number, until: Date) =>
      sql<LeaseRow & { readonly visited: number }>`
        WITH RECURSIVE turn AS (
          (SELECT account_id, 1 AS visit FROM sms.dispatches
           WHERE state = 'ready' AND carrier = ${carrier} AND account_id > ${account}
             AND NOT EXISTS (SELECT FROM sms.paused_carriers WHERE carrier = ${carrier})
           ORDER BY account_id LIMIT 1)
          UNION ALL
          SELECT (SELECT account_id FROM sms.dispatches
                  WHERE state = 'ready' AND carrier = ${carrier} AND account_id > turn.account_id
                  ORDER BY account_id LIMIT 1), visit + 1
          FROM turn WHERE turn.account_id IS NOT NULL AND visit < ${limit}
        ), visited AS MATERIALIZED (
          SELECT account_id FROM turn WHERE account_id IS NOT NULL
        ), taken AS MATERIALIZED (
          SELECT ready.place FROM visited, LATERAL (
            SELECT ctid AS place FROM sms.dispatches
            WHERE state = 'ready' AND carrier = ${carrier} AND account_id = visited.account_id
            ORDER BY message_id
            LIMIT (SELECT greatest(1, ${limit} / greatest(1, count(*)::int)) FROM visited)
            FOR UPDATE SKIP LOCKED
          ) ready
        )
        UPDATE sms.dispatches
        SET state = 'leased', token = gen_random_uuid(), attempt = attempt + 1, due_at = ${until}
        WHERE ctid = ANY(ARRAY(SELECT place FROM taken))
        RETURNING account_id, message_id, message_created_at, carrier, token, attempt,
          (SELECT count(*)::int FROM visited) AS visited
      `.pipe(
        orDefect,
        Effect.map((rows) => ({ found: rows.map(leaseOf), isAll: tookAll(rows, limit) }))
      )

    /**
     * Rows of a state whose time has come, under a new token: whoever held them is fenced off. The state is written into
     * the statement, since a plan that is kept for any state cannot use the index of those that are not ready.
     */
    const seize = (state: "leased" | "parked", now: number, limit: number) =>
      sql<LeaseRow>`
        UPDATE sms.dispatches
        SET state = 'leased', token = gen_random_uuid(), due_at = ${timestamp(now + HELD_MILLIS)}
        WHERE ctid = ANY(ARRAY(
          SELECT ctid FROM sms.dispatches
          WHERE state = ${sql.literal(`'${state}'`)} AND due_at < ${timestamp(now)}
          ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ))
        RETURNING account_id, message_id, message_created_at, carrier, token, attempt
      `.pipe(
        orDefect,
        Effect.map((rows) => rows.map(leaseOf))
      )

    return DispatchQueue.of({
      enqueue: (waiting) =>
        together(
          sql,
          "queued",
          sql`
          queued AS (
          INSERT INTO sms.dispatches (account_id, message_id, message_created_at, carrier, state, number_id, attempt)
          SELECT account_id, message_id, created_at, carrier,
            CASE WHEN held_for IS NULL THEN 'ready' ELSE 'held' END, held_for, 0
          FROM unnest(
            ${int8s(waiting.map((one) => one.accountId))}, ${int8s(waiting.map((one) => one.id))},
            ${timestamps(waiting.map((one) => one.createdAt ?? null))},
            ${texts(waiting.map((one) => one.carrier))}, ${int8s(waiting.map((one) => one.heldFor))}
          ) AS waiting (account_id, message_id, created_at, carrier, held_for)
          )
        `
        ),

      claim: Effect.fnUntraced(function* (carrier, limit, until) {
        const leases: Array<Lease> = []
        let after = turns.get(carrier) ?? 0
        // Until the claim is full, or a whole round from the first account on has found nothing more.
        while (leases.length < limit) {
          const { found, isAll } = yield* claimAfter(after, carrier, limit - leases.length, timestamp(until))
          leases.push(...found)
          if (isAll && after === 0) break
          after = isAll ? 0 : found.reduce((last, lease) => Math.max(last, lease.accountId), 0)
        }
        turns.set(carrier, leases.length < limit ? 0 : after)
        return leases
      }),

      // One by one, in id order, or two hosts could wait for each other; by their keys alone, whatever else is leased.
      hold: (leases) => {
        const ordered = leases.toSorted((a, b) => a.messageId - b.messageId)
        return sql<LeaseRow>`
          SELECT lease.account_id, lease.message_id, lease.message_created_at, lease.carrier, lease.token, lease.attempt
          FROM unnest(
            ${int8s(ordered.map((one) => one.accountId))}, ${int8s(ordered.map((one) => one.messageId))},
            ${texts(ordered.map((one) => one.token))}
          ) AS claimed (account_id, message_id, token), LATERAL (
            SELECT * FROM sms.dispatches
            WHERE account_id = claimed.account_id AND message_id = claimed.message_id AND token = claimed.token::uuid
            LIMIT 1 FOR UPDATE
          ) lease
          WHERE lease.state = 'leased'
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.map(leaseOf))
        )
      },

      settle: Effect.fnUntraced(function* (verdicts) {
        const done = verdicts.filter(({ verdict }) => verdict._tag === "Done")
        const kept = verdicts.flatMap(({ lease, verdict }) =>
          verdict._tag === "Done"
            ? []
            : [
                {
                  lease,
                  state: verdict._tag === "Retry" ? "waiting" : "parked",
                  due: verdict._tag === "Retry" ? verdict.at : verdict.until
                }
              ]
        )
        if (done.length > 0) {
          yield* unawaited(
            sql,
            sql`
            DELETE FROM sms.dispatches queued
            USING unnest(
              ${int8s(done.map(({ lease }) => lease.accountId))}, ${int8s(done.map(({ lease }) => lease.messageId))},
              ${texts(done.map(({ lease }) => lease.token))}
            ) AS done (account_id, message_id, token)
            WHERE queued.account_id = done.account_id AND queued.message_id = done.message_id
              AND queued.token = done.token::uuid
          `
          ).pipe(orDefect)
        }
        if (kept.length > 0) {
          yield* unawaited(
            sql,
            sql`
            UPDATE sms.dispatches queued SET state = kept.state, due_at = kept.due_at, token = NULL
            FROM unnest(
              ${int8s(kept.map(({ lease }) => lease.accountId))}, ${int8s(kept.map(({ lease }) => lease.messageId))},
              ${texts(kept.map(({ lease }) => lease.token))}, ${texts(kept.map(({ state }) => state))},
              ${timestamps(kept.map(({ due }) => due))}
            ) AS kept (account_id, message_id, token, state, due_at)
            WHERE queued.account_id = kept.account_id AND queued.message_id = kept.message_id
              AND queued.token = kept.token::uuid
          `
          ).pipe(orDefect)
        }
      }),

      takeOver: (now, limit) => seize("leased", now, limit),

      overdue: (now, limit) => seize("parked", now, limit),

      resolve: (keys) =>
        together(
          sql,
          "resolved",
          sql`
            resolved AS (
              DELETE FROM sms.dispatches queued
              USING unnest(${int8s(keys.map((key) => key.accountId))}, ${int8s(keys.map((key) => key.id))})
                AS told (account_id, message_id)
              WHERE queued.account_id = told.account_id AND queued.message_id = told.message_id
                AND queued.state <> 'leased'
            )
          `
        ),

      wakeDue: (now) =>
        sql<{ readonly message_id: bigint }>`
          UPDATE sms.dispatches SET state = 'ready', due_at = NULL
          WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM sms.dispatches
            WHERE state = 'waiting' AND due_at <= ${timestamp(now)} FOR UPDATE SKIP LOCKED
          ))
          RETURNING message_id
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.length)
        ),

      release: ({ accountId: account, id }) =>
        sql`
          UPDATE sms.dispatches SET state = 'ready', number_id = NULL
          WHERE account_id = ${account} AND number_id = ${id} AND state = 'held'
        `.pipe(orDefect, Effect.asVoid),

      lead: (carrier, host, millis) =>
        sql<{ readonly host: string }>`
          INSERT INTO sms.claim_leads AS lead (carrier, host, until)
          SELECT ${carrier}, ${host}, clock_timestamp() + ${millis}::int * interval '1 millisecond'
          -- Whoever follows only looks: the row's lock would hold up whoever leads.
          WHERE NOT EXISTS (
            SELECT FROM sms.claim_leads
            WHERE carrier = ${carrier} AND host <> ${host} AND until > clock_timestamp()
          )
          ON CONFLICT (carrier) DO UPDATE SET host = excluded.host, until = excluded.until
          WHERE lead.host = excluded.host OR lead.until <= clock_timestamp()
          RETURNING host
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.length > 0)
        ),

      yieldLead: (carrier, host) =>
        sql`DELETE FROM sms.claim_leads WHERE carrier = ${carrier} AND host = ${host}`.pipe(orDefect, Effect.asVoid),

      pause: (carrier) =>
        Clock.currentTimeMillis.pipe(
          Effect.flatMap(
            (now) => sql`
              INSERT INTO sms.paused_carriers (carrier, paused_at) VALUES (${carrier}, ${timestamp(now)})
              ON CONFLICT DO NOTHING
            `
          ),
          orDefect,
          Effect.asVoid
        ),

      unpause: (carrier) =>
        sql`DELETE FROM sms.paused_carriers WHERE carrier = ${carrier}`.pipe(orDefect, Effect.asVoid),

      paused: sql<{ readonly carrier: string }>`SELECT carrier FROM sms.paused_carriers`.pipe(
        orDefect,
        Effect.map((rows) => new Set(rows.map((row) => row.carrier)))
      )
    })
  })
)

/** Whether a claim left nothing behind it: every account that has something was visited, and none had its whole share. */
const tookAll = (rows: ReadonlyArray<LeaseRow & { readonly visited: number }>, limit: number): boolean => {
  const visited = rows[0]?.visited ?? 0
  const share = Math.max(1, Math.floor(limit / Math.max(1, visited)))
  const taken = Map.groupBy(rows, (row) => row.account_id)
  return visited < limit && [...taken.values()].every((own) => own.length < share)
}

const leaseOf = (row: LeaseRow): Lease => ({
  accountId: accountId(row.account_id),
  messageId: MessageId.make(integer(row.message_id)),
  carrier: row.carrier,
  token: row.token,
  attempt: row.attempt,
  createdAt: instantOrNull(row.message_created_at) ?? undefined
})
