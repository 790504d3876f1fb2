/** What the database keeps of the messages, counts and statuses, is theirs, whatever is written by whomever. */
import { MessageStore, Micros, queuedEntry } from "@cliqtel/sms-core"
import { Fixture, sampleMessage } from "@cliqtel/sms-testkit"
import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { sumUpCounts } from "../../src/postgres/MessageCounts.ts"
import { freshPostgres } from "./freshPostgres.ts"

const ports = Fixture.layer.pipe(Layer.provideMerge(freshPostgres))
const HOUR = 60 * 60 * 1000
const MONTH_END = Date.UTC(2026, 10, 30, 23, 59, 59, 990)
const ATONCE = { concurrency: "unbounded" } as const

layer(ports, { timeout: 60_000, excludeTestServices: true })("kept counts", (it) => {
  it.effect("are summed up by one host at a time, which nobody waits for", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const store = yield* MessageStore
      const fixture = yield* Fixture
      const account = yield* fixture.account({ balance: Micros.make(0n) })
      const number = yield* fixture.number(account)
      const entry = queuedEntry(MONTH_END)
      const send = Effect.flatMap(store.nextIds(3), (ids) =>
        store.insert(ids.map((id) => ({ message: sampleMessage(number, id, { createdAt: MONTH_END }), entry })))
      )
      const counts = Effect.map(store.countSince(account, [0]), ([all]) => all?.messages)
      yield* send
      const summing = yield* Deferred.make<void>()
      const seen = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        sql.withTransaction(
          sumUpCounts.pipe(Effect.tap(Deferred.succeed(summing, undefined)), Effect.tap(Deferred.await(seen)))
        )
      )
      yield* Deferred.await(summing)
      yield* send
      assert.strictEqual(yield* Effect.timeout(sumUpCounts, "20 seconds"), 0)
      assert.strictEqual(yield* counts, 6)
      yield* Deferred.succeed(seen, undefined)
      assert.strictEqual(yield* Fiber.join(first), 1)
      assert.strictEqual(yield* counts, 6)
      assert.strictEqual(yield* sumUpCounts, 1)
      assert.strictEqual(yield* counts, 6)
    })
  )

  it.effect("are exact while messages come and go on and hosts sum up", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const store = yield* MessageStore
      const fixture = yield* Fixture
      const account = yield* fixture.account({ balance: Micros.make(0n) })
      const numbers = [yield* fixture.number(account), yield* fixture.number(account)] as const

      const write = Effect.fnUntraced(function* (round: number) {
        const ids = yield* store.nextIds(12)
        const made = ids.map((id, i) => ({
          message: sampleMessage(numbers[i % 2 === 0 ? 0 : 1], id, {
            createdAt: MONTH_END + i * 2 - (round % 5) * HOUR,
            status: "queued"
          }),
          entry: queuedEntry(MONTH_END)
        }))
        yield* store.insert(made)
        const ends = ["delivered", "failed", "sent"] as const
        // By way of SQL, as a migration or an operator would: the database counts whoever writes.
        for (const [i, id] of ids.entries()) {
          yield* sql`
            UPDATE sms.messages SET status = ${ends[i % 3] ?? "sent"} WHERE account_id = ${account} AND message_id = ${id}
          `
        }
        // One of them changes hands, by a statement that begins with another.
        yield* sql`
          WITH other AS (
            UPDATE sms.messages SET status = 'sending' WHERE account_id = ${account} AND message_id = ${ids[2] ?? 0}
          )
          UPDATE sms.messages SET number_id = ${numbers[1].id} WHERE account_id = ${account} AND message_id = ${ids[8] ?? 0}
        `
        // Into another month, and so into another partition.
        yield* sql`
          UPDATE sms.messages SET created_at = created_at + interval '2 hours'
          WHERE account_id = ${account} AND message_id = ${ids[0] ?? 0}
        `
      })

      const [, summed] = yield* Effect.all(
        [
          Effect.all(
            Array.from({ length: 12 }, (_, round) => write(round)),
            { concurrency: 4 }
          ),
          Effect.all(
            Array.from({ length: 4 }, () => sumUpCounts.pipe(Effect.repeat({ times: 10 }))),
            ATONCE
          )
        ],
        ATONCE
      )
      assert.lengthOf(summed, 4)
      yield* sumUpCounts
      const [after] = yield* sql<{ readonly count: bigint }>`SELECT count(*) FROM sms.message_count_notes`
      assert.strictEqual(after?.count, 0n)

      const [strays] = yield* sql<{ readonly kept: bigint; readonly count: bigint }>`
        SELECT count(*) FILTER (WHERE kept.message_id IS NOT NULL) AS kept,
          count(*) FILTER (WHERE kept.message_id IS NULL OR message.message_id IS NULL) AS count
        FROM (SELECT * FROM sms.messages WHERE account_id = ${account}) message
        FULL JOIN (SELECT * FROM sms.message_statuses WHERE account_id = ${account}) kept
          USING (account_id, status, created_at, message_id)
      `
      assert.deepStrictEqual(strays, { kept: 144n, count: 0n })

      for (const number of [undefined, numbers[0].id, numbers[1].id]) {
        for (const since of [0, MONTH_END - 3 * HOUR + 7, MONTH_END, MONTH_END + 9, MONTH_END + HOUR]) {
          const [raw] = yield* sql<{ readonly all: bigint; readonly delivered: bigint; readonly failed: bigint }>`
            SELECT count(*) AS all, count(*) FILTER (WHERE status = 'delivered') AS delivered,
              count(*) FILTER (WHERE status = 'failed') AS failed
            FROM sms.messages WHERE account_id = ${account} AND created_at >= ${new Date(since)}
            ${number === undefined ? sql`` : sql`AND number_id = ${number}`}
          `
          const [counts] = yield* store.countSince(account, [since], number)
          const { all, delivered, failed } = raw ?? {}
          assert.deepStrictEqual(counts, {
            messages: Number(all),
            delivered: Number(delivered),
            failed: Number(failed)
          })
        }
        const days = yield* sql<{
          readonly day: Date
          readonly messages: bigint
          readonly delivered: bigint
          readonly failed: bigint
        }>`
          SELECT date_bin('1 day', created_at, 'epoch') AS day, count(*) AS messages,
            count(*) FILTER (WHERE status = 'delivered') AS delivered, count(*) FILTER (WHERE status = 'failed') AS failed
          FROM sms.messages WHERE account_id = ${account} ${number === undefined ? sql`` : sql`AND number_id = ${number}`}
          GROUP BY 1 ORDER BY 1
        `
        assert.deepStrictEqual(
          yield* store.countDays(account, 0, number),
          days.map(({ day, delivered, failed, messages }) => ({
            day: day.getTime(),
            messages: Number(messages),
            delivered: Number(delivered),
            failed: Number(failed)
          }))
        )
      }
    })
  )
})
