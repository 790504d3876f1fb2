/** A customer with money and things to name, and another one whom the fuzzed admin operations may do anything to. */
import { assert } from "vitest"
import type { TestHost } from "../startHost.ts"

export interface World {
  readonly adminToken: string
  /** Most requests come from the first. */
  readonly customers: readonly [Customer, Customer]
  readonly messageIds: ReadonlyArray<number>
  readonly messageCursors: ReadonlyArray<string>
  readonly entryCursors: ReadonlyArray<string>
  readonly optOutCursors: ReadonlyArray<string>
  /** Who have opted out of all of the first customer's `numberIds`. */
  readonly stopped: ReadonlyArray<string>
  /** Not those that the requests are sent with. */
  readonly spareKeyIds: ReadonlyArray<number>
  /** It stays as it is, with these deliveries. */
  readonly webhookId: number
  readonly deliveryIds: ReadonlyArray<number>
  readonly deliveryCursors: ReadonlyArray<string>
  readonly spareWebhookIds: ReadonlyArray<number>
  /** To be ordered. */
  readonly offered: ReadonlyArray<string>
}

export interface Customer {
  readonly accountId: number
  readonly key: string
  /** SMS is on, to begin with. */
  readonly numberIds: ReadonlyArray<number>
  /** The same. */
  readonly numbers: ReadonlyArray<string>
  readonly otherNumberIds: ReadonlyArray<number>
}

export const openWorld = async (host: TestHost, adminToken: string): Promise<World> => {
  const ask = async (method: string, path: string, key: string, json?: unknown) => {
    const { body, status } = await host.call(method, path, { key, json })
    assert.oneOf(status, [200, 201, 202], `${method} ${path}: ${JSON.stringify(body)}`)
    return body
  }
  const offer = async (query: string, key: string): Promise<ReadonlyArray<string>> =>
    (await ask("GET", `numbers/available?${query}`, key)).numbers.map(({ number }: { number: string }) => number)

  const open = async (name: string): Promise<Customer> => {
    const { account, api_key: key } = await ask("POST", "/api/v1/admin/accounts", adminToken, { name })
    const path = `/api/v1/admin/accounts/${account.id}`
    await ask("PATCH", path, adminToken, { rate_limit_per_second: 10_000 })
    await ask("POST", `${path}/credits`, adminToken, { amount: "100000", reference: "to begin with" })
    const items = (await offer("country=NL&type=mobile&limit=6", key)).map((number) => ({ number, sms: true }))
    const { numbers } = await ask("POST", "numbers/orders", key, { items })
    const ids = numbers.map(({ id }: { id: number }) => id)
    return {
      accountId: account.id,
      key,
      numberIds: ids.slice(0, 4),
      numbers: numbers.slice(0, 4).map(({ number }: { number: string }) => number),
      otherNumberIds: ids.slice(4)
    }
  }

  const customer = await open("Fuzzed")
  const { key, numberIds } = customer
  const messages = Array.from({ length: 30 }, (_, i) => ({
    from_number_id: numberIds[i % numberIds.length],
    to: `+3161234567${i % 10}`,
    body: `message ${i}`
  }))
  const sent = await ask("POST", "sms/batch", key, { messages })
  const stopped = Array.from({ length: 5 }, (_, i) => `+3162234567${i}`)
  for (const from of stopped) {
    for (const to of customer.numbers) await ask("POST", "sandbox/inbound", key, { from, to, body: "STOP" })
  }
  const spareKeyIds = []
  for (let i = 0; i < 40; i++) {
    spareKeyIds.push((await ask("POST", "api_keys", key, { name: `spare ${i}`, scopes: ["sms:read"] })).api_key.id)
  }
  // Nobody listens there.
  const hook = { url: "http://127.0.0.1:1/", events: ["sms.received"] }
  const webhookIds: Array<number> = []
  for (let i = 0; i < 20; i++) webhookIds.push((await ask("POST", "webhooks", key, hook)).webhook.id)
  const [webhookId = 0, ...spareWebhookIds] = webhookIds
  const deliveryIds = []
  for (let i = 0; i < 10; i++) {
    deliveryIds.push((await ask("POST", `webhooks/${webhookId}/test`, key)).delivery.id)
  }
  const cursors = (path: string) =>
    Promise.all([1, 7].map(async (limit) => (await ask("GET", `${path}?limit=${limit}`, key)).next_cursor))

  return {
    adminToken,
    customers: [customer, await open("Operated")],
    messageIds: sent.results.map(({ message }: { message: { id: number } }) => message.id),
    messageCursors: await cursors("sms"),
    entryCursors: await cursors("wallet/entries"),
    optOutCursors: await cursors("opt_outs"),
    stopped,
    spareKeyIds,
    webhookId,
    deliveryIds,
    deliveryCursors: await cursors(`webhooks/${webhookId}/deliveries`),
    spareWebhookIds,
    offered: [
      ...(await offer("country=US&type=local&limit=200", key)),
      ...(await offer("country=GB&type=mobile&limit=50", key))
    ]
  }
}
