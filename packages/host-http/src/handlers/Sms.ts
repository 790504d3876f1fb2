/** The operations on messages: decode, call the core, encode. */
import {
  type AccountId,
  type Bucket,
  Carriers,
  Coverage,
  type Message,
  messageShape,
  millisUntilFull,
  type Rejection,
  remaining,
  type SendRequest as CoreRequest,
  Sms
} from "@cliqtel/sms-core"
import { Effect, Result } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { CurrentAccess } from "../api/Authorization.ts"
import { type BatchResult, PreviewRequest, SendRequest } from "../api/Message.ts"
import { type Problem, problem, problemBody } from "../api/Problem.ts"
import { Sms as SmsContract } from "../api/Sms.ts"
import { BatchItems, readItem } from "../Batch.ts"
import { withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { direct } from "../Direct.ts"
import { Exchange } from "../Exchange.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { refuseMedia } from "../Media.ts"
import { rateLimitHeaders } from "../RateLimitHeaders.ts"
import { type NamedRequest, replayHeaders, requestKey } from "../RequestKey.ts"
import { messageJson } from "./MessageJson.ts"
import { rejectionProblem } from "./Rejections.ts"
import { dayShape, numberShape, previewShape, statsShape, timelineShape } from "./Shapes.ts"

export const layerSms = HttpApiBuilder.group(
  Api,
  "sms",
  Effect.fnUntraced(function* (handlers) {
    const sms = yield* Sms
    const memory = yield* BodyMemory
    const numberOf = numberShape(yield* Coverage, yield* Carriers)

    const sendOne = (accountId: AccountId, payload: SendRequest, headers: NamedRequest["headers"]) =>
      sms
        .send(accountId, requestOf(payload), { idempotency: requestKey({ headers, path: "/sms/send", payload }) })
        .pipe(Effect.mapError(rejectionProblem))

    const send = withBody(
      memory,
      SendRequest,
      Effect.fnUntraced(function* (payload, { headers }) {
        const { accountId } = yield* CurrentAccess
        const { bucket, message, replayed } = yield* sendOne(accountId, payload, headers)
        return HttpApiSchema.withHeaders({
          body: { success: true as const, message: messageShape(message) },
          headers: answerHeaders(bucket, replayed)
        })
      }),
      refuseMedia
    )

    yield* direct({
      endpoint: SmsContract.endpoints.send,
      schema: SendRequest,
      objection: refuseMedia,
      handler: ({ access, headers, payload }) =>
        Effect.map(sendOne(access.accountId, payload, headers), ({ bucket, message, replayed }) => ({
          status: 201,
          type: JSON_TYPE,
          headers: answerHeaders(bucket, replayed),
          body: JSON.stringify({ success: true, message: messageJson(message) })
        }))
    })

    // An item that is no message has its problem in its place, like one that the core rejects.
    const batch = withBody(
      memory,
      BatchItems,
      Effect.fnUntraced(function* ({ messages }: typeof BatchItems.Type, { headers }) {
        const { accountId } = yield* CurrentAccess
        const { requestId } = yield* Exchange
        const items = messages.map(readItem)
        // Fields that the contract does not know make no other request of it.
        const decoded = items.map((item, i) => (Result.isSuccess(item) ? item.success : messages[i]))
        const requests = items.flatMap((item) => (Result.isSuccess(item) ? [requestOf(item.success)] : []))
        const {
          bucket,
          origin = requestId,
          replayed,
          results
        } = yield* sms
          .sendBatch(accountId, requests, {
            idempotency: requestKey({ headers, path: "/sms/batch", payload: decoded, origin: requestId })
          })
          .pipe(Effect.mapError(rejectionProblem))
        let next = 0
        const answers = items.map((item) => {
          if (Result.isFailure(item)) return problemBody(item.failure, origin)
          const result = results[next++]
          return result === undefined ? problemBody(unanswered, origin) : resultJson(result, origin)
        })
        return HttpServerResponse.text(JSON.stringify({ success: true, results: answers }), {
          contentType: JSON_TYPE,
          headers: answerHeaders(bucket, replayed)
        })
      })
    )

    const preview = withBody(
      memory,
      PreviewRequest,
      Effect.fnUntraced(function* (payload) {
        const previewed = yield* sms.preview(payload).pipe(Effect.mapError(rejectionProblem))
        return { success: true as const, preview: previewShape(previewed) }
      }),
      refuseMedia
    )

    // A client that hangs up must not stop a send half way.
    return handlers
      .handleRaw("send", send, { uninterruptible: true })
      .handleRaw("batch", batch, { uninterruptible: true })
      .handleRaw("preview", preview)
      .handleAll({
        list: Effect.fnUntraced(function* ({ query }) {
          const { accountId } = yield* CurrentAccess
          const { messages, next } = yield* sms.messages(accountId, {
            direction: query.direction,
            numberId: query.number_id,
            status: query.status,
            to: query.to,
            from: query.from,
            contact: query.contact,
            since: query.since,
            until: query.until,
            limit: query.limit,
            after: query.cursor
          })
          return { success: true as const, messages: messages.map(messageShape), next_cursor: next }
        }),
        get: Effect.fnUntraced(function* ({ params }) {
          const { accountId } = yield* CurrentAccess
          const { message, timeline } = yield* sms
            .message({ accountId, id: params.id })
            .pipe(Effect.mapError(() => problem("not_found", "There is no such message.")))
          return { success: true as const, message: messageShape(message), timeline: timeline.map(timelineShape) }
        }),
        numbers: Effect.fnUntraced(function* () {
          const { accountId } = yield* CurrentAccess
          return { success: true as const, numbers: (yield* sms.smsNumbers(accountId)).map(numberOf) }
        }),
        stats: Effect.fnUntraced(function* ({ query }) {
          const { accountId } = yield* CurrentAccess
          return { success: true as const, stats: statsShape(yield* sms.stats(accountId, query.number_id)) }
        }),
        dailyStats: Effect.fnUntraced(function* ({ query }) {
          const { accountId } = yield* CurrentAccess
          const days = yield* sms.dailyStats(accountId, query.number_id)
          return { success: true as const, days: days.map(dayShape) }
        })
      })
  }, withServices)
).pipe(layerLight)

const requestOf = (payload: SendRequest): CoreRequest => ({
  fromNumberId: payload.from_number_id,
  to: payload.to,
  body: payload.body
})

const answerHeaders = (bucket: Bucket | null, replayed: boolean) => ({
  ...(bucket === null
    ? {}
    : rateLimitHeaders({
        perSecond: bucket.perSecond,
        remaining: remaining(bucket),
        resetMillis: millisUntilFull(bucket)
      })),
  ...replayHeaders(replayed)
})

const unanswered: Problem = problem("internal", "This message was not decided.")

const resultJson = (result: Result.Result<Message, Rejection>, requestId: string): typeof BatchResult.Encoded =>
  Result.isSuccess(result)
    ? { success: true, message: messageJson(result.success) }
    : problemBody(rejectionProblem(result.failure), requestId)

const JSON_TYPE = "application/json"
