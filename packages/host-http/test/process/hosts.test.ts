/** Several hosts on one database: what a dead one leaves behind is taken over, and what a stopped one says later counts for nothing. */
import { checkInvariants } from "@cliqtel/sms-testkit/sql-invariants"
import { assert, it } from "vitest"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Database, pause, type ProcessHost, runDatabase, runHost, runSimulator } from "./fleet.ts"
import { endedMessages, judge, settled } from "./judge.ts"
import { openSender, startLoad } from "./load.ts"

/** A lease and a sweep, and what a busy machine needs more. */
const SETTLE_MILLIS = 75_000 + 15_000

const TRAFFIC_MILLIS = 8000

const fleet = async (cleanup: AsyncDisposableStack) => {
  const folder = await mkdtemp(join(tmpdir(), "hosts-"))
  cleanup.defer(() => rm(folder, { recursive: true, force: true }))
  const simulator = cleanup.use(await runSimulator(7))
  const database = cleanup.use(await runDatabase(join(folder, "data")))
  const env = { DATABASE_URL: database.url, SANDBOX_URL: simulator.url, DATA_DIR: join(folder, "host") }
  const host = async () => {
    const one = cleanup.use(await runHost(env))
    await one.ready()
    return one
  }
  return { simulator, database, host }
}

const traffic = async (hosts: ReadonlyArray<ProcessHost>, first: ProcessHost) =>
  startLoad({
    hosts: hosts.map(({ url }) => url),
    senders: [await openSender(first.url, 1), await openSender(first.url, 2)],
    clients: 16,
    pauseMillis: 60,
    random: Math.random
  })

const count = async (database: Database, rows: string): Promise<number> => {
  const [row] = await database.query(`SELECT count(*)::int AS rows FROM ${rows}`)
  return Number(row?.["rows"])
}

const TAKEN_OVER = "sms.timeline WHERE detail = 'The host stopped before the carrier had answered.'"

const LEASED = "sms.dispatches WHERE state = 'leased'"

/** Stops a host in the middle of submits, when what others have under way has had the time to be answered. */
const caught = async (host: ProcessHost, database: Database) => {
  for (;;) {
    host.signal("SIGSTOP")
    await pause(1000)
    if ((await count(database, LEASED)) >= 3) return
    host.signal("SIGCONT")
    await pause(100 + Math.random() * 300)
  }
}

it.concurrent("7: what one of three hosts had under way when it was killed is decided or declared unknown within 75 s, and never sent twice", async () => {
  await using cleanup = new AsyncDisposableStack()
  const { database, host, simulator } = await fleet(cleanup)
  const [doomed, ...others] = [await host(), await host(), await host()] as const
  // Who accepts a message is usually the one who submits it.
  const load = await traffic([doomed, doomed, doomed, doomed, ...others], doomed)
  await pause(TRAFFIC_MILLIS)
  await caught(doomed, database)
  await doomed[Symbol.asyncDispose]()
  const killedAt = Date.now()
  await load.stop()
  await settled(database, simulator.log, SETTLE_MILLIS - (Date.now() - killedAt))
  const settledAfter = Date.now() - killedAt

  const messages = await endedMessages(database)
  const takenOver = await count(database, TAKEN_OVER)
  const unknown = messages.filter(({ parked }) => parked).length
  console.log(JSON.stringify({ killed: 1, messages: messages.length, unknown, takenOver, settledAfter }))
  assert.isAbove(takenOver, 0)
  assert.deepStrictEqual(judge(messages, load.accepted, await simulator.log()).slice(0, 5), [])
  assert.deepStrictEqual(await checkInvariants(database.url), [])
}, 200_000)

it.concurrent("8: what a host says that was stopped for longer than its lease changes nothing that the takeover has decided", async () => {
  await using cleanup = new AsyncDisposableStack()
  const { database, host, simulator } = await fleet(cleanup)
  const zombie = await host()
  const load = await traffic([zombie], zombie)
  await pause(TRAFFIC_MILLIS)
  await caught(zombie, database)
  const heir = await host()
  const settledAfter = await settled(database, simulator.log, SETTLE_MILLIS)
  const takenOver = await count(database, TAKEN_OVER)
  assert.isAbove(takenOver, 0)
  const last = Math.max(...(await endedMessages(database)).map(({ id }) => id))
  // A line that is late has a higher number than those before it; of these messages there must be none.
  const decided = () =>
    database.query(`
        SELECT message.message_id::int AS id, status, timeline_entries, parts,
          (SELECT json_agg(line ORDER BY entry_id) FROM sms.ledger_entries line
           WHERE line.account_id = message.account_id AND line.reference = 'message:' || message.message_id) AS money,
          (SELECT state FROM sms.dispatches waiting WHERE waiting.account_id = message.account_id
           AND waiting.message_id = message.message_id) AS waits
        FROM sms.messages message WHERE message.message_id <= ${last} ORDER BY message_id`)
  const before = await decided()

  const stopped = load.stop()
  zombie.signal("SIGCONT")
  await stopped
  // New messages are claimed, by either host, and settled behind what the zombie had to say.
  await settled(database, simulator.log, SETTLE_MILLIS)
  assert.strictEqual((await fetch(`${zombie.url}/readyz`)).status, 200)
  console.log(JSON.stringify({ stopped: 1, messages: before.length, takenOver, settledAfter }))
  assert.deepStrictEqual(await decided(), before)
  assert.strictEqual(heir.ownEnds() + zombie.ownEnds(), 0)
  assert.deepStrictEqual(judge(await endedMessages(database), load.accepted, await simulator.log()).slice(0, 5), [])
  assert.deepStrictEqual(await checkInvariants(database.url), [])
}, 300_000)
