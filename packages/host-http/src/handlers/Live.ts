/** Live updates as Server-Sent Events, for as long as the client listens, its key or session is good and the host stays. */
import { type FeedPosition, LiveUpdates, type MessageChange, messageShape } from "@cliqtel/sms-core"
import { Effect, Option, Redacted, Schema, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { BearerToken, type Caller, CurrentAccess } from "../api/Authorization.ts"
import { eventIdOf } from "../api/Cursor.ts"
import { EVENT_STREAM } from "../api/Live.ts"
import { Message } from "../api/Message.ts"
import { hashApiKey } from "../ApiKey.ts"
import { ApiKeys } from "../ApiKeys.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { HttpLimits } from "../Limits.ts"
import { makeListeners } from "../Listeners.ts"
import { PortalSessions } from "../PortalSessions.ts"
import { Traffic } from "../Traffic.ts"

export const layerLive = HttpApiBuilder.group(
  Api,
  "live",
  Effect.fnUntraced(function* (handlers) {
    const live = yield* LiveUpdates
    const keys = yield* ApiKeys
    const sessions = yield* PortalSessions
    const traffic = yield* Traffic
    const limits = yield* HttpLimits
    const listeners = makeListeners(limits)

    /** Signs of life, until the key or the session is not good any more. While nobody can say so, it is. */
    const signs = ({ session }: Caller, token: Redacted.Redacted<string>) => {
      // A session goes on under other tokens, and being told something is no use of it.
      const access =
        session === undefined ? keys.authenticate(hashApiKey(Redacted.value(token))) : sessions.accessOf(session)
      const isGood = access.pipe(
        Effect.map((access) => access?.scopes.includes("sms:read") === true),
        Effect.catchCause(() => Effect.succeed(true))
      )
      return Stream.paginate(undefined, () =>
        Effect.map(Effect.delay(isGood, limits.heartbeat), (good) =>
          good ? ([[SIGN], Option.some(undefined)] as const) : ([[], Option.none<undefined>()] as const)
        )
      )
    }

    return handlers.handleRaw(
      "events",
      Effect.fnUntraced(function* ({ headers, request }) {
        const caller = yield* CurrentAccess
        const { accountId } = caller
        const token = yield* BearerToken
        const refusal = listeners.refusal(accountId)
        if (refusal !== undefined) return yield* refusal
        if (request.method === "HEAD") return eventStream(Stream.empty)

        const { changes, from } = yield* live.subscribe(accountId, headers["last-event-id"])
        const events = Stream.merge(Stream.map(changes, eventText), signs(caller, token), { haltStrategy: "either" })
        return eventStream(
          Stream.concat(Stream.make(greeting(from)), events).pipe(Stream.interruptWhen(traffic.drained), (stream) =>
            listeners.counted(accountId, stream)
          )
        )
      })
    )
  }, withServices)
).pipe(layerLight)

/** Sent at once, so that the client knows it is heard; with a place to go on from if it hears nothing else. */
const greeting = (from: FeedPosition): string => `: live updates\nid: ${eventIdOf(from)}\n\n`

const SIGN = ":\n\n"

const encodeMessage = Schema.encodeSync(Schema.fromJsonString(Message))

/** Listeners of one account are told the same changes: each is put into words once. */
const words = new WeakMap<MessageChange, string>()

const eventText = (change: MessageChange): string => {
  const said = words.get(change)
  if (said !== undefined) return said
  const { created, message, position } = change
  const text =
    `id: ${eventIdOf(position)}\nevent: message.${created ? "created" : "updated"}\n` +
    `data: ${encodeMessage(messageShape(message))}\n\n`
  words.set(change, text)
  return text
}

const eventStream = (text: Stream.Stream<string>) =>
  HttpServerResponse.stream(Stream.encodeText(text), {
    contentType: EVENT_STREAM,
    // Proxies that gather answers would keep it for themselves; and there is nothing to reuse when it ends.
    headers: { "x-accel-buffering": "no", connection: "close" }
  })
