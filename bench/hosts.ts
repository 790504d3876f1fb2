/** One, two and four hosts on one database: the total does not fall, and what they wait for is wallets alone. */
import { load } from "./HttpLoad.ts"
import { inTurn, sendRequest, undelivered, until } from "./requests.ts"
import type { Row } from "./Row.ts"
import { type HostProcess, makeStage, type Stage } from "./Stage.ts"

const MILLIS = 10_000
const CONNECTIONS = 128

/** Of all hosts together, as docs/operating.md advises for two cores; no host has fewer than four. */
const DATABASE_CONNECTIONS = 8

/** For each host: all of them share the cores, and each has to compile its code as one alone does. */
const WARM_MILLIS = 8000

export const hostsBench = async (): Promise<ReadonlyArray<Row>> => {
  const rows: Array<Row> = []
  let alone = Number.NaN
  for (const count of [1, 2, 4]) {
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
    const total = (accepted - (open?.left ?? 0)) / seconds
    if (count === 1) alone = total
    rows.push({
      name: `${count} ${count === 1 ? "host" : "hosts"}, accepted and delivered`,
      value: total,
      unit: "messages/s",
      ratio: total / alone,
      against: "one host",
      target: "at least 1"
    })
    rows.push({ name: `${count} hosts: accepted`, value: accepted / seconds, unit: "messages/s" })
    for (const [table, seen] of waits) {
      rows.push({ name: `${count} hosts: waits seen for ${table.replace(/\s+/g, " ")}`, value: seen, unit: "samples" })
    }
  }
  return rows
}

/** Which tables' statements were seen waiting for a lock. */
const watchLocks = (stage: Stage) => {
  const waits = new Map<string, number>()
  const stop = new AbortController()
  const look = async () => {
    while (!stop.signal.aborted) {
      const waiting = await stage.query<{ readonly query: string }>(
        "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
      )
      for (const { query } of waiting) {
        const table = /(?:FROM|INTO|UPDATE)\s+(sms\.\w+)/.exec(query)?.[1] ?? query.trim().slice(0, 40)
        waits.set(table, (waits.get(table) ?? 0) + 1)
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
