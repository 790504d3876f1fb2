/**
 * Whom API keys speak for. Hosts remember keys for some seconds, so that those of busy accounts are looked up in the same
 * moment, again and again: they go in one statement.
 */
import { type Access, type AccountMode, KeyId, type Scope } from "@cliqtel/sms-core"
import { Effect, Exit, Request, RequestResolver } from "effect"
import type { SqlClient } from "effect/sql"
import { byteas } from "./Columns.ts"
import { isOpen } from "./Conflicts.ts"
import { orDefect } from "./Failures.ts"
import { accountId, integer } from "./Rows.ts"

interface AccessRow {
  readonly account_id: bigint
  readonly key_id: bigint
  readonly mode: AccountMode
  readonly scopes: ReadonlyArray<Scope>
  readonly hash: Uint8Array
}

class Lookup extends Request.Class<{ readonly hash: Uint8Array }, Access | undefined> {}

/** Keys that one statement looks up. */
const GROUP = 500

/** `undefined` for a hash that is no key's, or a revoked one's. */
export const makeAccessLookup = (sql: SqlClient.SqlClient) => {
  const find = (hashes: ReadonlyArray<Uint8Array>): Effect.Effect<ReadonlyMap<string, Access>> =>
    sql<AccessRow>`
      SELECT key.account_id, key.key_id, account.mode, key.scopes, key.hash
      FROM sms.api_keys key JOIN sms.accounts account USING (account_id)
      WHERE key.hash = ANY(${byteas(hashes)}) AND key.revoked_at IS NULL
    `.pipe(
      orDefect,
      Effect.map((rows) => new Map(rows.map((row) => [nameOf(row.hash), accessOf(row)])))
    )

  const resolver = RequestResolver.make<Lookup>((lookups) =>
    Effect.map(find(lookups.map(({ request }) => request.hash)), (found) => {
      for (const lookup of lookups) lookup.completeUnsafe(Exit.succeed(found.get(nameOf(lookup.request.hash))))
    })
  ).pipe(RequestResolver.batchN(GROUP))

  return (hash: Uint8Array): Effect.Effect<Access | undefined> =>
    Effect.flatMap(isOpen(sql), (open) =>
      // What the caller's own transaction has written is seen by nobody else.
      open
        ? Effect.map(find([hash]), (found) => found.get(nameOf(hash)))
        : Effect.request(new Lookup({ hash }), resolver)
    )
}

const nameOf = (hash: Uint8Array): string => Buffer.from(hash).toString("latin1")

const accessOf = (row: AccessRow): Access => ({
  accountId: accountId(row.account_id),
  keyId: KeyId.make(integer(row.key_id)),
  mode: row.mode,
  scopes: row.scopes,
  hash: row.hash
})
