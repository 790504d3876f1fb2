/**
 * Sends events over HTTP. No redirect is followed, no proxy is used, and of an answer only its status, its Retry-After
 * and its first KiB are taken; whatever else comes is cut off.
 */
import { ATTEMPT_MILLIS, type SendEvent, type SendOutcome, WebhookSender } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import * as http from "node:http"
import * as https from "node:https"
import type { LookupFunction } from "node:net"
import { exchange } from "./Exchange.ts"
import { guardedLookup } from "./GuardedLookup.ts"
import { makeSecret, sign } from "./Signature.ts"
import { targetOf } from "./Target.ts"

export interface SenderOptions {
  /** Whether events also go over http and to addresses that are not public. */
  readonly allowPrivate: boolean
  /** How names are looked up; the system's way by default. */
  readonly lookup?: Parameters<typeof guardedLookup>[0]
  /** Milliseconds for an attempt in all; the core's by default. */
  readonly timeoutMillis?: number
  /** Authorities whose certificates count beside the system's own. */
  readonly ca?: string
}

/** Connections that are kept open while nothing is sent. */
const IDLE_CONNECTIONS = 256

/** Shorter than what servers commonly keep a connection for, so that few are found closed. */
const IDLE_MILLIS = 4000

export const layerWebhookSender = ({ allowPrivate, ca, lookup, timeoutMillis = ATTEMPT_MILLIS }: SenderOptions) =>
  Layer.effect(
    WebhookSender,
    Effect.gen(function* () {
      const guarded: { readonly lookup?: LookupFunction } = allowPrivate ? {} : { lookup: guardedLookup(lookup) }
      const settings = { keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS, timeout: IDLE_MILLIS, ...guarded }
      const agents = {
        "http:": new http.Agent(settings),
        "https:": new https.Agent({ ...settings, ...(ca === undefined ? {} : { ca }) })
      }
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          for (const agent of Object.values(agents)) agent.destroy()
        })
      )

      const start = (url: URL, headers: http.OutgoingHttpHeaders) =>
        url.protocol === "https:"
          ? https.request(url, { method: "POST", headers, agent: agents["https:"] })
          : http.request(url, { method: "POST", headers, agent: agents["http:"] })

      const send = ({ at, body, id, secrets, url }: SendEvent): Effect.Effect<SendOutcome> => {
        // As at the registration: the host may be stricter now.
        const target = targetOf(url, { allowPrivate })
        if (target._tag === "Refused") {
          return Effect.succeed({ _tag: "Failed", reason: `The address ${target.reason}.`, durationMillis: 0 })
        }
        const timestamp = Math.floor(at / 1000)
        const headers = {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "Cliqtel-SMS-Webhooks/1",
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": sign(secrets, id, timestamp, body)
        }
        return Effect.callback<SendOutcome>((resume) => {
          const { abort } = exchange(
            () => start(target.url, headers),
            body,
            timeoutMillis,
            (outcome) => resume(Effect.succeed(outcome))
          )
          return Effect.sync(abort)
        })
      }

      return WebhookSender.of({
        send,
        check: (url) =>
          Effect.sync(() => {
            const target = targetOf(url, { allowPrivate })
            return target._tag === "Refused" ? target.reason : null
          }),
        newSecret: Effect.sync(makeSecret)
      })
    })
  )
