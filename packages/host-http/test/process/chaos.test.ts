/**
 * Hosts and their database are killed with -9 in the middle of traffic through a carrier that misbehaves, and in the end
 * each message that was accepted is there once, paid once, sent once at most, and as the carrier knows it to be.
 * CHAOS_SEED repeats the same decisions (the machine's own timing aside), CHAOS_SECONDS says how long.
 */
import { seededRandom } from "@cliqtel/sms-testkit/simulator"
import { checkInvariants } from "@cliqtel/sms-testkit/sql-invariants"
import { assert, it } from "vitest"
import { randomInt } from "node:crypto"
import { type Fleet, openFleet } from "./fleet.ts"
import type { ProcessHost } from "./host.ts"
import { stopInTheAct } from "./inTheAct.ts"
import { endedMessages, judge, misspent } from "./judge.ts"
import { type Load, startLoad } from "./load.ts"
import { openSender } from "./sender.ts"
import { settled } from "./settled.ts"
import { type Kill, submitterOf, takenOver, unexplained } from "./unknowns.ts"
import { pause, until } from "./until.ts"

const SECONDS = Number(process.env["CHAOS_SECONDS"] ?? 60)
const SEED = Number(process.env["CHAOS_SEED"] ?? randomInt(2 ** 31))

/** Starts, the last takeover and the end of it, on a machine that is busy with other things. */
const AROUND_SECONDS = 480

it(
  `7: what was accepted survives kill -9 of hosts and database (CHAOS_SEED=${SEED})`,
  async () => {
    const random = seededRandom(`chaos ${SEED}`)
    await using cleanup = new AsyncDisposableStack()
    const fleet = await openFleet(cleanup, SEED)
    const { database, simulator } = fleet
    const hosts = await Promise.all([fleet.host("first"), fleet.host("second")])
    const [first, second] = hosts
    const senders = [await openSender(first.url, 1), await openSender(first.url, 2), await openSender(second.url, 3)]

    const load = startLoad({ hosts: hosts.map(({ url }) => url), senders, clients: 24, pauseMillis: 60, random })
    const kills = await wreak({ fleet, hosts, load, random })
    await Promise.all(hosts.map((host) => host.ready()))
    const hits = async () => ({
      "host killed": kills.filter(({ what }) => what !== "database").length,
      "database killed": kills.filter(({ what }) => what === "database").length,
      "client cut off": load.mishaps.get("reset") ?? 0,
      "client told 503": load.mishaps.get("unavailable") ?? 0,
      "answer replayed": load.mishaps.get("replayed") ?? 0,
      ...(await simulator.log()).faults
    })
    // The rare ones may need some more traffic.
    await until("each fault is hit", async () => Object.values(await hits()).every((count) => count > 0), {
      every: 500
    })
    await load.stop()
    const settledAfter = await settled(fleet)

    const log = await simulator.log()
    const messages = await endedMessages(database)
    const taken = await takenOver(database)
    const unknown = messages.filter(({ parked }) => parked).length
    console.log(
      JSON.stringify({
        seed: SEED,
        messages: messages.length,
        unknown,
        takenOver: taken.length,
        neverSubmitted: taken.filter((one) => submitterOf(log)(one) === undefined).length,
        settledAfter,
        ...(await hits()),
        ...Object.fromEntries(load.mishaps)
      })
    )

    assert.deepStrictEqual(judge(messages, load.accepted, log).slice(0, 5), [])
    assert.deepStrictEqual(unexplained({ messages, taken, kills, hosts: hosts.length, log }).slice(0, 5), [])
    assert.deepStrictEqual(await misspent(first.url, senders, messages, log), [])
    assert.deepStrictEqual(await checkInvariants(database.url), [])
    for (const host of hosts) assert.strictEqual(host.ownEnds(), 0, `${host.name} ended by itself: ${host.errors()}`)
    // Hosts were killed in the act, so there was something to take over.
    assert.isAbove(taken.length, 0)
    assert.isAbove(messages.length, 100)
  },
  (SECONDS + AROUND_SECONDS) * 1000
)

interface Wreaking {
  readonly fleet: Fleet
  readonly hosts: readonly [ProcessHost, ProcessHost]
  readonly load: Load
  readonly random: () => number
}

/** One round of it comes in any case, however little a busy machine gets done meanwhile. */
const ROUND = ["host in the act", "database", "host", "database and host"] as const

const LONGEST_PAUSE_MILLIS = 2000

/** Kills, again and again, always in live traffic. Gives what was killed and when. */
const wreak = async ({ fleet, hosts, load, random }: Wreaking): Promise<ReadonlyArray<Kill>> => {
  const { database } = fleet
  const kills: Array<Kill> = []
  const signals = ["SIGKILL", "SIGQUIT"] as const

  const killHost = async (inTheAct = false) => {
    const host = hosts[random() < 0.5 ? 0 : 1]
    if (inTheAct) {
      await host.ready()
      await stopInTheAct(fleet, host, 1)
    }
    await host.kill()
    kills.push({ what: host.name, at: Date.now() })
  }

  const killDatabase = async (andHost: boolean) => {
    const before = kills.filter(({ what }) => what === "database").length
    await database.kill(signals[before % 2 === 0 ? 0 : 1])
    kills.push({ what: "database", at: Date.now() })
    // Away until a customer has been told so.
    await load.meets("unavailable")
    if (andHost) await killHost()
    await database.start()
  }

  const end = Date.now() + SECONDS * 1000
  for (let turn = 0; turn < ROUND.length || Date.now() < end; turn++) {
    await load.more(15)
    // At a random moment.
    await pause(random() * LONGEST_PAUSE_MILLIS)
    const what = ROUND[turn % ROUND.length]
    if (what === "host" || what === "host in the act") await killHost(what === "host in the act")
    else await killDatabase(what === "database and host")
  }
  return kills
}
