/** Nothing of one account is another's: every operation of the OpenAPI document, tried with the key of somebody else. */
import { type Scope, SCOPES } from "@cliqtel/sms-core"
import { Redacted } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Document, operationsOf } from "./document.ts"
import { type Request, table } from "./matrix/table.ts"
import { type Receiver, startReceiver } from "@cliqtel/sms-testkit/simulator"
import { openWorlds, type World } from "./matrix/world.ts"
import { changes, Rows } from "./rows.ts"
import { type Answer, startHost, type TestHost } from "./startHost.ts"

const ADMIN = "admin-token-of-the-matrix"

type Which = "aLive" | "aTest" | "bLive" | "bTest"

let host: TestHost
let rows: Rows
let receiver: Receiver
let worlds: Readonly<Record<Which, World>>
beforeAll(async () => {
  host = await startHost({ adminToken: Redacted.make(ADMIN) })
  receiver = await startReceiver()
  rows = await Rows.open(host.databaseUrl)
  const a = await openWorlds(host, ADMIN, "Aardvark", receiver.url)
  const b = await openWorlds(host, ADMIN, "Buffalo", receiver.url)
  worlds = { aLive: a.live, aTest: a.test, bLive: b.live, bTest: b.test }
  await rows.quiet()
})
afterAll(async () => {
  await rows[Symbol.asyncDispose]()
  await host[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const operations = Object.entries(table)
const methodOf = (operation: string): string => operation.slice(0, operation.indexOf(" "))

const trials = operations.flatMap(([operation, tried]) =>
  tried.kind === "portal"
    ? tried.trials.map((trial) => ({ ...trial, operation, scope: tried.scope, method: methodOf(operation) }))
    : []
)
const admins = operations.flatMap(([operation, tried]) =>
  tried.kind === "admin" ? [{ ...tried, operation, method: methodOf(operation) }] : []
)
const publics = operations.flatMap(([operation, tried]) => (tried.kind === "public" ? [{ ...tried, operation }] : []))

const call = (method: string, { path, ...options }: Request, key: string | null) =>
  host.call(method, path, { ...options, key })

/** Nothing that only they have is in the answer, but for what the request itself had. */
const assertUnmarked = (answer: Answer, request: Request, of: World) => {
  const asked = JSON.stringify(request)
  const answered = JSON.stringify(answer.body)
  for (const mark of of.marks) if (!asked.includes(mark)) assert.notInclude(answered, mark)
}

describe("the table", () => {
  it("has every operation of the document, and no other", async () => {
    const document: Document = (await host.call("GET", "/openapi.json", { key: null })).body
    const declared = operationsOf(document)
    const missing = declared.filter(({ name }) => !Object.hasOwn(table, name)).map(({ name }) => name)
    assert.deepStrictEqual(missing, [], "operations that nobody has said how to try on another's things")
    const gone = Object.keys(table).filter((name) => !declared.some((one) => one.name === name))
    assert.deepStrictEqual(gone, [], "entries without an operation")
    const kinds = { bearer: "portal", admin: "admin", none: "public" } as const
    for (const { name, security = [] } of declared) {
      const [scheme = "none"] = security.flatMap((one) => Object.keys(one))
      // A scheme that is none of these has no kind, and fails.
      assert.strictEqual(table[name]?.kind, kinds[scheme as keyof typeof kinds], name)
    }
  })

  it("is tried on accounts that have something of each kind", async () => {
    const kinds = ["accounts", "api_keys", "idempotency_keys", "ledger_entries", "messages", "numbers", "orders"]
    for (const world of Object.values(worlds)) {
      const held = new Set((await rows.of(world.accountId)).map(({ table_name }) => table_name))
      assert.includeMembers(
        [...held],
        [
          ...kinds,
          "timeline",
          "top_ups",
          "wallets",
          "webhooks",
          "webhook_events",
          "webhook_deliveries",
          "webhook_attempts"
        ],
        world.name
      )
    }
  })
})

const pairs: ReadonlyArray<readonly [string, Which, Which]> = [
  ["a key of B's", "bLive", "aLive"],
  ["a key of B's, on A's test account", "bLive", "aTest"],
  ["a test key of B's", "bTest", "aLive"],
  ["a test key of B's, on A's test account", "bTest", "aTest"],
  ["a test key, on the live account of the same customer", "bTest", "bLive"],
  ["a live key, on the test account of the same customer", "bLive", "bTest"]
]
describe.each(pairs)("with %s", (_, by, of) => {
  it.each(trials)("$operation, naming $names", async ({ changesOwn = false, foreign, method, request }) => {
    const caller = worlds[by]
    const other = worlds[of]
    const named = request(other)
    const kept = () => (changesOwn ? rows.exceptOf(caller.accountId) : rows.all())
    const before = await kept()
    const answer = await call(method, named, caller.key)
    await foreign(answer, caller, rows)
    assertUnmarked(answer, named, other)
    assert.deepStrictEqual(changes(before, await kept()), [])
  })
})

describe("what people have told one account", () => {
  it("is nothing to another: who has opted out of a number of A's can be written to by B", async () => {
    const { aLive, bLive } = worlds
    const person = "+31687654321"
    await rows.query(`
      INSERT INTO sms.opt_outs (account_id, number_id, person, created_at)
      VALUES (${aLive.accountId}, ${aLive.number.id}, '${person}', now())
    `)
    const send = ({ key, number }: World) =>
      host.call("POST", "sms/send", { key, json: { from_number_id: number.id, to: person, body: "Hello" } })
    assert.strictEqual((await send(aLive)).body.code, "opted_out")
    assert.strictEqual((await send(bLive)).status, 201)
    await rows.quiet()
  })
})

describe("refused, and nothing has changed", () => {
  const unchanged = async (body: () => Promise<void>) => {
    const before = await rows.all()
    await body()
    assert.deepStrictEqual(changes(before, await rows.all()), [])
  }
  const unauthorized = (answer: Answer) =>
    assert.deepStrictEqual([answer.status, answer.body.code], [401, "unauthorized"], JSON.stringify(answer.body))

  it.each(trials)("$operation without a key of an account ($names)", async ({ method, request }) => {
    await unchanged(async () => {
      for (const key of [null, ADMIN, "sk_live_000000000000000000000000000000000000000Nobody"]) {
        unauthorized(await call(method, request(worlds.aLive), key))
      }
    })
  })

  const lacking = new Map<Scope, string>()
  const keyWithout = async (scope: Scope): Promise<string> => {
    const scopes = SCOPES.filter((one) => one !== scope)
    const json = { name: `all but ${scope}`, scopes }
    const made =
      lacking.get(scope) ?? (await host.call("POST", "api_keys", { key: worlds.aLive.key, json })).body.api_key.key
    lacking.set(scope, made)
    return made
  }

  it.each(trials)("$operation with a key that lacks $scope ($names)", async ({ method, request, scope }) => {
    const key = await keyWithout(scope)
    await unchanged(async () => {
      const answer = await call(method, request(worlds.aLive), key)
      assert.deepStrictEqual([answer.status, answer.body.code], [403, "forbidden"], JSON.stringify(answer.body))
    })
  })

  it.each(admins)("$operation with an API key, or none", async ({ method, request }) => {
    await unchanged(async () => {
      for (const key of [null, worlds.aLive.key, worlds.aTest.key, worlds.bLive.key]) {
        unauthorized(await call(method, request(worlds.aLive), key))
      }
    })
  })
})

describe("none of this is for want of a good request", () => {
  it.each(publics)("$operation needs no key: it $because", async ({ operation, request }) => {
    const path = operation.slice(operation.indexOf("/"))
    const { body, status } = await host.call(methodOf(operation), path, { ...request, key: null })
    assert.oneOf(status, [200, 201], JSON.stringify(body))
  })

  describe.each(["aLive", "aTest", "bLive", "bTest"] as const)("%s", (which) => {
    it.each(trials)("$operation with the owner's key ($names)", async ({ method, own, request }) => {
      await own(await call(method, request(worlds[which]), worlds[which].key), worlds[which], rows)
    })
  })

  it.each(admins)("$operation with the admin token", async ({ method, operation, request }) => {
    const answer = await call(method, request(worlds.aLive), ADMIN)
    assert.oneOf(answer.status, [200, 201], `${operation}: ${JSON.stringify(answer.body)}`)
  })
})
