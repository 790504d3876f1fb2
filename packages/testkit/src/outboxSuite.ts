/** What every `Outbox` must do. */
import {
  type AccountId,
  DeliveryQueue,
  disable,
  EUR,
  eventBody,
  type MessageEventType,
  MessageId,
  Micros,
  money,
  Outbox,
  type OutboxEvent,
  UnitOfWork,
  type Webhook,
  WebhookStore
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { sampleMessage } from "./sampleMessage.ts"
import { LAYER_OPTIONS } from "./suite.ts"
import { endpoint } from "./webhookStoreSuite.ts"

const AT = 1_790_000_000_123

/** Of a message of an account's number. */
export const messageEvent = Effect.fnUntraced(function* (accountId: AccountId, type: MessageEventType, id: number) {
  const number = yield* Fixture.use((fixture) => fixture.number(accountId))
  const message = sampleMessage(number, MessageId.make(id), { body: 'Grüße "😀"\u2028' })
  return { accountId, at: AT, event: { type, message } } satisfies OutboxEvent
})

const low = (accountId: AccountId): OutboxEvent => ({
  accountId,
  at: AT,
  event: { type: "wallet.low_balance", balance: money(1n, EUR), threshold: money(5n, EUR) }
})

export const outboxSuite = <E>(
  name: string,
  ports: Layer.Layer<Outbox | WebhookStore | DeliveryQueue | UnitOfWork | Fixture, E>
) =>
  layer(ports, LAYER_OPTIONS)(`Outbox (${name})`, (it) => {
    const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))
    const told = (webhook: Webhook) =>
      DeliveryQueue.use((queue) => queue.page(webhook, { limit: 50 })).pipe(
        Effect.map((page) => page.map(({ type }) => type).toReversed())
      )

    it.effect("tells each endpoint what it wants, and nobody else's", () =>
      Effect.gen(function* () {
        const outbox = yield* Outbox
        const store = yield* WebhookStore
        const [accountId, other, deaf] = [yield* open, yield* open, yield* open]
        const sms = yield* endpoint(accountId)
        const all = yield* endpoint(accountId, { events: ["*"] })
        const off = yield* endpoint(accountId, { events: ["*"] })
        const others = yield* endpoint(other, { events: ["wallet.low_balance"] })
        yield* store.save([disable(off, "by_owner", AT)])
        const sent = yield* messageEvent(accountId, "sms.sent", 1)
        const failed = yield* messageEvent(accountId, "sms.failed", 2)

        assert.strictEqual(yield* outbox.put([sent, failed, low(accountId), low(other), low(deaf)]), 5)
        assert.strictEqual(yield* outbox.put([low(deaf)]), 0)
        assert.strictEqual(yield* outbox.put([]), 0)
        assert.deepStrictEqual(yield* told(sms), ["sms.sent"])
        assert.deepStrictEqual(yield* told(all), ["sms.sent", "sms.failed", "wallet.low_balance"])
        assert.deepStrictEqual(yield* told(off), [])
        assert.deepStrictEqual(yield* told(others), ["wallet.low_balance"])
        for (const one of [sms, all, off, others]) yield* store.remove(one)
      })
    )

    it.effect("keeps one body of an event, and one name for all its endpoints", () =>
      Effect.gen(function* () {
        const outbox = yield* Outbox
        const store = yield* WebhookStore
        const queue = yield* DeliveryQueue
        const accountId = yield* open
        const [one, two] = [yield* endpoint(accountId), yield* endpoint(accountId)]
        const event = yield* messageEvent(accountId, "sms.sent", 7)
        yield* outbox.put([event])
        const free = new Map([one, two].map(({ id }) => [id, 5]))
        const claimed = yield* queue.claim({ standard: 0, free, limit: 10, until: AT + 60_000 })
        assert.deepStrictEqual(
          claimed.map(({ body, target }) => [target.url, body]),
          [one, two].map(({ url }) => [url, eventBody(event)])
        )
        assert.strictEqual(claimed[0]?.eventId, claimed[1]?.eventId)
        for (const webhook of [one, two]) yield* store.remove(webhook)
      })
    )

    it.effect("tells of nothing that was undone", () =>
      Effect.gen(function* () {
        const outbox = yield* Outbox
        const unit = yield* UnitOfWork
        const store = yield* WebhookStore
        const accountId = yield* open
        const webhook = yield* endpoint(accountId, { events: ["*"] })
        yield* Effect.flip(unit.run(Effect.andThen(outbox.put([low(accountId)]), Effect.fail("no"))))
        assert.deepStrictEqual(yield* told(webhook), [])
        yield* store.remove(webhook)
      })
    )
  })
