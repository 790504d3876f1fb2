/** Accepting against the yardstick, in rounds that take turns, so that noise hits all alike; nothing is delivered meanwhile. */
import { load, type LoadResult } from "./HttpLoad.ts"
import { batchRequest, inTurn, pauseCarrier, sendRequest } from "./requests.ts"
import { median, percentile, type Row } from "./Row.ts"
import { makeStage, type Sender } from "./Stage.ts"
import { yardstick } from "./Yardstick.ts"

const ROUNDS = 5
const MILLIS = 4000

const rate = (result: LoadResult, status: number) => (result.statuses.get(status) ?? 0) / result.seconds

export const sendBench = async (): Promise<ReadonlyArray<Row>> => {
  await using stage = await makeStage()
  const { port } = await stage.host()
  const senders = await stage.senders(100)
  // There are a hundred.
  const first = senders[0] as Sender
  const one = sendRequest(first)
  const hundred = inTurn(senders.map(sendRequest))
  const batch = batchRequest(first)
  await pauseCarrier(stage, true)
  await load({ port, connections: 128, millis: MILLIS, next: hundred })

  // What the disk takes for a commit sets the yardsticks, whose every message is one, and hardly what gathers them.
  const alone = 1000 / (await yardstick(stage.url, 1, MILLIS, 1))
  const rounds: Array<Record<"yard1" | "send1" | "p99" | "yard100" | "send100" | "batch", number>> = []
  for (let round = 0; round < ROUNDS; round++) {
    const yard1 = await yardstick(stage.url, 1, MILLIS)
    const send1 = await load({ port, connections: 128, millis: MILLIS, next: () => one })
    const yard100 = await yardstick(stage.url, 100, MILLIS)
    const send100 = await load({ port, connections: 128, millis: MILLIS, next: hundred })
    const batches = await load({ port, connections: 4, millis: MILLIS, next: () => batch })
    rounds.push({
      yard1,
      send1: rate(send1, 201),
      p99: percentile(send1.latencies, 0.99),
      yard100,
      send100: rate(send100, 201),
      batch: rate(batches, 200) * 1000
    })
  }
  const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick))
  return [
    { name: "one message of the yardstick alone, commit included", value: alone, unit: "ms" },
    { name: "yardstick, one wallet", value: of((one) => one.yard1), unit: "messages/s" },
    {
      name: "POST /sms/send, one account, 128 connections",
      value: of((one) => one.send1),
      unit: "messages/s",
      ratio: of((one) => one.send1 / one.yard1),
      against: "yardstick, one wallet",
      target: "at least 4"
    },
    { name: "its p99", value: of((one) => one.p99), unit: "ms" },
    { name: "yardstick, 100 wallets", value: of((one) => one.yard100), unit: "messages/s" },
    {
      name: "POST /sms/send, 100 accounts, 128 connections",
      value: of((one) => one.send100),
      unit: "messages/s",
      ratio: of((one) => one.send100 / one.yard100),
      against: "yardstick, 100 wallets",
      target: "at least 0.8"
    },
    {
      name: "POST /sms/batch, 1,000 a call, one account",
      value: of((one) => one.batch),
      unit: "messages/s",
      ratio: of((one) => one.batch / one.yard1),
      against: "yardstick, one wallet",
      target: "at least 10"
    }
  ]
}
