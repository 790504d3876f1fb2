/** What hosts beside each other do not wait for: each other's lead, and a vacuum of what they queue. */
import { DispatchQueue, UnitOfWork } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { freshPostgres } from "./freshPostgres.ts"

layer(freshPostgres, { timeout: 60_000, excludeTestServices: true })("hosts beside each other", (it) => {
  it.effect("look whether another leads while that one prolongs it", () =>
    Effect.gen(function* () {
      const queue = yield* DispatchQueue
      const unit = yield* UnitOfWork
      assert.isTrue(yield* queue.lead("carrier", "a", 60_000))
      const prolonged = yield* Deferred.make<void>()
      const looked = yield* Deferred.make<void>()
      const prolonging = yield* Effect.forkChild(
        unit.run(
          queue
            .lead("carrier", "a", 60_000)
            .pipe(Effect.tap(Deferred.succeed(prolonged, undefined)), Effect.tap(Deferred.await(looked)))
        )
      )
      yield* Deferred.await(prolonged)
      assert.isFalse(yield* Effect.timeout(queue.lead("carrier", "b", 60_000), "20 seconds"))
      yield* Deferred.succeed(looked, undefined)
      assert.isTrue(yield* Fiber.join(prolonging))
    })
  )

  it.effect("go on with their queues while these are vacuumed, which are empty from one moment to the next", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const pages = sql<{ readonly name: string; readonly pages: number }>`
        SELECT name, (pg_relation_size(('sms.' || name)::regclass) / 8192)::int AS pages
        FROM unnest(ARRAY['dispatches', 'receipts', 'inbound_events', 'message_count_notes']) AS name
      `
      yield* sql`
        INSERT INTO sms.message_count_notes (hour, account_ids, number_ids, created, delivered, failed)
        SELECT now(), '{1}', '{1}', '{1}', '{0}', '{0}' FROM generate_series(1, 20000)
      `
      yield* sql`DELETE FROM sms.message_count_notes`
      const kept = yield* pages
      for (const { name } of kept) yield* sql.unsafe(`VACUUM sms.${name}`)
      assert.deepStrictEqual(yield* pages, kept, "a vacuum that gives room back locks out whoever uses the table")
      assert.isAbove(Math.max(...kept.map((one) => one.pages)), 100)
    })
  )
})
