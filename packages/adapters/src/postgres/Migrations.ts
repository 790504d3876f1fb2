/**
 * The schema, as numbered plain SQL files that only go forward. They need a `SqlClient` and nothing else, so an embedder
 * brings its own; a team with a tool of its own runs the files in `migrations/` in their order.
 */
import { Effect, Layer, Schedule } from "effect"
import { Migrator, SqlClient } from "effect/sql"
import { readFileSync } from "node:fs"
import { isUndone } from "./Failures.ts"
import { ensurePartitions } from "./Partitions.ts"

const NAMES = [
  "0001_messages_and_money",
  "0002_numbers_wallet_keys",
  "0003_message_counts",
  "0004_cheap_status_changes",
  "0005_inbound",
  "0006_webhooks",
  "0007_live_feed",
  "0008_portal_sessions",
  "0009_one_index_for_changes",
  "0010_claim_leads",
  "0011_queues_keep_their_room",
  "0012_one_note_for_a_group"
] as const

/** Statements of a file: they end with a semicolon at the end of a line, outside of $$ quotes. */
export const statementsOf = (text: string): ReadonlyArray<string> => {
  const statements: Array<string> = []
  let open = ""
  for (const piece of text.replace(/^\s*--.*$/gm, "").split(/;[ \t]*$/m)) {
    open += piece
    if (open.split("$$").length % 2 === 0) open += ";"
    else {
      if (open.trim() !== "") statements.push(open.trim())
      open = ""
    }
  }
  return statements
}

const migration = (name: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    // The limits of the host's connections are for its everyday statements.
    yield* sql`SELECT set_config('statement_timeout', '0', true)`
    const text = readFileSync(new URL(`./migrations/${name}.sql`, import.meta.url), "utf8")
    yield* Effect.forEach(statementsOf(text), (statement) => sql.unsafe(statement), { discard: true })
  })

/** Brings the schema up to date; safe on several hosts at once, of which one migrates and the others wait. */
export const migrate = Migrator.make({})({
  loader: Migrator.fromRecord(Object.fromEntries(NAMES.map((name) => [name, migration(name)]))),
  table: "sms_migrations"
}).pipe(
  // Under running hosts a lock may be waited for in vain: they go on for a while, and it is tried again.
  Effect.retry({
    while: (error) => isUndone(error._tag === "MigrationError" ? error.cause : error),
    schedule: Schedule.spaced("1 second"),
    times: 30
  }),
  Effect.andThen(ensurePartitions)
)

export const layerMigrations = Layer.effectDiscard(migrate)
