/** What webhooks do over days, on whatever stores them: one attempt after the other, each at its time, without loops. */
import {
  Deliveries,
  type DeliveryQueue,
  EUR,
  type EventLog,
  FAILING_MILLIS,
  Micros,
  money,
  Outbox,
  secretsOf,
  type UnitOfWork,
  Wakeups,
  type Wallet,
  type Webhook,
  Webhooks,
  WebhookSender,
  type WebhookStore
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { answered, FakeEndpoints } from "./FakeEndpoints.ts"
import { Fixture } from "./Fixture.ts"
import { freshName, TIMEOUT } from "./suite.ts"

const NOW = Date.UTC(2031, 0, 1)
const DAY_MILLIS = 24 * 60 * 60 * 1000

export const webhookTimesSuite = <E>(
  name: string,
  ports: Layer.Layer<Outbox | WebhookStore | DeliveryQueue | UnitOfWork | Wallet | EventLog | Fixture, E>
) =>
  layer(
    Layer.mergeAll(Webhooks.layer, Deliveries.layer).pipe(
      Layer.provideMerge(Wakeups.layer),
      Layer.provideMerge(FakeEndpoints.layerSender),
      Layer.provideMerge(FakeEndpoints.layer),
      Layer.provideMerge(ports)
    ),
    { timeout: TIMEOUT }
  )(`Webhooks over days (${name})`, (it) => {
    /** With an account of its own. */
    const endpoint = Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const fixture = yield* Fixture
      const webhooks = yield* Webhooks
      const account = yield* fixture.account({ balance: Micros.make(0n) })
      const url = `https://${freshName("endpoint")}.example.com/`
      return yield* webhooks.create(account, { url, events: ["*"] })
    })

    const current = ({ accountId, id }: Webhook) =>
      Webhooks.use((webhooks) => webhooks.list(accountId)).pipe(Effect.map((all) => all.find((one) => one.id === id)))

    const latest = ({ accountId, id }: Webhook) =>
      Webhooks.use((webhooks) => webhooks.deliveries({ accountId, id }, { limit: 1 })).pipe(
        Effect.map(({ deliveries: [delivery] }) => delivery)
      )

    const tell = ({ accountId }: Webhook) =>
      Effect.gen(function* () {
        const outbox = yield* Outbox
        const at = yield* Clock.currentTimeMillis
        const event = { type: "wallet.low_balance", balance: money(1n, EUR), threshold: money(5n, EUR) } as const
        yield* outbox.put([{ accountId, at, event }])
      })

    /** What is ready for the endpoint now, sent and written down. Gives what was sent. */
    const attempt = ({ id }: Webhook) =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const sender = yield* WebhookSender
        yield* deliveries.wake
        const claimed = yield* deliveries.claim({ standard: 0, free: new Map([[id, 100]]), limit: 100 })
        const at = yield* Clock.currentTimeMillis
        const sent = claimed.map(({ body, eventId, lease, target }) => ({
          lease,
          event: { url: target.url, secrets: secretsOf(target, at), id: String(eventId), at, body }
        }))
        const settled = yield* Effect.forEach(sent, ({ event, lease }) =>
          Effect.map(sender.send(event), (outcome) => ({ lease, outcome, at }))
        )
        yield* deliveries.settle(settled)
        return sent.map(({ event }) => event)
      })

    it.effect("tries again by the schedule, with the same body, and then gives the event up", () =>
      Effect.gen(function* () {
        const { answers } = yield* FakeEndpoints
        const webhook = yield* endpoint
        answers.set(webhook.url, () => Effect.succeed(answered(503)))
        yield* tell(webhook)
        const sent = [...(yield* attempt(webhook))]
        for (;;) {
          const next = (yield* latest(webhook))?.nextAttemptAt ?? null
          if (next === null) break
          yield* TestClock.setTime(next - 1)
          assert.lengthOf(yield* attempt(webhook), 0)
          yield* TestClock.setTime(next)
          sent.push(...(yield* attempt(webhook)))
        }
        assert.lengthOf(sent, 10)
        assert.strictEqual(new Set(sent.map(({ body, id }) => id + body)).size, 1)
        const hours = ((sent[9]?.at ?? 0) - NOW) / 3_600_000
        assert.isAtLeast(hours, 75.58 * 0.9)
        assert.isAtMost(hours, 75.59 * 1.1)
        assert.deepInclude(yield* latest(webhook), { status: "failed" })
        assert.deepInclude(yield* current(webhook), { enabled: true })
        yield* Effect.orDie(Webhooks.use((webhooks) => webhooks.remove(webhook)))
      })
    )

    it.effect("waits as long as it is asked to, within bounds", () =>
      Effect.gen(function* () {
        const { answers } = yield* FakeEndpoints
        const webhook = yield* endpoint
        for (const [asked, waited] of [
          [120_000, 120_000],
          [7_200_000, 900_000]
        ] as const) {
          yield* TestClock.setTime(NOW)
          answers.set(webhook.url, () => Effect.succeed(answered(429, asked)))
          yield* tell(webhook)
          yield* attempt(webhook)
          assert.strictEqual((yield* latest(webhook))?.nextAttemptAt, NOW + waited)
        }
        yield* Effect.orDie(Webhooks.use((webhooks) => webhooks.remove(webhook)))
      })
    )

    it.effect("nothing but failures for five days disables an endpoint; one success would have saved it", () =>
      Effect.gen(function* () {
        const { answers } = yield* FakeEndpoints
        const [failing, saved] = [yield* endpoint, yield* endpoint]
        for (const day of [0, 1, 2, 3, 4, 5]) {
          yield* TestClock.setTime(NOW + day * DAY_MILLIS)
          for (const webhook of [failing, saved]) {
            const status = webhook === saved && day === 2 ? 204 : 500
            answers.set(webhook.url, () => Effect.succeed(answered(status)))
            yield* tell(webhook)
            yield* attempt(webhook)
          }
          assert.strictEqual((yield* current(failing))?.enabled, day < 5)
        }
        assert.deepInclude(yield* current(failing), { disabled: { reason: "failing", at: NOW + FAILING_MILLIS } })
        assert.deepInclude(yield* latest(failing), { status: "failed", nextAttemptAt: null })
        assert.deepInclude(yield* current(saved), { enabled: true, disabled: null })
        for (const one of [failing, saved]) yield* Effect.orDie(Webhooks.use((webhooks) => webhooks.remove(one)))
      })
    )

    it.effect("failures that lie further apart than five days tell nothing of the time between", () =>
      Effect.gen(function* () {
        const { answers } = yield* FakeEndpoints
        const webhook = yield* endpoint
        answers.set(webhook.url, () => Effect.succeed(answered(500)))
        yield* tell(webhook)
        yield* attempt(webhook)
        yield* TestClock.setTime(NOW + FAILING_MILLIS + 1)
        yield* tell(webhook)
        yield* attempt(webhook)
        assert.deepInclude(yield* current(webhook), { enabled: true })
        yield* Effect.orDie(Webhooks.use((webhooks) => webhooks.remove(webhook)))
      })
    )

    it.effect("a new secret and the old one sign for a day, then the new one alone", () =>
      Effect.gen(function* () {
        const webhook = yield* endpoint
        const { secret } = yield* Webhooks.use((webhooks) => webhooks.rotate(webhook))
        assert.notStrictEqual(secret, webhook.secret)
        const signers = Effect.andThen(
          tell(webhook),
          Effect.map(attempt(webhook), ([event]) => event?.secrets)
        )
        yield* TestClock.setTime(NOW + DAY_MILLIS - 1)
        assert.deepStrictEqual(yield* signers, [secret, webhook.secret])
        yield* TestClock.setTime(NOW + DAY_MILLIS)
        assert.deepStrictEqual(yield* signers, [secret])
        yield* Effect.orDie(Webhooks.use((webhooks) => webhooks.remove(webhook)))
      })
    )

    it.effect("what was sent is sent again to the byte when its owner asks", () =>
      Effect.gen(function* () {
        const webhooks = yield* Webhooks
        const webhook = yield* endpoint
        const other = yield* endpoint
        yield* tell(webhook)
        const [first] = yield* attempt(webhook)
        const done = yield* latest(webhook)
        assert.strictEqual(done?.status, "succeeded")
        const key = { accountId: webhook.accountId, webhookId: webhook.id, id: done?.id as never }
        assert.strictEqual((yield* webhooks.redeliver(key)).status, "pending")
        const [again] = yield* attempt(webhook)
        assert.deepStrictEqual([again?.id, again?.body], [first?.id, first?.body])
        const foreign = yield* Effect.flip(webhooks.redeliver({ ...key, accountId: other.accountId }))
        assert.strictEqual(foreign._tag, "WebhookNotFound")
        const elsewhere = { ...key, accountId: other.accountId, webhookId: other.id }
        assert.strictEqual((yield* Effect.flip(webhooks.redeliver(elsewhere)))._tag, "DeliveryNotFound")
        for (const one of [webhook, other]) yield* Effect.orDie(webhooks.remove(one))
      })
    )
  })
