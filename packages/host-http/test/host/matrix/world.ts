/**
 * An account that has something of each kind, all of it made over the API, and the requests that made it: whoever repeats
 * one names what came of it. A customer has two accounts, one for live keys and one for test keys.
 */
import { assert } from "vitest"
import type { Answer, TestHost } from "../startHost.ts"

export interface World {
  readonly name: string
  readonly accountId: number
  readonly key: string
  readonly number: { readonly id: number; readonly number: string }
  readonly message: { readonly id: number; readonly to: string; readonly body: string }
  /** That it has no more use for. */
  readonly spareKeyId: number
  readonly webhookId: number
  readonly deliveryId: number
  /** That it has no more use for. */
  readonly spareWebhookId: number
  /** Of the second page of each list. */
  readonly messageCursor: string
  readonly entryCursor: string
  readonly optOutCursor: string
  /** Has opted out from `number`, as others have. */
  readonly stopped: string
  readonly made: Readonly<Record<"send" | "batch" | "order" | "topUp" | "apiKey" | "webhook", Made>>
  readonly deliveryCursor: string
  /** Texts that are in this account's things alone. */
  readonly marks: ReadonlyArray<string>
}

/** A request that made something, with an Idempotency-Key, and its answer. */
export interface Made {
  readonly json: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly answer: Answer["body"]
}

/** `receiver` is where its webhooks are. */
export const openWorlds = async (host: TestHost, adminToken: string, name: string, receiver: string) => {
  const { body, status } = await host.call("POST", "/api/v1/admin/accounts", { key: adminToken, json: { name } })
  assert.strictEqual(status, 201, JSON.stringify(body))
  const { account, api_key, test_api_key } = body
  return {
    live: await openWorld(host, `${name}'s live account`, account.id, api_key, receiver),
    test: await openWorld(host, `${name}'s test account`, account.test_account_id, test_api_key, receiver)
  }
}

const openWorld = async (
  host: TestHost,
  name: string,
  accountId: number,
  key: string,
  receiver: string
): Promise<World> => {
  const get = async (path: string) => {
    const { body, status } = await host.call("GET", path, { key })
    assert.strictEqual(status, 200, JSON.stringify(body))
    return body
  }
  const make = async (path: string, json: unknown): Promise<Made> => {
    const headers = { "idempotency-key": `${path} of ${name}` }
    const { body, status } = await host.call("POST", path, { key, json, headers })
    assert.oneOf(status, [200, 201], JSON.stringify(body))
    return { json, headers, answer: body }
  }

  const topUp = await make("wallet/top_ups", { amount: "20" })
  const offered = await get("numbers/available?country=NL&type=mobile&limit=1")
  const order = await make("numbers/orders", { items: [{ number: offered.numbers[0].number, sms: true }] })
  const number = order.answer.numbers[0]
  const text = { from_number_id: number.id, to: `+3161234${String(accountId).padStart(4, "0")}`, body: `from ${name}` }
  const send = await make("sms/send", text)
  const batch = await make("sms/batch", { messages: [text, text] })
  const people = [1, 2, 3].map((i) => `+316223${String(accountId).padStart(4, "0")}${i}`)
  for (const from of people) {
    const stop = { from, to: number.number, body: "STOP" }
    const { body, status } = await host.call("POST", "sandbox/inbound", { key, json: stop })
    assert.strictEqual(status, 202, JSON.stringify(body))
  }
  const [stopped = ""] = people
  const apiKey = await make("api_keys", { name: `key of ${name}` })

  // No wallet is low here: what is delivered is what a test asks for.
  const hook = (which: string) => ({ url: `${receiver}?${which}&of=${accountId}`, events: ["wallet.low_balance"] })
  const webhook = await make("webhooks", hook("first"))
  const { id: webhookId, secret } = webhook.answer.webhook
  const spare = await host.call("POST", "webhooks", { key, json: hook("spare") })
  const test = () => host.call("POST", `webhooks/${webhookId}/test`, { key })
  const { body: tested } = await test()
  await test()

  return {
    name,
    accountId,
    key,
    number,
    message: send.answer.message,
    spareKeyId: apiKey.answer.api_key.id,
    webhookId,
    deliveryId: tested.delivery.id,
    spareWebhookId: spare.body.webhook.id,
    deliveryCursor: (await get(`webhooks/${webhookId}/deliveries?limit=1`)).next_cursor,
    messageCursor: (await get("sms?limit=1")).next_cursor,
    entryCursor: (await get("wallet/entries?limit=1")).next_cursor,
    optOutCursor: (await get("opt_outs?limit=1")).next_cursor,
    stopped,
    made: { send, batch, order, topUp, apiKey, webhook },
    marks: [
      number.number,
      text.to,
      text.body,
      `key of ${name}`,
      apiKey.answer.api_key.key,
      apiKey.answer.api_key.hint,
      hook("first").url,
      secret
    ]
  }
}
