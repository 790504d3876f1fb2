/** From accepted to delivered through the sandbox at no delay, pick-up on an idle host, fairness, memory. */
import { load } from "./HttpLoad.ts"
import { batchRequest, inTurn, pauseCarrier, sendRequest, undelivered, until } from "./requests.ts"
import { median, percentile, type Row } from "./Row.ts"
import { makeStage, type Sender, type Stage } from "./Stage.ts"

const ACCEPT_MILLIS = 8000
const SUSTAIN_MILLIS = 60_000
const PICK_UPS = 200
const CROWD = 100_000
const QUEUED = 300_000

export const deliverBench = async (): Promise<ReadonlyArray<Row>> => {
  await using stage = await makeStage()
  const { memory, port } = await stage.host()
  const senders = await stage.senders(102)
  const hundred = inTurn(senders.slice(0, 100).map(sendRequest))
  const [crowd, lone] = senders.slice(100) as [Sender, Sender]
  await load({ port, connections: 128, millis: 3000, next: hundred })
  await until(async () => (await undelivered(stage)) === 0)

  const pickUp = await pickUps(stage, port, lone)

  await pauseCarrier(stage, true)
  const accepted = await load({ port, connections: 128, millis: ACCEPT_MILLIS, next: hundred })
  const acceptRate = (accepted.statuses.get(201) ?? 0) / accepted.seconds
  await pauseCarrier(stage, false)
  await until(async () => (await undelivered(stage)) === 0)

  // A little over half of the rate that it accepts at, and a queue that is no longer in the last quarter than in the second.
  const perSecond = acceptRate * 0.505
  const running = load({ port, connections: 128, millis: SUSTAIN_MILLIS, next: hundred, perSecond })
  await pause(SUSTAIN_MILLIS / 4)
  const early = await underWay(stage, SUSTAIN_MILLIS / 4)
  await pause(SUSTAIN_MILLIS / 4)
  const late = await underWay(stage, SUSTAIN_MILLIS / 4)
  const sustained = await running
  const rate = (sustained.statuses.get(201) ?? 0) / sustained.seconds
  await until(async () => (await undelivered(stage)) === 0)
  const before = await memory()

  // As many as 300,000 queued, from one account; then another sends one.
  await pauseCarrier(stage, true)
  const batch = batchRequest(crowd)
  let left = CROWD / 1000
  while (left-- > 0) await load({ port, connections: 1, millis: 1, next: () => batch })
  await pauseCarrier(stage, false)
  const fair = await lonesFate(stage, port, lone)
  await pauseCarrier(stage, true)
  while ((await undelivered(stage)) < QUEUED) await load({ port, connections: 4, millis: 2000, next: () => batch })
  await load({ port, connections: 128, millis: 5000, next: hundred })
  const full = await memory()
  await pauseCarrier(stage, false)
  await load({ port, connections: 128, millis: 5000, next: hundred })
  const draining = await memory()

  return [
    { name: "accepted, 100 accounts", value: acceptRate, unit: "messages/s" },
    {
      name: "accepted and delivered, sustained for 60 s",
      value: rate,
      unit: "messages/s",
      ratio: rate / acceptRate,
      against: "accepted, 100 accounts",
      target: "at least 0.5"
    },
    { name: "not yet delivered, median of the second quarter", value: early, unit: "messages" },
    {
      name: "not yet delivered, median of the last quarter",
      value: late,
      unit: "messages",
      ratio: late / early,
      against: "not yet delivered, median of the second quarter",
      target: "no more than before"
    },
    { name: "queued -> sending on an idle host, p95", value: percentile(pickUp, 0.95), unit: "ms", target: "under 50" },
    { name: "sent while another has 100,000 queued", value: fair, unit: "ms", target: "under 1000" },
    { name: "memory of the host after 60 s of load", value: before, unit: "MiB" },
    { name: "memory with 300,000 queued, accepting", value: full, unit: "MiB", target: "under 300" },
    { name: "memory with 300,000 queued, delivering", value: draining, unit: "MiB", target: "under 300" }
  ]
}

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

/** The median of what is not at its end meanwhile. */
const underWay = async (stage: Stage, millis: number): Promise<number> => {
  const seen: Array<number> = []
  for (const end = performance.now() + millis; performance.now() < end; await pause(250)) {
    seen.push(await undelivered(stage))
  }
  return median(seen)
}

/** Milliseconds from queued to sending of messages that come one by one, sorted. */
const pickUps = async (stage: Stage, port: number, { accountId, key, numberId }: Sender) => {
  const one = sendRequest({ accountId, key, numberId })
  for (let i = 0; i < PICK_UPS; i++) {
    await load({ port, connections: 1, millis: 1, next: () => one })
    await until(async () => (await undelivered(stage)) === 0, 5)
  }
  const rows = await stage.query<{ readonly millis: number }>(
    `SELECT extract(epoch FROM sending.at - queued.at)::float8 * 1000 AS millis
     FROM sms.timeline queued JOIN sms.timeline sending USING (account_id, message_created_at, message_id)
     WHERE account_id = $1 AND queued.status = 'queued' AND sending.status = 'sending' AND sending.changed`,
    [accountId]
  )
  return rows.map(({ millis }) => millis).sort((a, b) => a - b)
}

/** Milliseconds until the message of an account with nothing else queued is sent. */
const lonesFate = async (stage: Stage, port: number, lone: Sender): Promise<number> => {
  const one = sendRequest(lone)
  const started = performance.now()
  await load({ port, connections: 1, millis: 1, next: () => one })
  await until(async () => {
    const [row] = await stage.query<{ readonly status: string }>(
      "SELECT status FROM sms.messages WHERE account_id = $1 ORDER BY created_at DESC, message_id DESC LIMIT 1",
      [lone.accountId]
    )
    return row?.status === "sent" || row?.status === "delivered"
  }, 5)
  return performance.now() - started
}
