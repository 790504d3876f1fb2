/**
 * Idempotency keys. A second unit of work with the same key waits on the unique index until the first has ended, then
 * reads its answer. Keys are taken in their order, so that no two callers wait for each other.
 */
import { type Claim, type Claimed, Idempotency, KEPT_MILLIS } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { int8s, texts, timestamps } from "./Columns.ts"
import { orDefect } from "./Failures.ts"
import { together } from "./Together.ts"

interface KeyRow {
  readonly account_id: bigint
  readonly key: string
  readonly fingerprint: string
  readonly answer: string | null
}

export const layerIdempotency = Layer.effect(
  Idempotency,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    /** A key that has expired is taken over in place. */
    const take = (claims: ReadonlyArray<Claim>) =>
      sql<KeyRow>`
        INSERT INTO sms.idempotency_keys AS kept (account_id, key, fingerprint, created_at)
        SELECT * FROM unnest(
          ${int8s(claims.map((claim) => claim.accountId))}, ${texts(claims.map((claim) => claim.key))},
          ${texts(claims.map((claim) => claim.fingerprint))}, ${timestamps(claims.map((claim) => claim.at))}
        ) AS claim (account_id, key, fingerprint, created_at) ORDER BY account_id, key
        ON CONFLICT (account_id, key) DO UPDATE
          SET fingerprint = excluded.fingerprint, answer = NULL, created_at = excluded.created_at
          WHERE kept.created_at <= excluded.created_at - make_interval(secs => ${KEPT_MILLIS / 1000}::float8)
        RETURNING account_id, key, fingerprint, answer
      `.pipe(orDefect)

    const read = (claims: ReadonlyArray<Claim>) =>
      sql<KeyRow>`
        SELECT account_id, key, fingerprint, answer FROM sms.idempotency_keys
        JOIN unnest(
          ${int8s(claims.map((claim) => claim.accountId))}, ${texts(claims.map((claim) => claim.key))}
        ) AS asked (account_id, key) USING (account_id, key)
      `.pipe(orDefect)

    const claim = Effect.fnUntraced(function* (claims: ReadonlyArray<Claim>) {
      const claimed = new Map<string, Claimed>()
      let open = claims
      // A key that was held when it was asked for may be free when it is read: then it is asked for again.
      while (open.length > 0) {
        for (const row of yield* take(open)) claimed.set(nameOf(row), FRESH)
        const held = open.filter((one) => !claimed.has(name(one)))
        const rows = held.length === 0 ? [] : yield* read(held)
        const kept = new Map(rows.map((row) => [nameOf(row), row]))
        open = held.filter((one) => {
          const row = kept.get(name(one))
          if (row !== undefined) claimed.set(name(one), answerOf(row, one))
          return row === undefined
        })
      }
      return claims.map((one) => claimed.get(name(one)) ?? FRESH)
    })

    const settle = Effect.fnUntraced(function* (
      answers: ReadonlyArray<{ readonly accountId: number; readonly key: string; readonly answer: string | null }>
    ) {
      const kept = answers.filter((one) => one.answer !== null)
      const freed = answers.filter((one) => one.answer === null)
      if (kept.length > 0) {
        yield* together(
          sql,
          "answered",
          sql`
            answered AS (
              UPDATE sms.idempotency_keys kept SET answer = given.answer
              FROM unnest(
                ${int8s(kept.map((one) => one.accountId))}, ${texts(kept.map((one) => one.key))},
                ${texts(kept.map((one) => one.answer))}
              ) AS given (account_id, key, answer)
              WHERE kept.account_id = given.account_id AND kept.key = given.key
            )
          `
        )
      }
      if (freed.length > 0) {
        yield* sql`
          DELETE FROM sms.idempotency_keys kept
          USING unnest(
            ${int8s(freed.map((one) => one.accountId))}, ${texts(freed.map((one) => one.key))}
          ) AS freed (account_id, key)
          WHERE kept.account_id = freed.account_id AND kept.key = freed.key
        `.pipe(orDefect)
      }
    })

    return Idempotency.of({ claim, settle })
  })
)

const FRESH: Claimed = { _tag: "Fresh" }

const name = (claim: Claim): string => `${claim.accountId} ${claim.key}`

const nameOf = (row: KeyRow): string => `${row.account_id} ${row.key}`

const answerOf = (row: KeyRow, claim: Claim): Claimed =>
  row.fingerprint === claim.fingerprint && row.answer !== null
    ? { _tag: "Replay", answer: row.answer }
    : { _tag: "Mismatch" }
