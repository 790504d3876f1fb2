/** Far more clients than the host can serve, each of which sends again at once: what is accepted is accepted in time. */
import { load } from "./HttpLoad.ts"
import { inTurn, pauseCarrier, sendRequest } from "./requests.ts"
import { percentile, type Row } from "./Row.ts"
import { makeStage } from "./Stage.ts"

const CONNECTIONS = Number(process.env.OVERLOAD_CONNECTIONS ?? 5000)
const CALM_MILLIS = 5000
const SPIKE_MILLIS = 60_000

export const overloadBench = async (): Promise<ReadonlyArray<Row>> => {
  await using stage = await makeStage()
  const { memory, port } = await stage.host()
  const next = inTurn((await stage.senders(100)).map(sendRequest))
  await pauseCarrier(stage, true)
  const calmLoad = { port, connections: 64, millis: CALM_MILLIS, next }
  await load(calmLoad)
  const before = await load(calmLoad)
  const calm = await memory()

  const running = load({ port, connections: CONNECTIONS, millis: SPIKE_MILLIS, next })
  await new Promise((resolve) => setTimeout(resolve, SPIKE_MILLIS / 4))
  const early = await memory()
  await new Promise((resolve) => setTimeout(resolve, SPIKE_MILLIS / 2))
  const late = await memory()
  const spike = await running
  await new Promise((resolve) => setTimeout(resolve, CALM_MILLIS))
  const after = await load(calmLoad)

  const accepted = spike.latenciesOf.get(201) ?? []
  const refused = spike.latenciesOf.get(503) ?? []
  const rate = (count: number, seconds: number) => count / seconds
  const calmRate = rate(before.statuses.get(201) ?? 0, before.seconds)
  const spikeRate = rate(accepted.length, spike.seconds)
  const afterRate = rate(after.statuses.get(201) ?? 0, after.seconds)
  const others = [...spike.statuses].reduce(
    (sum, [status, count]) => sum + (status === 201 || status === 503 ? 0 : count),
    0
  )
  return [
    { name: "accepted, 64 connections", value: calmRate, unit: "messages/s" },
    { name: "its p99", value: percentile(before.latencies, 0.99), unit: "ms" },
    {
      name: `accepted, ${CONNECTIONS} connections that send again at once`,
      value: spikeRate,
      unit: "messages/s",
      ratio: spikeRate / calmRate,
      against: "accepted, 64 connections"
    },
    { name: "p50 of what is accepted", value: percentile(accepted, 0.5), unit: "ms" },
    { name: "p99 of what is accepted", value: percentile(accepted, 0.99), unit: "ms", target: "under 2000" },
    { name: "told 503", value: rate(refused.length, spike.seconds), unit: "answers/s" },
    { name: "p99 of a 503", value: percentile(refused, 0.99), unit: "ms" },
    { name: "connections cut off", value: spike.cut, unit: "connections", target: "0" },
    { name: "neither 201 nor 503", value: others, unit: "answers", target: "0" },
    { name: "memory before", value: calm, unit: "MiB" },
    { name: "memory after a quarter of it", value: early, unit: "MiB" },
    { name: "memory after three quarters of it", value: late, unit: "MiB", ratio: late / early, target: "at most 1.1" },
    {
      name: "accepted 5 s after its end, 64 connections",
      value: afterRate,
      unit: "messages/s",
      ratio: afterRate / calmRate,
      against: "accepted, 64 connections",
      target: "at least 0.8"
    },
    { name: "its p99", value: percentile(after.latencies, 0.99), unit: "ms" }
  ]
}
