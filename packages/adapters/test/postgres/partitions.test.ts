/** Months have tables of their own, from their first moment to their last, and are made without holding anybody up. */
import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import * as Postgres from "../../src/postgres/index.ts"
import { freshPostgres, somebodyWaits } from "./freshPostgres.ts"

/** The suffixes of this month's tables and of those ahead, with the first and the last moment of each. */
const months = () => {
  const now = new Date()
  return [0, 1, 2, 3].map((ahead) => {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead))
    const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1)
    return { name: first.toISOString().slice(0, 7).replace("-", "_"), first, last: new Date(next - 1) }
  })
}

layer(freshPostgres, { timeout: 60_000, excludeTestServices: true })("months", (it) => {
  it.effect("have all that was created in them, and nothing else has any of it", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const { first, last, name } of months()) {
        for (const [id, at] of [first, last].entries()) {
          const [row] = yield* sql<{ readonly table: string }>`
            INSERT INTO sms.message_statuses AS made (account_id, status, created_at, message_id)
            VALUES (1, 'queued', ${at}, ${id}) RETURNING (SELECT relname FROM pg_class WHERE oid = made.tableoid) AS table
          `
          assert.strictEqual(row?.table, `message_statuses_${name}`)
        }
      }
    })
  )

  it.effect("are made without holding up others for as long as somebody reads", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const month = `sms.messages_${months()[3]?.name}`
      const isThere = Effect.map(
        sql<{ readonly found: boolean }>`SELECT to_regclass(${month}) IS NOT NULL AS found`,
        ([row]) => row?.found
      )
      assert.isTrue(yield* isThere)
      yield* sql.unsafe(`DROP TABLE ${month}`)
      const [isRead, isDone] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const reader = yield* Effect.forkChild(
        sql.withTransaction(
          sql`SELECT count(*) FROM sms.messages`.pipe(
            Effect.andThen(Deferred.succeed(isRead, undefined)),
            Effect.andThen(Deferred.await(isDone))
          )
        )
      )
      yield* Deferred.await(isRead)
      const making = yield* Effect.forkChild(Postgres.ensurePartitions)
      yield* somebodyWaits
      yield* Effect.timeout(sql`SELECT count(*) FROM sms.messages`, "10 seconds")
      yield* Fiber.join(making)
      assert.isFalse(yield* isThere)

      yield* Deferred.succeed(isDone, undefined)
      yield* Fiber.join(reader)
      yield* Postgres.ensurePartitions
      assert.isTrue(yield* isThere)
    })
  )
})
