/** The database goes away under load and comes back: customers are told to come again, nothing is lost, nobody restarts the host. */
import { checkInvariants } from "@cliqtel/sms-testkit/sql-invariants"
import { assert, describe, it } from "vitest"
import type { Database } from "./database.ts"
import { type Fleet, openFleet } from "./fleet.ts"
import type { ProcessHost } from "./host.ts"
import { endedMessages, judge, misspent } from "./judge.ts"
import { startLoad } from "./load.ts"
import { openSender } from "./sender.ts"
import { settled } from "./settled.ts"
import { takenOver, unexplained } from "./unknowns.ts"
import { pause, until } from "./until.ts"

const TEST_MILLIS = 360_000

/** The host answers each request within 25 s; the rest is the machine's. */
const ANSWER_MILLIS = 25_000 + 8000

const CLIENTS = 16

interface Away {
  readonly name: string
  readonly awayMillis: number
  readonly leave: (database: Database) => Promise<void>
  readonly comeBack: (database: Database) => Promise<void>
}

const ways: ReadonlyArray<Away> = [
  {
    name: "stops at once and is started after 20 s",
    awayMillis: 20_000,
    leave: (database) => database.kill("SIGQUIT"),
    comeBack: (database) => database.start()
  },
  {
    // Longer than a request is waited for, so that some are given up.
    name: "hangs for 30 s",
    awayMillis: 30_000,
    leave: (database) => database.freeze(),
    comeBack: async (database) => database.thaw()
  }
]

const status = async (host: ProcessHost, path: string) => (await fetch(`${host.url}${path}`)).status

describe.concurrent("a database that is away", () => {
  it.each(ways)(
    "$name: sends are told 503 meanwhile, nothing that was accepted is lost, and the same host goes on",
    async ({ awayMillis, comeBack, leave }) => {
      await using cleanup = new AsyncDisposableStack()
      const fleet = await openFleet(cleanup, awayMillis)
      const host = await fleet.host("only")
      const senders = [await openSender(host.url, 1), await openSender(host.url, 2)]
      const load = startLoad({ hosts: [host.url], senders, clients: CLIENTS, pauseMillis: 60, random: Math.random })
      await load.more(100)

      await leave(fleet.database)
      const left = Date.now()
      const before = { told: load.mishaps.get("unavailable") ?? 0, accepted: load.accepted.length }
      // Of the host, not of its database: whoever watches it does not restart it for that.
      assert.strictEqual(await status(host, "/healthz"), 200)
      assert.strictEqual(await status(host, "/readyz"), 503)
      await pause(left + awayMillis - Date.now())
      const acceptedAway = load.accepted.length - before.accepted
      await comeBack(fleet.database)
      const back = Date.now()
      await until("the host is ready again", async () => (await status(host, "/readyz")) === 200)
      const readyAfter = Date.now() - back
      const told = (load.mishaps.get("unavailable") ?? 0) - before.told
      await load.more(100)
      await load.stop()
      await settled(fleet, back)
      const facts = { awayMillis, readyAfter, acceptedAway, slowest: load.slowest() }
      console.log(JSON.stringify({ ...facts, told, ...Object.fromEntries(load.mishaps) }))

      assert.isAbove(told, 0)
      // But for answers that were on their way.
      assert.isAtMost(acceptedAway, CLIENTS)
      // Each request was answered, and in time: none was refused, cut off or left without.
      assert.deepStrictEqual([load.mishaps.get("refused"), load.mishaps.get("reset")], [0, 0])
      assert.isBelow(load.slowest(), ANSWER_MILLIS)
      assert.strictEqual(host.ownEnds(), 0, host.errors())
      await assertOrder(fleet, host, load.accepted, senders, left)
    },
    TEST_MILLIS
  )
})

const assertOrder = async (
  { database, simulator }: Fleet,
  host: ProcessHost,
  accepted: Parameters<typeof judge>[1],
  senders: Parameters<typeof misspent>[1],
  left: number
) => {
  const log = await simulator.log()
  const messages = await endedMessages(database)
  const taken = await takenOver(database)
  const kills = [{ what: "database", at: left }]
  assert.deepStrictEqual(judge(messages, accepted, log).slice(0, 5), [])
  assert.deepStrictEqual(unexplained({ messages, taken, kills, hosts: 1, log }).slice(0, 5), [])
  assert.deepStrictEqual(await misspent(host.url, senders, messages, log), [])
  assert.deepStrictEqual(await checkInvariants(database.url), [])
}
