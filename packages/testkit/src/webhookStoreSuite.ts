/** What every `WebhookStore` must do. */
import {
  type AccountId,
  DeliveryQueue,
  disable,
  Micros,
  type NewWebhook,
  rotated,
  UnitOfWork,
  WebhookId,
  WebhookStore
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, freshName, LAYER_OPTIONS } from "./suite.ts"

const AT = 1_790_000_000_123

/** An endpoint of an account, with whatever matters to a test put in place. */
export const sampleWebhook = (accountId: AccountId, given: Partial<NewWebhook> = {}): NewWebhook => ({
  accountId,
  url: `https://${freshName("endpoint")}.example.com/hook`,
  events: ["sms.sent", "sms.delivered"],
  description: "a test",
  secret: "whsec_one",
  createdAt: AT,
  ...given
})

/** One that is stored. */
export const endpoint = Effect.fnUntraced(function* (accountId: AccountId, given: Partial<NewWebhook> = {}) {
  const unit = yield* UnitOfWork
  const store = yield* WebhookStore
  const webhook = yield* unit.run(store.insert(sampleWebhook(accountId, given), 100))
  return webhook ?? (yield* Effect.die(new Error("the endpoint was not stored")))
})

export const webhookStoreSuite = <E>(
  name: string,
  ports: Layer.Layer<WebhookStore | DeliveryQueue | UnitOfWork | Fixture, E>
) =>
  layer(ports, LAYER_OPTIONS)(`WebhookStore (${name})`, (it) => {
    const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))

    it.effect("keeps endpoints as they are changed, under their own account alone", () =>
      Effect.gen(function* () {
        const store = yield* WebhookStore
        const unit = yield* UnitOfWork
        const [accountId, other] = [yield* open, yield* open]
        const given = sampleWebhook(accountId, { description: 'it\'s "ours" ☎', events: ["*"] })
        const one = yield* endpoint(accountId, given)
        const two = yield* endpoint(accountId)
        assert.deepStrictEqual(one, {
          ...given,
          id: one.id,
          enabled: true,
          oldSecret: null,
          disabled: null,
          failing: null,
          updatedAt: AT
        })
        assert.isAbove(two.id, one.id)
        assert.deepStrictEqual(yield* store.list(accountId), [one, two])
        assert.deepStrictEqual(yield* store.list(other), [])

        const after = {
          ...disable(rotated(one, "whsec_two", AT + 1), "gone", AT + 2),
          failing: { since: AT, lastAt: AT + 1 },
          events: ["sms.failed", "wallet.low_balance"] as const
        }
        yield* unit.run(
          Effect.gen(function* () {
            assert.deepStrictEqual(yield* store.lock([two, one]), [one, two])
            assert.deepStrictEqual(yield* store.lock([{ accountId: other, id: one.id }]), [])
            yield* store.save([after])
          })
        )
        assert.deepStrictEqual(yield* store.list(accountId), [after, two])
      })
    )

    it.effect("takes no more than it may, however many come at once", () =>
      Effect.gen(function* () {
        const store = yield* WebhookStore
        const unit = yield* UnitOfWork
        const accountId = yield* open
        const made = yield* Effect.all(
          Array.from({ length: 8 }, () => unit.run(store.insert(sampleWebhook(accountId), 3))),
          ATONCE
        )
        assert.lengthOf(
          made.filter((one) => one !== undefined),
          3
        )
        assert.lengthOf(yield* store.list(accountId), 3)
      })
    )

    it.effect("removes an endpoint with its deliveries, of its own account alone", () =>
      Effect.gen(function* () {
        const store = yield* WebhookStore
        const queue = yield* DeliveryQueue
        const [accountId, other] = [yield* open, yield* open]
        const [one, two] = [yield* endpoint(accountId), yield* endpoint(accountId)]
        yield* queue.put(one, "webhook.test", "{}", AT)
        const kept = yield* queue.put(two, "webhook.test", "{}", AT)
        assert.isFalse(yield* store.remove({ accountId: other, id: one.id }))
        assert.isTrue(yield* store.remove(one))
        assert.isFalse(yield* store.remove(one))
        assert.deepStrictEqual(yield* store.list(accountId), [two])
        assert.deepStrictEqual(yield* queue.page(one, { limit: 10 }), [])
        const [left] = yield* queue.page(two, { limit: 10 })
        assert.strictEqual(left?.id, kept)
        assert.deepStrictEqual(yield* store.lock([{ accountId, id: WebhookId.make(999_999_999) }]), [])
        yield* store.remove(two)
      })
    )
  })
