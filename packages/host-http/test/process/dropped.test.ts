/** The database drops the host's connections again and again, many of them inside a transaction: nothing is lost, nothing is done twice. */
import { checkInvariants } from "@cliqtel/sms-testkit/sql-invariants"
import { assert, it } from "vitest"
import type { Database } from "./database.ts"
import { openFleet } from "./fleet.ts"
import { endedMessages, judge, misspent } from "./judge.ts"
import { startLoad } from "./load.ts"
import { openSender } from "./sender.ts"
import { settled } from "./settled.ts"
import { type Kill, submitterOf, takenOver, unexplained } from "./unknowns.ts"
import { until } from "./until.ts"

const TEST_MILLIS = 360_000

/** Connections that must have been dropped inside a transaction. */
const INSIDE = 40

const MESSAGES = 300

interface Dropped {
  /** Has written and not committed, or is between two statements of a transaction. */
  readonly inside: boolean
  readonly dropped: boolean
}

/** All of the host's, at a moment when one is inside a transaction at least. */
const drop = (database: Database) =>
  database.query<Dropped>(`
    WITH theirs AS MATERIALIZED (
      SELECT pid, backend_xid IS NOT NULL OR state LIKE 'idle in transaction%' AS inside
      FROM pg_stat_activity WHERE application_name = 'cliqtel-sms'
    )
    SELECT inside, pg_terminate_backend(pid) AS dropped FROM theirs WHERE EXISTS (SELECT FROM theirs WHERE inside)`)

it(
  "connections that are dropped inside transactions: each message is there once and paid once, and the host goes on",
  async () => {
    await using cleanup = new AsyncDisposableStack()
    const fleet = await openFleet(cleanup, 11)
    const { database, simulator } = fleet
    const host = await fleet.host("only")
    const senders = [await openSender(host.url, 1), await openSender(host.url, 2)]
    const load = startLoad({ hosts: [host.url], senders, clients: 24, pauseMillis: 60, random: Math.random })

    const kills: Array<Kill> = []
    const counts = { all: 0, inside: 0 }
    await until(
      () => `${INSIDE} connections dropped inside a transaction and ${MESSAGES} messages: ${JSON.stringify(counts)}`,
      async () => {
        const dropped = (await drop(database)).filter((one) => one.dropped)
        if (dropped.length > 0) kills.push({ what: "database", at: Date.now() })
        counts.all += dropped.length
        counts.inside += dropped.filter(({ inside }) => inside).length
        // The host must get something done in between.
        if (dropped.length > 0) await load.more(1)
        return counts.inside >= INSIDE && load.accepted.length >= MESSAGES
      }
    )
    await load.more(50)
    await load.stop()
    const settledAfter = await settled(fleet)

    const log = await simulator.log()
    const messages = await endedMessages(database)
    const taken = await takenOver(database)
    const neverSubmitted = taken.filter((one) => submitterOf(log)(one) === undefined).length
    const facts = { drops: kills.length, messages: messages.length, takenOver: taken.length, neverSubmitted }
    console.log(JSON.stringify({ ...counts, ...facts, settledAfter, ...Object.fromEntries(load.mishaps) }))
    assert.deepStrictEqual(judge(messages, load.accepted, log).slice(0, 5), [])
    assert.deepStrictEqual(unexplained({ messages, taken, kills, hosts: 1, log }).slice(0, 5), [])
    assert.deepStrictEqual(await misspent(host.url, senders, messages, log), [])
    assert.deepStrictEqual(await checkInvariants(database.url), [])
    assert.strictEqual(host.ownEnds(), 0, host.errors())
    // Some customers were told that it is not known, and found out by their idempotency key.
    assert.isAbove(load.mishaps.get("unavailable") ?? 0, 0)
    assert.deepStrictEqual([load.mishaps.get("refused"), load.mishaps.get("reset")], [0, 0])
  },
  TEST_MILLIS
)
