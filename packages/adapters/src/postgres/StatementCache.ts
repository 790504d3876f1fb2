import type { SqlClient } from "effect/sql"

/**
 * Has a client compile each statement anew instead of keeping what came of it. Every statement here is made for its parameters and
 * runs once, so nothing is ever found there. And it is kept in a WeakMap: V8 takes what an old one holds for alive until
 * its next full collection, and with it the parameters of each statement, which is most of what a group of messages is made of.
 *
 * Whether it could be done; the client's insides are nobody's promise.
 */
export const keepNoStatements = (sql: SqlClient.SqlClient): boolean => {
  const { compiler } = sql`SELECT 1` as { readonly compiler?: object }
  if (compiler === undefined || !CACHES.every((name) => Reflect.get(compiler, name) instanceof WeakMap)) return false
  return CACHES.every((name) => Reflect.set(compiler, name, NOTHING))
}

const CACHES = ["statementCache", "statementCacheNoTransform"]

const NOTHING = { get: () => undefined, set: () => NOTHING }
