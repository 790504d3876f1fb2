/**
 * How each operation is tried on what is another account's: what of the other's a request names, and what becomes of it
 * with a key that is not theirs. Whoever adds an operation adds it here.
 */
import type { Scope } from "@cliqtel/sms-core"
import { assert } from "vitest"
import type { Rows } from "../rows.ts"
import type { Answer, CallOptions } from "../startHost.ts"
import type { Made, World } from "./world.ts"

export type Tried = Portal | Admin | Public

/** Asks with an API key. */
export interface Portal {
  readonly kind: "portal"
  readonly scope: Scope
  readonly trials: ReadonlyArray<Trial>
}

/** Asks with the admin token: an API key is none, whatever the request names. */
export interface Admin {
  readonly kind: "admin"
  readonly request: (of: World) => Request
}

/** Needs no key. */
export interface Public {
  readonly kind: "public"
  readonly because: string
}

export interface Request extends Pick<CallOptions, "json" | "headers"> {
  readonly path: string
}

export interface Trial {
  /** What of theirs the request names. */
  readonly names: string
  readonly request: (of: World) => Request
  /** What its owner gets. */
  readonly own: (answer: Answer, of: World, rows: Rows) => void | Promise<void>
  /** What somebody else gets. */
  readonly foreign: (answer: Answer, by: World, rows: Rows) => void | Promise<void>
  /** Whether somebody else's try may change something of their own; what is the owner's never changes. */
  readonly changesOwn?: boolean
}

const portal = (scope: Scope, ...trials: ReadonlyArray<Trial>): Portal => ({ kind: "portal", scope, trials })

const admin = (request: Admin["request"]): Admin => ({ kind: "admin", request })

const open = (because: string): Public => ({ kind: "public", because })

const answered = (status: number) => (answer: Answer) => {
  assert.strictEqual(answer.status, status, JSON.stringify(answer.body))
  assert.strictEqual(answer.body.success, true)
}

const refused = (status: number, code: string) => (answer: Answer) => {
  assert.deepStrictEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body))
}

const notFound = refused(404, "not_found")

/** The answer that was given before, and it says so. */
const again = (answer: Answer, { answer: before }: Made) => {
  assert.strictEqual(answer.headers.get("idempotent-replayed"), "true", JSON.stringify(answer.body))
  assert.deepStrictEqual(answer.body, before)
}

const notAgain = (answer: Answer) => assert.isNull(answer.headers.get("idempotent-replayed"))

const idsIn = (list: ReadonlyArray<{ readonly id: number }>) => list.map(({ id }) => id)

const some = (list: string) => (answer: Answer) => {
  answered(200)(answer)
  assert.isNotEmpty(answer.body[list])
}

const none = (list: string) => (answer: Answer) => {
  answered(200)(answer)
  assert.deepStrictEqual(answer.body[list], [])
}

/** All that the account has, and nothing else. */
const theirs = (list: string, table: string, column: string) => async (answer: Answer, by: World, rows: Rows) => {
  answered(200)(answer)
  const ids = idsIn(answer.body[list])
  assert.isNotEmpty(ids)
  assert.sameMembers(ids, [...(await rows.ids(table, column, by.accountId))])
}

/** Something of what the account has, or nothing; and nothing else. */
const amongTheirs = (list: string, table: string, column: string) => async (answer: Answer, by: World, rows: Rows) => {
  answered(200)(answer)
  assert.includeMembers([...(await rows.ids(table, column, by.accountId))], idsIn(answer.body[list]))
}

const theirNumbers = theirs("numbers", "numbers", "number_id")
const theirBalance = async ({ body, status }: Answer, by: World, rows: Rows) => {
  assert.oneOf(status, [200, 201], JSON.stringify(body))
  const [wallet] = await rows.query<{ readonly balance: number }>(
    `SELECT (balance / 1e6)::float8 AS balance FROM sms.wallets WHERE account_id = ${by.accountId}`
  )
  assert.strictEqual(Number(body.wallet.balance), wallet?.balance)
}

const NO_STATS = { today: 0, this_month: 0, delivery_rate_30d: null, delivered_30d: 0, failed_30d: 0 }

const total = (days: ReadonlyArray<{ readonly messages: number }>) => days.reduce((sum, day) => sum + day.messages, 0)

/** A filter of the list of messages by something that only the other has. */
const filter = (names: string, query: (of: World) => string): Trial => ({
  names,
  request: (of) => ({ path: `sms?${query(of)}` }),
  own: some("messages"),
  foreign: none("messages")
})

const repeat = (path: string, which: keyof World["made"]) => (of: World) => ({
  path,
  json: of.made[which].json,
  headers: of.made[which].headers
})

const ofNumber = (of: World) => `numbers/${of.number.id}`

export const table: Readonly<Record<string, Tried>> = {
  "POST /api/v1/portal/sms/send": portal("sms:send", {
    names: "their number, with the Idempotency-Key of what they sent from it",
    request: repeat("sms/send", "send"),
    own: (answer, of) => again(answer, of.made.send),
    foreign: notFound
  }),
  "POST /api/v1/portal/sms/batch": portal("sms:send", {
    names: "their number, with the Idempotency-Key of what they sent from it",
    request: repeat("sms/batch", "batch"),
    own: (answer, of) => again(answer, of.made.batch),
    foreign: (answer) => {
      answered(200)(answer)
      notAgain(answer)
      assert.deepStrictEqual(
        answer.body.results.map(({ code }: { code?: string }) => code),
        ["not_found", "not_found"]
      )
    },
    // That the key was used is the caller's to remember.
    changesOwn: true
  }),
  "POST /api/v1/portal/sms/preview": portal("sms:send", {
    names: "somebody they write to, whose price is everybody's",
    request: ({ message: { body, to } }) => ({ path: "sms/preview", json: { to, body } }),
    own: answered(200),
    foreign: answered(200)
  }),
  "GET /api/v1/portal/sms": portal(
    "sms:read",
    filter("their number's id", (of) => `number_id=${of.number.id}`),
    filter("their number", (of) => `from=${encodeURIComponent(of.number.number)}`),
    filter("whom they write to", (of) => `to=${encodeURIComponent(of.message.to)}`),
    filter("whom they write with", (of) => `contact=${encodeURIComponent(of.message.to)}`),
    filter("who wrote to them", (of) => `contact=${encodeURIComponent(of.stopped)}`),
    {
      names: "their cursor",
      request: (of) => ({ path: `sms?cursor=${of.messageCursor}` }),
      own: some("messages"),
      foreign: amongTheirs("messages", "messages", "message_id")
    }
  ),
  "GET /api/v1/portal/sms/numbers": portal("sms:read", {
    names: "nothing",
    request: () => ({ path: "sms/numbers" }),
    own: theirNumbers,
    foreign: theirNumbers
  }),
  "GET /api/v1/portal/sms/stats": portal("sms:read", {
    names: "their number's id",
    request: (of) => ({ path: `sms/stats?number_id=${of.number.id}` }),
    own: ({ body }) => assert.isAtLeast(body.stats.today, 3),
    foreign: ({ body }) => assert.deepStrictEqual(body.stats, NO_STATS)
  }),
  "GET /api/v1/portal/sms/stats/daily": portal("sms:read", {
    names: "their number's id",
    request: (of) => ({ path: `sms/stats/daily?number_id=${of.number.id}` }),
    own: ({ body }) => assert.isAtLeast(total(body.days), 3),
    foreign: ({ body }) => {
      assert.lengthOf(body.days, 30)
      assert.strictEqual(total(body.days), 0)
    }
  }),
  "GET /api/v1/portal/sms/events": portal("sms:read", {
    names: "the place before all that ever happened",
    request: () => ({ path: "sms/events", headers: { "last-event-id": "0".repeat(37) } }),
    own: ({ body }, of) => assert.include(body, `"id":${of.message.id},`),
    foreign: ({ body, status }, by) => {
      assert.strictEqual(status, 200)
      assert.include(body, `"id":${by.message.id},`)
    }
  }),
  "GET /api/v1/portal/opt_outs": portal(
    "sms:read",
    {
      names: "their number's id",
      request: (of) => ({ path: `opt_outs?number_id=${of.number.id}` }),
      own: some("opt_outs"),
      foreign: none("opt_outs")
    },
    {
      names: "their cursor",
      request: (of) => ({ path: `opt_outs?cursor=${of.optOutCursor}` }),
      own: some("opt_outs"),
      foreign: (answer, by) => {
        answered(200)(answer)
        for (const { number } of answer.body.opt_outs) assert.strictEqual(number, by.number.number)
      }
    }
  ),
  "DELETE /api/v1/portal/opt_outs": portal("sms:send", {
    names: "their number, and a person who has opted out from it",
    request: (of) => ({
      path: `opt_outs?number_id=${of.number.id}&person=${encodeURIComponent(of.stopped)}`
    }),
    own: answered(200),
    foreign: notFound
  }),
  "POST /api/v1/portal/sandbox/inbound": portal("sms:send", {
    names: "their number",
    request: (of) => ({
      path: "sandbox/inbound",
      json: { from: of.message.to, to: of.number.number, body: `back to ${of.name}` }
    }),
    own: answered(202),
    foreign: notFound
  }),
  "GET /api/v1/portal/sms/{id}": portal("sms:read", {
    names: "their message",
    request: (of) => ({ path: `sms/${of.message.id}` }),
    own: answered(200),
    foreign: notFound
  }),
  "GET /api/v1/portal/numbers": portal("numbers", {
    names: "nothing",
    request: () => ({ path: "numbers" }),
    own: theirNumbers,
    foreign: theirNumbers
  }),
  "GET /api/v1/portal/numbers/available": portal("numbers", {
    names: "the kind of number that they have",
    request: () => ({ path: "numbers/available?country=NL&type=mobile&limit=200" }),
    // What is somebody's is not offered again; the marks see to that.
    own: some("numbers"),
    foreign: some("numbers")
  }),
  "GET /api/v1/portal/numbers/{id}": portal("numbers", {
    names: "their number",
    request: (of) => ({ path: ofNumber(of) }),
    own: answered(200),
    foreign: notFound
  }),
  "PATCH /api/v1/portal/numbers/{id}": portal("numbers", {
    names: "their number, to change what it answers to HELP",
    request: (of) => ({ path: ofNumber(of), json: { help_text: `help of ${of.name}` } }),
    own: (answer, of) => assert.strictEqual(answer.body.number.help_text, `help of ${of.name}`),
    foreign: notFound
  }),
  "PUT /api/v1/portal/numbers/{id}/sms": portal(
    "numbers",
    ...[false, true].map((enabled) => ({
      names: `their number, to switch its SMS ${enabled ? "on" : "off"}`,
      request: (of: World) => ({ path: `${ofNumber(of)}/sms`, json: { enabled } }),
      own: (answer: Answer) => assert.strictEqual(answer.body.number.sms.enabled, enabled),
      foreign: notFound
    }))
  ),
  "POST /api/v1/portal/numbers/orders": portal("numbers", {
    names: "a number that they have, with the Idempotency-Key of its order",
    request: repeat("numbers/orders", "order"),
    own: (answer, of) => again(answer, of.made.order),
    foreign: refused(409, "number_taken")
  }),
  "GET /api/v1/portal/wallet": portal("wallet", {
    names: "nothing",
    request: () => ({ path: "wallet" }),
    own: theirBalance,
    foreign: theirBalance
  }),
  "GET /api/v1/portal/wallet/entries": portal("wallet", {
    names: "their cursor",
    request: (of) => ({ path: `wallet/entries?cursor=${of.entryCursor}` }),
    own: some("entries"),
    foreign: amongTheirs("entries", "ledger_entries", "entry_id")
  }),
  "POST /api/v1/portal/wallet/top_ups": portal("wallet", {
    names: "the Idempotency-Key of their top-up",
    request: repeat("wallet/top_ups", "topUp"),
    own: (answer, of) => again(answer, of.made.topUp),
    foreign: async (answer, by, rows) => {
      notAgain(answer)
      await theirBalance(answer, by, rows)
    },
    changesOwn: true
  }),
  "GET /api/v1/portal/api_keys": portal("keys", {
    names: "nothing",
    request: () => ({ path: "api_keys" }),
    own: theirs("api_keys", "api_keys", "key_id"),
    foreign: theirs("api_keys", "api_keys", "key_id")
  }),
  "POST /api/v1/portal/api_keys": portal("keys", {
    names: "the Idempotency-Key of a key that they made",
    request: repeat("api_keys", "apiKey"),
    own: (answer, of) => again(answer, of.made.apiKey),
    foreign: async (answer, by, rows) => {
      answered(201)(answer)
      notAgain(answer)
      assert.include(await rows.ids("api_keys", "key_id", by.accountId), answer.body.api_key.id)
    },
    changesOwn: true
  }),
  "DELETE /api/v1/portal/api_keys/{id}": portal("keys", {
    names: "a key of theirs",
    request: (of) => ({ path: `api_keys/${of.spareKeyId}` }),
    own: answered(200),
    foreign: notFound
  }),
  "GET /api/v1/portal/webhooks": portal("webhooks", {
    names: "nothing",
    request: () => ({ path: "webhooks" }),
    own: theirs("webhooks", "webhooks", "webhook_id"),
    foreign: theirs("webhooks", "webhooks", "webhook_id")
  }),
  "POST /api/v1/portal/webhooks": portal("webhooks", {
    names: "the Idempotency-Key of a webhook that they registered",
    request: repeat("webhooks", "webhook"),
    own: (answer, of) => again(answer, of.made.webhook),
    foreign: async (answer, by, rows) => {
      answered(201)(answer)
      notAgain(answer)
      assert.include(await rows.ids("webhooks", "webhook_id", by.accountId), answer.body.webhook.id)
    },
    changesOwn: true
  }),
  "PATCH /api/v1/portal/webhooks/{id}": portal("webhooks", {
    names: "a webhook of theirs",
    request: (of) => ({ path: `webhooks/${of.webhookId}`, json: { description: "changed" } }),
    own: answered(200),
    foreign: notFound
  }),
  "POST /api/v1/portal/webhooks/{id}/rotate_secret": portal("webhooks", {
    names: "a webhook of theirs",
    request: (of) => ({ path: `webhooks/${of.webhookId}/rotate_secret` }),
    own: answered(200),
    foreign: notFound
  }),
  "POST /api/v1/portal/webhooks/{id}/test": portal("webhooks", {
    names: "a webhook of theirs",
    request: (of) => ({ path: `webhooks/${of.webhookId}/test` }),
    own: answered(202),
    foreign: notFound
  }),
  "GET /api/v1/portal/webhooks/{id}/deliveries": portal(
    "webhooks",
    {
      names: "a webhook of theirs",
      request: (of) => ({ path: `webhooks/${of.webhookId}/deliveries` }),
      own: some("deliveries"),
      foreign: notFound
    },
    {
      names: "their cursor",
      request: (of) => ({ path: `webhooks/${of.webhookId}/deliveries?cursor=${of.deliveryCursor}` }),
      own: some("deliveries"),
      foreign: notFound
    }
  ),
  "POST /api/v1/portal/webhooks/{id}/deliveries/{delivery_id}/redeliver": portal("webhooks", {
    names: "a delivery to a webhook of theirs",
    request: (of) => ({ path: `webhooks/${of.webhookId}/deliveries/${of.deliveryId}/redeliver` }),
    own: answered(202),
    foreign: notFound
  }),
  "DELETE /api/v1/portal/webhooks/{id}": portal("webhooks", {
    names: "a webhook of theirs",
    request: (of) => ({ path: `webhooks/${of.spareWebhookId}` }),
    own: answered(200),
    foreign: notFound
  }),
  "GET /api/v1/portal/coverage": open("countries and prices are the same for everybody"),
  "POST /api/v1/admin/accounts": admin(() => ({ path: "/api/v1/admin/accounts", json: { name: "Somebody" } })),
  "PATCH /api/v1/admin/accounts/{id}": admin((of) => ({
    path: `/api/v1/admin/accounts/${of.accountId}`,
    json: { name: "Renamed", rate_limit_per_second: 1 }
  })),
  "POST /api/v1/admin/accounts/{id}/credits": admin((of) => ({
    path: `/api/v1/admin/accounts/${of.accountId}/credits`,
    json: { amount: "1000", reference: "a gift" }
  })),
  "POST /api/v1/admin/accounts/{id}/numbers": admin((of) => ({
    path: `/api/v1/admin/accounts/${of.accountId}/numbers`,
    json: { number: "+31612349999", country: "NL", type: "mobile" }
  })),
  "PATCH /api/v1/admin/numbers/{id}": admin((of) => ({
    path: `/api/v1/admin/numbers/${of.number.id}`,
    json: { status: "suspended" }
  })),
  "PATCH /api/v1/admin/carriers/{name}": admin(() => ({
    path: "/api/v1/admin/carriers/sandbox",
    json: { paused: true }
  })),
  "GET /healthz": open("says that the process is alive, to load balancers"),
  "GET /readyz": open("says that the database answers, to load balancers"),
  "GET /metrics": open("counts of requests without anything of a customer, for Prometheus")
}
