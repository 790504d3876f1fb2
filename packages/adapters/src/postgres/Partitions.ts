/** Monthly partitions, made ahead of time; what falls outside of them is kept in the default partition. */
import { Clock, DateTime, Effect, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import { isLockTimeout } from "./Failures.ts"

const MONTHS_AHEAD = 3

const PARTITIONED = ["messages", "message_statuses", "timeline"] as const

/** Half of a page stays free for the versions of its messages that their statuses make: see migration 0004. */
const settings = (table: (typeof PARTITIONED)[number]) => (table === "messages" ? " WITH (fillfactor = 50)" : "")

/**
 * The current month and the next three. Cheap when they are there. Each is made under a lock that all who read or write wait
 * behind, half a second at most: where somebody reads for longer it is tried again soon, and by the next call.
 */
export const ensurePartitions = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const now = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
    const from = DateTime.add(DateTime.startOf(now, "month"), { months: ahead })
    // A row of that month in the default partition stands in the way; there it can stay.
    for (const table of PARTITIONED) {
      yield* makePartition(sql, table, from).pipe(
        Effect.retry({ while: isLockTimeout, schedule: Schedule.spaced("1 second"), times: 2 }),
        Effect.catchTag("SqlError", (error) => Effect.logWarning("A month goes without a partition of its own", error))
      )
    }
  }
})

const makePartition = (sql: SqlClient.SqlClient, table: (typeof PARTITIONED)[number], from: DateTime.Utc) => {
  const month = DateTime.formatIso(from).slice(0, 7)
  const name = `${table}_${month.replace("-", "_")}`
  const to = DateTime.formatIso(DateTime.add(from, { months: 1 }))
  // Names and bounds are made of a year and a month alone.
  return sql.withTransaction(
    Effect.gen(function* () {
      const [there] = yield* sql<{ readonly found: boolean }>`SELECT to_regclass(${`sms.${name}`}) IS NOT NULL AS found`
      if (there?.found === true) return
      yield* sql`SET LOCAL lock_timeout = '500ms'`
      yield* sql`SELECT pg_advisory_xact_lock(hashtext('sms.partitions'))`
      yield* sql.unsafe(
        `CREATE TABLE IF NOT EXISTS sms.${name} PARTITION OF sms.${table} ` +
          `FOR VALUES FROM ('${DateTime.formatIso(from)}') TO ('${to}')${settings(table)}`
      )
    })
  )
}
