/** A thousand clients that listen while messages are delivered: what they cost, and how long a change takes to each. */
import { connect } from "node:net"
import { load } from "./HttpLoad.ts"
import { inTurn, sendRequest, undelivered, until } from "./requests.ts"
import { percentile, type Row } from "./Row.ts"
import { makeStage, type Sender, type Stage } from "./Stage.ts"

const LISTENERS = Number(process.env.LISTENERS ?? 1000)
const ACCOUNTS = 100
const MILLIS = 20_000
const PER_SECOND = 50

export const listenersBench = async (): Promise<ReadonlyArray<Row>> => {
  await using stage = await makeStage()
  const { memory, port } = await stage.host()
  const other = await stage.host()
  const senders = await stage.senders(ACCOUNTS)
  const next = inTurn(senders.map(sendRequest))
  const loading = (to: number) => load({ port: to, connections: 8, millis: MILLIS, next, perSecond: PER_SECOND })
  await loading(port)
  const before = await memory()
  const alone = await loading(port)
  await until(async () => (await undelivered(stage)) === 0)
  const changesBefore = await changes(stage)

  const listeners = Array.from({ length: LISTENERS }, (_, i) => listen(port, senders[i % ACCOUNTS] as Sender))
  await until(async () => listeners.every(({ heard }) => heard.began))
  await new Promise((resolve) => setTimeout(resolve, 5000))
  const idle = await memory()
  const beside = await loading(port)
  await until(async () => (await undelivered(stage)) === 0)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const here = latenciesOf(listeners)
  const busy = await memory()
  await loading(other.port)
  await until(async () => (await undelivered(stage)) === 0)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const elsewhere = latenciesOf(listeners)
  const events = listeners.reduce((sum, { heard }) => sum + heard.events, 0)
  const expected = ((await changes(stage)) - changesBefore) * (LISTENERS / ACCOUNTS)
  for (const { socket } of listeners) socket.destroy()

  const accepted = (all: number) => `of a send beside ${all} listeners, p95`
  return [
    { name: `memory without listeners`, value: before, unit: "MiB" },
    { name: `memory with ${LISTENERS} listeners of ${ACCOUNTS} accounts, idle`, value: idle, unit: "MiB" },
    { name: `memory with ${LISTENERS} listeners under load`, value: busy, unit: "MiB" },
    { name: "from the change to its listener, p50", value: percentile(here, 0.5), unit: "ms" },
    { name: "from the change to its listener, p95", value: percentile(here, 0.95), unit: "ms", target: "under 500" },
    { name: "the same of another host's changes, p50", value: percentile(elsewhere, 0.5), unit: "ms" },
    {
      name: "the same of another host's changes, p95",
      value: percentile(elsewhere, 0.95),
      unit: "ms",
      target: "under 1500"
    },
    { name: accepted(0), value: percentile(alone.latencies, 0.95), unit: "ms" },
    { name: accepted(LISTENERS), value: percentile(beside.latencies, 0.95), unit: "ms" },
    {
      name: "events heard",
      value: events,
      unit: "events",
      ratio: events / expected,
      against: "what happened",
      target: "1"
    },
    {
      name: "streams that ended",
      value: listeners.filter(({ heard }) => heard.ended).length,
      unit: "streams",
      target: "0"
    }
  ]
}

const changes = async (stage: Stage): Promise<number> => {
  const [row] = await stage.query<{ readonly count: bigint }>(
    "SELECT count(*) AS count FROM sms.timeline WHERE changed"
  )
  return Number(row?.count ?? 0)
}

/** A socket that reads events, and takes no more memory than what it learns from them. */
const listen = (port: number, { key }: Sender) => {
  const socket = connect({ port, host: "127.0.0.1" })
  const heard = { began: false, ended: false, events: 0, latencies: [] as Array<number> }
  socket.setEncoding("latin1")
  let rest = ""
  socket.on("data", (text: string) => {
    heard.began ||= text.startsWith("HTTP/1.1 200 ")
    const now = Date.now()
    const lines = (rest + text).split("\n")
    rest = lines.pop() ?? ""
    for (const [, at = ""] of lines.join("\n").matchAll(/"updated_at":"([^"]+)"/g)) {
      heard.events++
      heard.latencies.push(now - Date.parse(at))
    }
  })
  socket.on("error", () => (heard.ended = true))
  socket.on("end", () => (heard.ended = true))
  socket.write(`GET /api/v1/portal/sms/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\n\r\n`)
  return { socket, heard }
}

/** Milliseconds of what was heard since they were last asked for, sorted. */
const latenciesOf = (listeners: ReadonlyArray<ReturnType<typeof listen>>): ReadonlyArray<number> =>
  listeners.flatMap(({ heard }) => heard.latencies.splice(0)).sort((a, b) => a - b)
