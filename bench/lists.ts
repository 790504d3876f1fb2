/** Lists and statistics of an account with five million messages against one with ten thousand. */
import { get, load } from "./HttpLoad.ts"
import { percentile, type Row } from "./Row.ts"
import { makeStage, type Sender, type Stage } from "./Stage.ts"

const MANY = 5_000_000
const FEW = 10_000
const DEPTH = 10_000
const MILLIS = 4000
const ROUNDS = 3

export const listsBench = async (): Promise<ReadonlyArray<Row>> => {
  await using stage = await makeStage()
  const { port } = await stage.host()
  const [many, few] = (await stage.senders(2)) as [Sender, Sender]
  await fill(stage, few, FEW)
  await fill(stage, many, MANY)
  await stage.query("ANALYZE sms.messages")

  const p99 = async (sender: Sender, path: string) => {
    const samples: Array<number> = []
    for (let round = 0; round < ROUNDS; round++) {
      const { latencies, statuses } = await load({
        port,
        connections: 2,
        millis: MILLIS,
        next: () => get(`/api/v1/portal/${path}`, sender.key)
      })
      if (statuses.size !== 1 || !statuses.has(200))
        throw new Error(`${path} answered ${[...statuses.keys()].join(", ")}`)
      samples.push(percentile(latencies, 0.99))
    }
    return Math.min(...samples)
  }
  const deep = async (sender: Sender) => `sms?cursor=${await cursorAt(stage, sender, DEPTH)}`

  const newestFew = await p99(few, "sms")
  const newestMany = await p99(many, "sms")
  const deepFew = await p99(few, `sms?cursor=${await cursorAt(stage, few, FEW / 2)}`)
  const deepMany = await p99(many, await deep(many))
  const stats = await p99(many, "sms/stats")
  const against = "the same of ten thousand"
  return [
    { name: "GET /sms, 10,000 messages, p99", value: newestFew, unit: "ms" },
    {
      name: "GET /sms, 5,000,000 messages, p99",
      value: newestMany,
      unit: "ms",
      ratio: newestMany / newestFew,
      against,
      target: "at most 1.5"
    },
    { name: "GET /sms 5,000 deep, 10,000 messages, p99", value: deepFew, unit: "ms" },
    {
      name: "GET /sms 10,000 deep, 5,000,000 messages, p99",
      value: deepMany,
      unit: "ms",
      ratio: deepMany / deepFew,
      against,
      target: "at most 1.5"
    },
    { name: "GET /sms/stats, 5,000,000 messages, p99", value: stats, unit: "ms", target: "under 50" }
  ]
}

/** Over the last 30 days, with one failure in a hundred. */
const fill = async (stage: Stage, { accountId, numberId }: Sender, count: number) => {
  for (let from = 1; from <= count; from += 250_000) {
    await stage.query(
      `INSERT INTO sms.messages (account_id, message_id, direction, number_id, from_number, to_number, body, status,
         segments, encoding, carrier, price, currency, timeline_entries, created_at, updated_at, sent_at, delivered_at)
       SELECT $1, nextval('sms.message_ids'), 'outbound', $2, '+3197100000001', '+3161' || (1000000 + n % 900000),
         'Your order has shipped', CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'delivered' END, 1, 'GSM-7', 'sandbox', 8000,
         'EUR', 4, at, at, at, at
       FROM (SELECT n, now() - n * (interval '30 days' / $3::float8) AS at
             FROM generate_series($4::int8, $5::int8) AS n) made`,
      [accountId, numberId, count, from, Math.min(count, from + 249_999)]
    )
  }
}

const cursorAt = async (stage: Stage, { accountId }: Sender, depth: number): Promise<string> => {
  const [row] = await stage.query<{ readonly created_at: Date; readonly message_id: bigint }>(
    `SELECT created_at, message_id FROM sms.messages WHERE account_id = $1
     ORDER BY created_at DESC, message_id DESC OFFSET $2 LIMIT 1`,
    [accountId, depth]
  )
  return Buffer.from(`${row?.created_at.getTime()}.${row?.message_id}`).toString("base64url")
}
