/** Portal sessions. A token is looked up by its hash, whoever's it is; the rest names the account. */
import { KeyId, type Session, SessionId, type SessionKey, Sessions, SESSIONS_PER_KEY } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { orDefect } from "./Failures.ts"
import { accountId, instant, integer, timestamp } from "./Rows.ts"

interface SessionRow {
  readonly account_id: bigint
  readonly session_id: bigint
  readonly key_id: bigint
  readonly key_hash: Uint8Array
  readonly hash: Uint8Array
  readonly token_at: Date
  readonly old_hash: Uint8Array | null
  readonly signed_in_at: Date
  readonly used_at: Date
}

const MINUTE_MILLIS = 60_000

export const layerSessions = Layer.effect(
  Sessions,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const found = sql`
      SELECT session.account_id, session.session_id, session.key_id, key.hash AS key_hash, session.hash,
        session.token_at, session.old_hash, session.signed_in_at, session.used_at
      FROM sms.portal_sessions session JOIN sms.api_keys key USING (account_id, key_id)
    `

    const is = ({ accountId, id }: SessionKey) => sql`account_id = ${accountId} AND session_id = ${id}`

    return Sessions.of({
      open: Effect.fnUntraced(function* ({ access, at, hash }) {
        const [row] = yield* sql<{ readonly session_id: bigint }>`
          WITH surplus AS (
            DELETE FROM sms.portal_sessions
            WHERE account_id = ${access.accountId} AND session_id IN (
              SELECT session_id FROM sms.portal_sessions
              WHERE account_id = ${access.accountId} AND key_id = ${access.keyId}
              ORDER BY session_id DESC OFFSET ${SESSIONS_PER_KEY - 1}
            )
          )
          INSERT INTO sms.portal_sessions (account_id, key_id, hash, token_at, signed_in_at, used_at)
          VALUES (${access.accountId}, ${access.keyId}, ${hash}, ${timestamp(at)}, ${timestamp(at)}, ${timestamp(at)})
          RETURNING session_id
        `.pipe(orDefect)
        if (row === undefined) return yield* Effect.die(new Error("a session was not opened"))
        const { accountId, hash: keyHash, keyId } = access
        const times = { signedInAt: at, usedAt: at, tokenAt: at }
        return { id: SessionId.make(integer(row.session_id)), accountId, keyId, keyHash, hash, oldHash: null, ...times }
      }),

      find: (hash) =>
        sql<SessionRow>`
          ${found} WHERE (session.hash = ${hash} OR session.old_hash = ${hash}) AND key.revoked_at IS NULL
        `.pipe(
          orDefect,
          Effect.map(([row]) => row && sessionOf(row))
        ),

      get: (key) =>
        sql<SessionRow>`
          ${found} WHERE session.account_id = ${key.accountId} AND session.session_id = ${key.id}
            AND key.revoked_at IS NULL
        `.pipe(
          orDefect,
          Effect.map(([row]) => row && sessionOf(row))
        ),

      renew: (key, { at, from, old, to }) =>
        sql`
          UPDATE sms.portal_sessions SET hash = ${to}, old_hash = ${old}, token_at = ${timestamp(at)}
          WHERE ${is(key)} AND hash = ${from} RETURNING session_id
        `.pipe(
          orDefect,
          Effect.map((rows) => rows.length > 0)
        ),

      touch: (key, at) =>
        sql`
          UPDATE sms.portal_sessions SET used_at = ${timestamp(at)}
          WHERE ${is(key)} AND used_at <= ${timestamp(at - MINUTE_MILLIS)}
        `.pipe(orDefect, Effect.asVoid),

      end: (key) => sql`DELETE FROM sms.portal_sessions WHERE ${is(key)}`.pipe(orDefect, Effect.asVoid)
    })
  })
)

const sessionOf = (row: SessionRow): Session => ({
  id: SessionId.make(integer(row.session_id)),
  accountId: accountId(row.account_id),
  keyId: KeyId.make(integer(row.key_id)),
  keyHash: row.key_hash,
  hash: row.hash,
  oldHash: row.old_hash,
  signedInAt: instant(row.signed_in_at),
  usedAt: instant(row.used_at),
  tokenAt: instant(row.token_at)
})
