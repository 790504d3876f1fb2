/**
 * Hosts and their database are killed with -9 in the middle of traffic through a carrier that misbehaves, and in the end
 * each message that was accepted is there once, paid once, sent once at most, and as the carrier knows it to be.
 * CHAOS_SEED repeats the same decisions (the machine's own timing aside), CHAOS_SECONDS says how long.
 */
import { checkInvariants } from "@cliqtel/sms-testkit/sql-invariants"
import { assert, it } from "vitest"
import { randomInt } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pause, runDatabase, runHost, runSimulator } from "./fleet.ts"
import { endedMessages, judge, settled } from "./judge.ts"
import { openSender, startLoad } from "./load.ts"

const SECONDS = Number(process.env["CHAOS_SECONDS"] ?? 40)
const SEED = Number(process.env["CHAOS_SEED"] ?? randomInt(2 ** 31))

/** A lease and a sweep are 75 s. */
const SETTLE_MILLIS = 100_000

it(
  `7: what was accepted survives kill -9 of hosts and database (CHAOS_SEED=${SEED})`,
  async () => {
    const random = seeded(SEED)
    const folder = await mkdtemp(join(tmpdir(), "chaos-"))
    await using cleanup = new AsyncDisposableStack()
    cleanup.defer(() => rm(folder, { recursive: true, force: true }))
    const simulator = cleanup.use(await runSimulator(SEED))
    const database = cleanup.use(await runDatabase(join(folder, "data")))
    const env = { DATABASE_URL: database.url, SANDBOX_URL: simulator.url, DATA_DIR: join(folder, "host") }
    const first = cleanup.use(await runHost(env))
    const second = cleanup.use(await runHost(env))
    const hosts = [first, second]
    await Promise.all(hosts.map((host) => host.ready()))
    const senders = [await openSender(first.url, 1), await openSender(first.url, 2), await openSender(second.url, 3)]

    const load = startLoad({ hosts: hosts.map(({ url }) => url), senders, clients: 24, pauseMillis: 60, random })
    const kills = { host: 0, database: 0 }
    const until = Date.now() + SECONDS * 1000
    for (let turn = 1; Date.now() < until; turn++) {
      await pause(1000 + random() * 3000)
      if (turn % 3 === 0) {
        await database.kill()
        kills.database++
      }
      // With the database now and then: both at once.
      if (turn % 3 !== 0 || random() < 0.3) {
        await (random() < 0.5 ? first : second).kill()
        kills.host++
      }
    }
    await Promise.all(hosts.map((host) => host.ready()))
    const stopping = Date.now()
    await load.stop()
    const stoppedAfter = Date.now() - stopping
    const settledAfter = await settled(database, simulator.log, SETTLE_MILLIS)

    const log = await simulator.log()
    const messages = await endedMessages(database)
    const [taken] = await database.query(
      "SELECT count(*)::int AS over FROM sms.timeline WHERE detail = 'The host stopped before the carrier had answered.'"
    )
    const hits = {
      "host killed": kills.host,
      "database killed": kills.database,
      "client cut off": load.mishaps.get("reset") ?? 0,
      "answer replayed": load.mishaps.get("replayed") ?? 0,
      "lease taken over": Number(taken?.["over"]),
      ...log.faults
    }
    const unknown = messages.filter(({ parked }) => parked).length
    console.log(
      JSON.stringify({
        seed: SEED,
        messages: messages.length,
        unknown,
        stoppedAfter,
        settledAfter,
        ...hits,
        ...Object.fromEntries(load.mishaps)
      })
    )

    assert.deepStrictEqual(judge(messages, load.accepted, log).slice(0, 5), [])
    assert.deepStrictEqual(await checkInvariants(database.url), [])
    for (const host of hosts) assert.strictEqual(host.ownEnds(), 0, `a host ended by itself: ${host.errors()}`)
    assert.deepStrictEqual(
      Object.keys(hits).filter((fault) => Object.entries(hits).some(([name, count]) => name === fault && count === 0)),
      [],
      "faults that were never hit"
    )
  },
  (SECONDS + 240) * 1000
)

/** SplitMix32. */
const seeded = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}
