import type { SqlClient } from "effect/sql"

/**
 * Has a client compile each statement anew instead of keeping what came of it. Almost every statement here is made for its
 * parameters and runs once, so there is next to nothing to be found. And it is kept in a WeakMap: V8 takes what an old one holds
 * for alive until its next full collection, and with it the parameters of each statement, which is most of what a group of
 * messages is made of. Clients that are made of this one later (`withoutTransforms`) keep none either.
 *
 * Returns whether it could be done: the client's insides are nobody's promise.
 */
export const keepNoStatements = (sql: SqlClient.SqlClient): boolean => {
  const { compiler } = sql`SELECT 1` as { readonly compiler?: object }
  if (compiler === undefined || !CACHES.every((name) => isCache(Reflect.get(compiler, name)))) return false
  return CACHES.every((name) => Reflect.set(compiler, name, NOTHING))
}

const CACHES = ["statementCache", "statementCacheNoTransform"]

const NOTHING = { get: () => undefined, set: () => NOTHING }

const isCache = (kept: unknown): boolean => kept === NOTHING || kept instanceof WeakMap
