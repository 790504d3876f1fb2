/** One, two and four hosts on one database: the total does not fall, and what they wait for is wallets alone. */
import { load } from "./HttpLoad.ts"
import { inTurn, sendRequest, undelivered, until } from "./requests.ts"
import { median, type Row } from "./Row.ts"
import { type HostProcess, makeStage, type Stage } from "./Stage.ts"

const MILLIS = 10_000
const CONNECTIONS = 128

/** Of all hosts together, as docs/operating.md advises for two cores; no host has fewer than four. */
const DATABASE_CONNECTIONS = 8

/** For each host: all of them share the cores, and each has to compile its code as one alone does. */
const WARM_MILLIS = 20_000

/** One after the other, so that a machine that slows down for a minute does so for all alike. */
const ROUNDS = 3

const COUNTS = [1, 2, 4] as const

interface Measured {
  /** Accepted and delivered in a second. */
  readonly total: number
  readonly accepted: number
  readonly waits: ReadonlyMap<string, number>
}

export const hostsBench = async (): Promise<ReadonlyArray<Row>> => {
  const rounds: Array<ReadonlyMap<number, Measured>> = []
  for (let round = 0; round < ROUNDS; round++) {
    const measured = new Map<number, Measured>()
    for (const count of COUNTS) measured.set(count, await measure(count))
    rounds.push(measured)
  }
  return COUNTS.flatMap((count): ReadonlyArray<Row> => {
    const all = rounds.flatMap((round) => round.get(count) ?? [])
    const ratios = rounds.map((round) => (round.get(count)?.total ?? Number.NaN) / (round.get(1)?.total ?? Number.NaN))
    const tables = new Set(all.flatMap(({ waits }) => [...waits.keys()]))
    return [
      {
        name: `${count} ${count === 1 ? "host" : "hosts"}, accepted and delivered`,
        value: median(all.map(({ total }) => total)),
        unit: "messages/s",
        ratio: median(ratios),
        against: "one host",
        target: "at least 1"
      },
      { name: `${count} hosts: accepted`, value: median(all.map(({ accepted }) => accepted)), unit: "messages/s" },
      ...[...tables].map((table) => ({
        name: `${count} hosts: waits seen for ${table}`,
        value: Math.max(...all.map(({ waits }) => waits.get(table) ?? 0)),
        unit: "samples"
      }))
    ]
  })
}

const measure = async (count: number): Promise<Measured> => {
  await using stage = await makeStage()
  const hosts: Array<HostProcess> = []
  for (let i = 0; i < count; i++)
    hosts.push(await stage.host({ DATABASE_CONNECTIONS: String(Math.max(4, DATABASE_CONNECTIONS / count)) }))
  const hundred = inTurn((await stage.senders(100)).map(sendRequest))
  const everywhere = (millis: number) =>
    Promise.all(hosts.map(({ port }) => load({ port, connections: CONNECTIONS / count, millis, next: hundred })))
  await everywhere(WARM_MILLIS * count)
  await until(async () => (await undelivered(stage)) === 0)

  const watch = watchLocks(stage)
  const results = await everywhere(MILLIS)
  const [open] = await stage.query<{ readonly left: number }>(
    "SELECT count(*)::int AS left FROM sms.message_statuses WHERE status IN ('queued', 'sending', 'sent')"
  )
  const waits = await watch.end()
  const accepted = results.reduce((sum, { statuses }) => sum + (statuses.get(201) ?? 0), 0)
  const seconds = Math.max(...results.map((result) => result.seconds))
  // What is accepted alone could be had by delivering less.
  return { total: (accepted - (open?.left ?? 0)) / seconds, accepted: accepted / seconds, waits }
}

/** What was waited for: the table and the kind of lock, which for a row is the transaction that has changed it. */
const watchLocks = (stage: Stage) => {
  const waits = new Map<string, number>()
  const stop = new AbortController()
  const look = async () => {
    while (!stop.signal.aborted) {
      const waiting = await stage.query<{
        readonly table: string | null
        readonly kind: string
        readonly query: string
      }>(`
        SELECT coalesce(wait.relation, held.relation)::regclass::text AS "table", wait.locktype AS kind, query
        FROM pg_locks wait JOIN pg_stat_activity activity ON activity.pid = wait.pid
        LEFT JOIN pg_locks held ON held.pid = wait.pid AND held.locktype = 'tuple' AND held.granted
        WHERE NOT wait.granted`)
      for (const { kind, query, table } of waiting) {
        const what = `${table ?? query.trim().slice(0, 40).replace(/\s+/g, " ")} (${kind})`
        waits.set(what, (waits.get(what) ?? 0) + 1)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return waits
  }
  const looking = look()
  return {
    end: () => {
      stop.abort()
      return looking
    }
  }
}
