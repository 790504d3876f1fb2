/**
 * 1,000 endpoints of as many accounts, of which 100 never answer: how long after an event the others have it. The events
 * are what becomes of messages, so all else that a host does goes on beside it.
 */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { load } from "./HttpLoad.ts"
import { inTurn, sendRequest, undelivered, until } from "./requests.ts"
import { percentile, type Row } from "./Row.ts"
import { makeStage, type Stage } from "./Stage.ts"

const ENDPOINTS = 1000
const HANGING = 100

/** Messages a second; each is three events. */
const PER_SECOND = 50
const MILLIS = 30_000

/** Longer than it takes for each that hangs to have had its time-out. */
const WARM_UP_MILLIS = 20_000

export const webhooksBench = async (): Promise<ReadonlyArray<Row>> => {
  await using stage = await makeStage()
  const { memory, port } = await stage.host({ WEBHOOKS_ALLOW_PRIVATE: "true" })
  const senders = await stage.senders(ENDPOINTS)
  const received = new Map<string, number>()
  const server = await receive(received)
  const { port: at } = server.address() as AddressInfo
  await stage.query(
    `INSERT INTO sms.webhooks (account_id, url, events, description, enabled, secret, created_at, updated_at)
     SELECT account_id, 'http://127.0.0.1:${at}/' || CASE WHEN n <= ${HANGING} THEN 'hangs' ELSE 'well' END,
       '{*}', '', true, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', now(), now()
     FROM unnest($1::bigint[]) WITH ORDINALITY AS sender (account_id, n)`,
    [senders.map(({ accountId }) => BigInt(accountId))]
  )
  const next = inTurn(senders.map(sendRequest))
  await load({ port, connections: 16, millis: WARM_UP_MILLIS, next, perSecond: PER_SECOND })
  const [mark] = await stage.query<{ readonly now: Date }>("SELECT now() AS now")
  const { statuses } = await load({ port, connections: 16, millis: MILLIS, next, perSecond: PER_SECOND })
  await until(async () => (await undelivered(stage)) === 0)
  await until(async () => (await left(stage)) === 0)

  const events = await stage.query<{ readonly id: bigint; readonly at: number }>(
    `SELECT event.event_id AS id, extract(epoch FROM event.created_at)::float8 * 1000 AS at
     FROM sms.webhook_events event
     JOIN sms.webhooks webhook USING (account_id) WHERE event.created_at >= $1 AND webhook.url LIKE '%well'`,
    [mark?.now]
  )
  const waits = events
    .map(({ at: told, id }) => (received.get(`evt_${id}`) ?? Number.POSITIVE_INFINITY) - told)
    .sort((a, b) => a - b)
  const used = await memory()
  server.closeAllConnections()
  server.close()
  return [
    {
      name: `messages, over ${ENDPOINTS} accounts`,
      value: (statuses.get(201) ?? 0) / (MILLIS / 1000),
      unit: "messages/s"
    },
    { name: `events of the ${ENDPOINTS - HANGING} endpoints that answer`, value: waits.length, unit: "events" },
    { name: `event -> endpoint beside ${HANGING} that hang, p50`, value: percentile(waits, 0.5), unit: "ms" },
    {
      name: `event -> endpoint beside ${HANGING} that hang, p95`,
      value: percentile(waits, 0.95),
      unit: "ms",
      target: "under 1000"
    },
    { name: "the longest of them", value: waits.at(-1) ?? Number.NaN, unit: "ms" },
    { name: "memory of the host", value: used, unit: "MiB" }
  ]
}

/** When each event came first, by its name. */
const receive = async (received: Map<string, number>): Promise<Server> => {
  const server = createServer((request, response) => {
    const now = Date.now()
    request.resume()
    if (request.url === "/hangs") return
    const id = String(request.headers["webhook-id"])
    if (!received.has(id)) received.set(id, now)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return server
}

/** Deliveries to those that answer which are not there yet. */
const left = async (stage: Stage): Promise<number> => {
  const [row] = await stage.query<{ readonly count: bigint }>(
    `SELECT count(*) AS count FROM sms.webhook_deliveries delivery
     JOIN sms.webhooks webhook USING (account_id, webhook_id)
     WHERE delivery.state <> 'succeeded' AND webhook.url LIKE '%well'`
  )
  return Number(row?.count ?? 0)
}
