/** The shell on a real socket over handlers that remember what they were called with. */
import {
  type Access,
  AccountId,
  E164,
  EntryId,
  KeyId,
  MessageId,
  Micros,
  NumberId,
  OrderId,
  type Scope,
  SCOPES
} from "@cliqtel/sms-core"
import { Effect, Layer, ManagedRuntime, Result, Schema } from "effect"
import { HttpServer } from "effect/http"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import type { AddressInfo } from "node:net"
import { Api } from "../../src/api/Api.ts"
import { CurrentAccess } from "../../src/api/Authorization.ts"
import { CreateApiKey } from "../../src/api/Keys.ts"
import { type Message, MessageAnswer, PreviewRequest, SendRequest } from "../../src/api/Message.ts"
import { ChangeOwnNumber, OrderRequest, SwitchSms } from "../../src/api/Number.ts"
import { problem, problemBody } from "../../src/api/Problem.ts"
import { InboundRequest } from "../../src/api/Sandbox.ts"
import { Sms } from "../../src/api/Sms.ts"
import { TopUp } from "../../src/api/Wallet.ts"
import { hashApiKey } from "../../src/ApiKey.ts"
import { ApiKeys } from "../../src/ApiKeys.ts"
import { BatchItems, readItem } from "../../src/Batch.ts"
import { withBody } from "../../src/Body.ts"
import { BodyMemory } from "../../src/BodyMemory.ts"
import { direct } from "../../src/Direct.ts"
import { Exchange } from "../../src/Exchange.ts"
import { isSameHash } from "../../src/Hash.ts"
import { layerHttp } from "../../src/Http.ts"
import { HttpLimits } from "../../src/Limits.ts"
import { layerLive } from "../../src/handlers/Live.ts"
import { layerSession } from "../../src/handlers/Session.ts"
import { refuseMedia } from "../../src/Media.ts"
import { rateLimitHeaders } from "../../src/RateLimitHeaders.ts"
import { Readiness } from "../../src/Readiness.ts"
import { layerFakeLive, Told } from "./fakeLive.ts"
import { fakeWebhooks } from "./fakeWebhooks.ts"
import { layerMemorySessions } from "./memorySessions.ts"
import { ADMIN_TOKEN, layerAdminToken, layerMemoryAdmin } from "./memoryAdmin.ts"

export const KEY = "sk_live_0123456789abcdef"
export const READ_ONLY_KEY = "sk_live_readonly"

/** Of a portal that was not built. */
const NO_FOLDER = "/nowhere"

/** What the tests look at and turn. */
class FakeState {
  readonly calls: Array<{ readonly operation: string; readonly input: unknown; readonly access: Access }> = []
  readonly completed: Array<string> = []
  /** Of sends that took the short way. */
  direct = 0
  /** Sends wait for it; resolved unless a test says otherwise. */
  gate: Promise<void> = Promise.resolve()
  ready = true
  readonly told = new Told()
  readonly revoked = new Set<string>()
}

export interface FakeHost extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly state: FakeState
  readonly stop: () => Promise<void>
}

export const startHost = async (
  limits: Partial<HttpLimits> = {},
  listenOn = 0,
  adminToken: string | null = ADMIN_TOKEN,
  portalFolder = NO_FOLDER
): Promise<FakeHost> => {
  const state = new FakeState()
  const host = layerHttp(fakeGroups(state), { host: "127.0.0.1", port: listenOn, portalFolder }).pipe(
    Layer.provide(layerMemorySessions([KEY, READ_ONLY_KEY], READ_ONLY_KEY)),
    Layer.provide([
      fakeKeys(state),
      layerFakeLive(state.told),
      layerAdminToken(adminToken),
      Layer.succeed(Readiness, {
        check: Effect.suspend(() => (state.ready ? Effect.void : Effect.fail("the database is away")))
      }),
      Layer.effect(
        HttpLimits,
        Effect.map(HttpLimits, (defaults) => ({ ...defaults, checkInterval: 20, ...limits }))
      )
    ])
  )
  const runtime = ManagedRuntime.make(host)
  const { port } = await runtime.runPromise(
    // A host that listens on an IP address has a port.
    HttpServer.HttpServer.use(({ address }) => Effect.succeed(address as unknown as AddressInfo))
  )
  const stop = () => runtime.dispose()
  return { port, url: `http://127.0.0.1:${port}`, state, stop, [Symbol.asyncDispose]: stop }
}

const SCOPES_OF = new Map<string, ReadonlyArray<Scope>>([
  [KEY, SCOPES],
  [READ_ONLY_KEY, ["sms:read"]]
])

const fakeKeys = (state: FakeState) => {
  const accessOf = (key: string): Access | undefined => {
    const scopes = state.revoked.has(key) ? undefined : SCOPES_OF.get(key)
    const [accountId, keyId] = [AccountId.make(1), KeyId.make(7)]
    return scopes && { accountId, keyId, scopes, mode: "live", hash: hashApiKey(key) }
  }
  const ofHash = (hash: Uint8Array) =>
    Effect.sync(() => [...SCOPES_OF.keys()].map(accessOf).find((access) => access && isSameHash(access.hash, hash)))
  return Layer.succeed(ApiKeys, {
    authenticate: ofHash,
    accessOf: ofHash,
    forget: () => Effect.void
  })
}

const AT = Date.UTC(2026, 3, 3, 10, 15, 30)

const message = (to: string, body: string): Message => ({
  id: MessageId.make(156),
  direction: "outbound",
  from: "+31201234567",
  to,
  body,
  status: "queued",
  segments: 1,
  encoding: "GSM-7",
  carrier: "cliqtel",
  price: Micros.make(8_000n),
  currency: "EUR",
  reason: null,
  number_id: NumberId.make(42),
  created_at: AT,
  updated_at: AT,
  sent_at: null,
  delivered_at: null
})

const number = {
  id: NumberId.make(42),
  number: "+31201234567",
  country: "NL",
  type: "local" as const,
  status: "active" as const,
  monthly_price: Micros.make(1_000_000n),
  currency: "EUR",
  sms: {
    available: true,
    enabled: true,
    state: "on" as const,
    monthly_price: Micros.make(750_000n),
    currency: "EUR",
    paid_until: AT
  },
  messaging_profile: { assigned: true, inbound_hook: "configured" as const, last_inbound_at: null },
  help_text: null
}

const apiKey = {
  id: KeyId.make(3),
  name: "Web shop",
  hint: "sk_live_AbC...wXyZ",
  mode: "live" as const,
  scopes: ["sms:read" as const],
  created_at: AT,
  last_used_at: null
}

const fakeGroups = (state: FakeState) => {
  const note = Effect.fnUntraced(function* (operation: string, input: unknown) {
    state.calls.push({ operation, input, access: yield* CurrentAccess })
  })

  const limitHeaders = rateLimitHeaders({ perSecond: 10, remaining: 9, resetMillis: 100 })

  const send = Effect.fnUntraced(function* (
    payload: SendRequest,
    headers: { readonly "idempotency-key"?: string },
    access: Access
  ) {
    state.calls.push({ operation: "send", input: { ...payload, key: headers["idempotency-key"] }, access })
    yield* Effect.promise(() => state.gate)
    if (payload.body === "defect") return yield* Effect.die(new Error("SELECT secret FROM table"))
    if (payload.body === "unavailable") {
      return yield* Effect.die({ _tag: "Unavailable", message: "connect ECONNREFUSED", retryAfterMillis: 2500 })
    }
    if (payload.body === "poor") {
      return yield* problem("insufficient_balance", "The message costs EUR 0.016, the wallet holds EUR 0.010.")
    }
    if (payload.body === "limited") {
      return yield* problem("rate_limited", "At most 10 messages a second.", {
        headers: { ...limitHeaders, "retry-after": "1" }
      })
    }
    state.completed.push(payload.body)
    return message(payload.to, payload.body)
  })

  const sms = HttpApiBuilder.group(
    Api,
    "sms",
    Effect.fnUntraced(function* (handlers) {
      const memory = yield* BodyMemory
      yield* direct({
        endpoint: Sms.endpoints.send,
        schema: SendRequest,
        objection: refuseMedia,
        handler: ({ access, headers, payload }) => {
          state.direct++
          return Effect.map(send(payload, headers, access), (sent) => ({
            status: 201,
            type: "application/json",
            headers: limitHeaders,
            body: JSON.stringify(Schema.encodeSync(MessageAnswer)({ success: true, message: sent }))
          }))
        }
      })
      return handlers
        .handleRaw(
          "send",
          withBody(
            memory,
            SendRequest,
            Effect.fnUntraced(function* (payload, { headers }) {
              const sent = yield* send(payload, headers, yield* CurrentAccess)
              return HttpApiSchema.withHeaders({
                body: { success: true as const, message: sent },
                headers: limitHeaders
              })
            }),
            refuseMedia
          ),
          { uninterruptible: true }
        )
        .handleRaw(
          "batch",
          withBody(
            memory,
            BatchItems,
            Effect.fnUntraced(function* ({ messages }: typeof BatchItems.Type) {
              const { requestId } = yield* Exchange
              yield* note("batch", messages.length)
              return HttpApiSchema.withHeaders({
                body: {
                  success: true as const,
                  results: messages.map(readItem).map((item) =>
                    Result.match(item, {
                      onFailure: (bad) => problemBody(bad, requestId),
                      onSuccess: ({ body, to }) =>
                        to === "+1"
                          ? problemBody(problem("invalid_destination", "It is too short."), requestId)
                          : { success: true as const, message: message(to, body) }
                    })
                  )
                },
                headers: {}
              })
            })
          ),
          { uninterruptible: true }
        )
        .handleRaw(
          "preview",
          withBody(
            memory,
            PreviewRequest,
            Effect.fnUntraced(function* (payload) {
              yield* note("preview", payload)
              return {
                success: true as const,
                preview: {
                  encoding: "GSM-7" as const,
                  segments: 1,
                  units: payload.body.length,
                  units_per_segment: [payload.body.length],
                  remaining: 160 - payload.body.length,
                  unit_price: Micros.make(8_000n),
                  price: Micros.make(8_000n),
                  currency: "EUR"
                }
              }
            }),
            refuseMedia
          )
        )
        .handleAll({
          list: Effect.fnUntraced(function* ({ query }) {
            yield* note("list", query)
            return {
              success: true as const,
              messages: [message("+31612345678", "Hello")],
              next_cursor: { createdAt: AT, id: MessageId.make(156) }
            }
          }),
          get: Effect.fnUntraced(function* ({ params }) {
            yield* note("get", params)
            if (params.id !== 156) return yield* problem("not_found", "There is no such message.")
            return {
              success: true as const,
              message: message("+31612345678", "Hello"),
              timeline: [{ status: "queued" as const, at: AT, source: "api", detail: null }]
            }
          }),
          numbers: () => Effect.succeed({ success: true as const, numbers: [number] }),
          stats: () =>
            Effect.succeed({
              success: true as const,
              stats: { today: 1, this_month: 2, delivery_rate_30d: null, delivered_30d: 0, failed_30d: 0 }
            }),
          dailyStats: Effect.fnUntraced(function* ({ query }) {
            yield* note("dailyStats", query)
            const date = Date.UTC(2026, 10, 1)
            return { success: true as const, days: [{ date, messages: 3, delivered: 1, failed: 1 }] }
          })
        })
    })
  )

  const numbers = HttpApiBuilder.group(
    Api,
    "numbers",
    Effect.fnUntraced(function* (handlers) {
      const memory = yield* BodyMemory
      const switchSms = withBody(
        memory,
        SwitchSms,
        Effect.fnUntraced(function* (payload, { params }) {
          yield* note("switchSms", { ...payload, ...params })
          return { success: true as const, number }
        })
      )
      const change = withBody(
        memory,
        ChangeOwnNumber,
        Effect.fnUntraced(function* (payload, { params }) {
          yield* note("changeNumber", { ...payload, ...params })
          return { success: true as const, number }
        })
      )
      const order = withBody(
        memory,
        OrderRequest,
        Effect.fnUntraced(function* (payload) {
          yield* note("order", payload)
          return HttpApiSchema.withHeaders({
            body: {
              success: true as const,
              order: { id: OrderId.make(7), total: Micros.make(1_750_000n), currency: "EUR" },
              numbers: [number]
            },
            headers: {}
          })
        })
      )
      return handlers
        .handleRaw("change", change)
        .handleRaw("switchSms", switchSms)
        .handleRaw("order", order)
        .handleAll({
          list: () => Effect.succeed({ success: true as const, numbers: [number] }),
          get: ({ params }) =>
            params.id === 42
              ? Effect.succeed({ success: true as const, number })
              : Effect.fail(problem("not_found", "There is no such number.")),
          available: Effect.fnUntraced(function* ({ query }) {
            yield* note("available", query)
            const price = { monthly_price: Micros.make(750_000n), currency: "EUR" }
            const { country, currency, monthly_price, number: offered, status, type } = number
            const sms = { available: true, ...price }
            const offer = { number: offered, country, type, monthly_price, currency, sms, status }
            return { success: true as const, numbers: [offer] }
          })
        })
    })
  )

  const keys = HttpApiBuilder.group(
    Api,
    "keys",
    Effect.fnUntraced(function* (handlers) {
      const create = withBody(
        yield* BodyMemory,
        CreateApiKey,
        Effect.fnUntraced(function* (payload) {
          yield* note("createKey", payload)
          return HttpApiSchema.withHeaders({
            body: { success: true as const, api_key: { ...apiKey, key: "sk_live_new" } },
            headers: {}
          })
        })
      )
      return handlers.handleRaw("create", create).handleAll({
        list: () => Effect.succeed({ success: true as const, api_keys: [apiKey] }),
        revoke: Effect.fnUntraced(function* ({ params }) {
          yield* note("revokeKey", params)
          return { success: true as const }
        })
      })
    })
  )

  const wallet = HttpApiBuilder.group(
    Api,
    "wallet",
    Effect.fnUntraced(function* (handlers) {
      const state = { balance: Micros.make(25_000_000n), currency: "EUR" }
      const topUp = withBody(
        yield* BodyMemory,
        TopUp,
        Effect.fnUntraced(function* (payload) {
          yield* note("topUp", payload)
          return HttpApiSchema.withHeaders({ body: { success: true as const, wallet: state }, headers: {} })
        })
      )
      return handlers.handleRaw("topUp", topUp).handleAll({
        get: () => Effect.succeed({ success: true as const, wallet: { ...state, low_balance_threshold: null } }),
        entries: Effect.fnUntraced(function* ({ query }) {
          yield* note("entries", query)
          return {
            success: true as const,
            entries: [
              {
                id: EntryId.make(9),
                kind: "sms_charge" as const,
                amount: Micros.make(-8_000n),
                balance_after: Micros.make(24_992_000n),
                currency: "EUR",
                reference: "message:156",
                created_at: AT
              }
            ],
            next_cursor: EntryId.make(9)
          }
        })
      })
    })
  )

  const optOuts = HttpApiBuilder.group(Api, "optOuts", (handlers) =>
    handlers.handleAll({
      list: Effect.fnUntraced(function* ({ query }) {
        yield* note("optOuts", query)
        const { id: numberId, number: ours } = number
        const person = E164.make("+31612345678")
        return {
          success: true as const,
          opt_outs: [{ number_id: numberId, number: ours, person, created_at: AT }],
          next_cursor: { createdAt: AT, numberId, person }
        }
      }),
      undo: Effect.fnUntraced(function* ({ query }) {
        yield* note("undoOptOut", query)
        return { success: true as const }
      })
    })
  )

  const sandbox = HttpApiBuilder.group(
    Api,
    "sandbox",
    Effect.fnUntraced(function* (handlers) {
      const inbound = withBody(
        yield* BodyMemory,
        InboundRequest,
        Effect.fnUntraced(function* (payload) {
          yield* note("inbound", payload)
          return { success: true as const }
        })
      )
      return handlers.handleRaw("inbound", inbound)
    })
  )

  const coverage = HttpApiBuilder.group(Api, "coverage", (handlers) =>
    handlers.handleAll({
      list: () =>
        Effect.succeed({
          success: true as const,
          countries: [
            {
              country: "NL",
              name: "Netherlands",
              local: true,
              mobile: true,
              toll_free: true,
              sms_monthly: Micros.make(750_000n),
              outbound_segment: Micros.make(8_000n),
              currency: "EUR"
            }
          ]
        })
    })
  )

  return Layer.mergeAll(
    sms,
    layerLive,
    optOuts,
    numbers,
    wallet,
    keys,
    fakeWebhooks(note),
    sandbox,
    coverage,
    layerSession,
    layerMemoryAdmin()
  )
}
