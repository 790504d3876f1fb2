/** Several hosts on one database: what a dead one leaves behind is taken over, and what a stopped one says later counts for nothing. */
import { checkInvariants } from "@cliqtel/sms-testkit/sql-invariants"
import { assert, it } from "vitest"
import { type Fleet, openFleet } from "./fleet.ts"
import type { ProcessHost } from "./host.ts"
import { type Held, stopInTheAct } from "./inTheAct.ts"
import { endedMessages, judge, misspent, refOf } from "./judge.ts"
import { type Load, startLoad } from "./load.ts"
import { openSender, type Sender } from "./sender.ts"
import { settled, TAKEOVER_MILLIS } from "./settled.ts"
import { type Kill, submitterOf, takenOver, unexplained } from "./unknowns.ts"
import { until } from "./until.ts"

const TEST_MILLIS = 480_000

/** Submits that must be under way when a host is stopped. */
const CAUGHT = 3

interface Traffic {
  readonly load: Load
  readonly senders: ReadonlyArray<Sender>
}

/** Under way at every host. Who accepts a message is usually the one who submits it. */
const traffic = async (victim: ProcessHost, others: ReadonlyArray<ProcessHost>): Promise<Traffic> => {
  const senders = [await openSender(victim.url, 1), await openSender(victim.url, 2)]
  const hosts = [...others.map(() => victim), victim, ...others].map(({ url }) => url)
  const load = startLoad({ hosts, senders, clients: 16, pauseMillis: 60, random: Math.random })
  await load.more(100)
  return { load, senders }
}

interface Aftermath extends Traffic {
  readonly fleet: Fleet
  readonly hosts: number
  readonly stopped: Kill
  readonly survivor: ProcessHost
  readonly caught: ReadonlyArray<Held>
}

/** That the whole of it is in order, and who was taken over from whom. */
const assertAftermath = async ({ caught, fleet, hosts, load, senders, stopped, survivor }: Aftermath) => {
  const { database, simulator } = fleet
  const log = await simulator.log()
  const messages = await endedMessages(database)
  const taken = await takenOver(database)
  const submitter = submitterOf(log)
  const late = Math.max(...taken.map(({ takenAt }) => takenAt - stopped.at))
  const unknown = messages.filter(({ parked }) => parked).length
  console.log(
    JSON.stringify({ hosts, messages: messages.length, caught: caught.length, takenOver: taken.length, late, unknown })
  )

  const fromOthers = taken.filter((one) => ![stopped.what, undefined].includes(submitter(one)))
  assert.deepStrictEqual(fromOthers, [], "taken over from a host that lives")
  const names = new Set(taken.map(refOf))
  assert.deepStrictEqual(
    caught.map(refOf).filter((name) => !names.has(name)),
    [],
    "not taken over"
  )
  assert.isAtMost(late, TAKEOVER_MILLIS)
  assert.deepStrictEqual(judge(messages, load.accepted, log).slice(0, 5), [])
  assert.deepStrictEqual(unexplained({ messages, taken, kills: [stopped], hosts, log }).slice(0, 5), [])
  assert.deepStrictEqual(await misspent(survivor.url, senders, messages, log), [])
  assert.deepStrictEqual(await checkInvariants(database.url), [])
}

/** Until no lease bears a token that the stopped host knows. */
const untilTakenOver = ({ database }: Fleet, caught: ReadonlyArray<Held>) =>
  until(
    "its leases are taken over",
    async () => {
      const tokens = caught.map(({ token }) => `'${token}'`).join(", ")
      return (await database.query(`SELECT FROM sms.dispatches WHERE token IN (${tokens}) LIMIT 1`)).length === 0
    },
    { every: 250 }
  )

it.concurrent.each([2, 3])(
  "7: what one of %i hosts had under way when it was killed is taken over within 75 s, and never sent twice",
  async (hosts) => {
    await using cleanup = new AsyncDisposableStack()
    const fleet = await openFleet(cleanup, hosts)
    const victim = await fleet.host("victim")
    const survivor = await fleet.host("survivor")
    const others = [survivor, ...(hosts > 2 ? [await fleet.host("third")] : [])]
    const { load, senders } = await traffic(victim, others)
    const caught = await stopInTheAct(fleet, victim, CAUGHT)
    // Not to be started again.
    await victim[Symbol.asyncDispose]()
    const stopped = { what: victim.name, at: Date.now() }
    // The others go on at once.
    await load.more(50)
    await load.stop()
    await untilTakenOver(fleet, caught)
    await settled(fleet)
    await assertAftermath({ caught, fleet, hosts, load, senders, stopped, survivor })
    for (const other of others) assert.strictEqual(other.ownEnds(), 0, other.errors())
  },
  TEST_MILLIS
)

/** What was decided of messages that the carrier has got, to the last line. */
const decided = (fleet: Fleet, names: ReadonlyArray<string>) =>
  fleet.database.query(`
    SELECT message.account_id::int AS account, message.message_id::int AS id, status, timeline_entries, parts::text,
      (SELECT json_agg(line ORDER BY entry_id)::text FROM sms.ledger_entries line
       WHERE line.account_id = message.account_id AND line.reference = 'message:' || message.message_id) AS money,
      (SELECT json_agg(entry ORDER BY seq)::text FROM sms.timeline entry WHERE entry.account_id = message.account_id
       AND entry.message_id = message.message_id) AS timeline,
      (SELECT state FROM sms.dispatches waiting WHERE waiting.account_id = message.account_id
       AND waiting.message_id = message.message_id) AS waits
    FROM sms.messages message
    WHERE message.account_id || '.' || message.message_id IN (${names.map((name) => `'${name}'`).join(", ")})
    ORDER BY message_id`)

/** From now on the database's log has each statement and its parameters. */
const logStatements = async ({ database }: Fleet) => {
  await database.query("ALTER SYSTEM SET log_statement = 'all'")
  await database.query("SELECT pg_reload_conf()")
  await until("the log has statements", async () => {
    const [setting] = await database.query<{ readonly log_statement: string }>("SHOW log_statement")
    return setting?.log_statement === "all"
  })
}

it.concurrent(
  "8: what a host says that was stopped for longer than its lease changes nothing that the takeover has decided",
  async () => {
    await using cleanup = new AsyncDisposableStack()
    const fleet = await openFleet(cleanup, 7)
    const zombie = await fleet.host("zombie")
    const heir = await fleet.host("heir")
    const { load, senders } = await traffic(zombie, [heir])
    const caught = await stopInTheAct(fleet, zombie, CAUGHT)
    const stopped = { what: zombie.name, at: Date.now() }
    // Those who wait for the zombie may have to wait until it is awake again.
    const loadEnds = load.stop()
    await untilTakenOver(fleet, caught)
    await settled(fleet)
    const names = (await fleet.simulator.log()).messages.map(({ clientRef }) => clientRef)
    const before = await decided(fleet, names)
    await logStatements(fleet)
    const saidBefore = await fleet.database.log()
    assert.isFalse(caught.some(({ token }) => saidBefore.includes(token)))

    zombie.signal("SIGCONT")
    // Nobody but the zombie knows those tokens: it has tried to write back what became of each.
    await until("the zombie has written late", async () => {
      const said = await fleet.database.log()
      return caught.every(({ token }) => said.includes(token))
    })
    await loadEnds
    const hosts = [zombie.url]
    const again = startLoad({ name: "again", hosts, senders, clients: 4, pauseMillis: 60, random: Math.random })
    await again.more(20)
    await again.stop()
    await settled(fleet)

    assert.deepStrictEqual(await decided(fleet, names), before)
    const everything = { ...load, accepted: [...load.accepted, ...again.accepted] }
    await assertAftermath({ caught, fleet, hosts: 2, load: everything, senders, stopped, survivor: heir })
    assert.strictEqual((await fetch(`${zombie.url}/readyz`)).status, 200)
    assert.strictEqual(heir.ownEnds() + zombie.ownEnds(), 0)
  },
  TEST_MILLIS
)
