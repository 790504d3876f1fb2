/** Webhook endpoints that remember what they were sent, and answer as they are told to. */
import { type SendEvent, type SendOutcome, WebhookSender } from "@cliqtel/sms-core"
import { Context, Effect, Layer } from "effect"

export type Answering = (event: SendEvent) => Effect.Effect<SendOutcome>

export const answered = (status: number, retryAfterMillis: number | null = null): SendOutcome => ({
  _tag: "Answered",
  status,
  body: `status ${status}`,
  retryAfterMillis,
  durationMillis: 1
})

export class FakeEndpoints extends Context.Service<
  FakeEndpoints,
  {
    /** All attempts, in their order. */
    readonly sent: Array<SendEvent>
    /** By URL; those without an entry answer 200. */
    readonly answers: Map<string, Answering>
  }
>()("@cliqtel/sms-testkit/FakeEndpoints") {
  static readonly layer = Layer.sync(FakeEndpoints, () => ({ sent: [], answers: new Map() }))

  static readonly layerSender = Layer.effect(
    WebhookSender,
    Effect.map(FakeEndpoints, ({ answers, sent }) => {
      let secrets = 0
      return WebhookSender.of({
        send: (event) =>
          Effect.suspend(() => {
            sent.push(event)
            return answers.get(event.url)?.(event) ?? Effect.succeed(answered(200))
          }),
        check: (url) => Effect.succeed(url.startsWith("https://") ? null : "must begin with https://"),
        newSecret: Effect.sync(() => `whsec_${++secrets}`)
      })
    })
  )
}
