/** What every `DeliveryQueue` must do. */
import {
  type Attempt,
  type DeliveryLease,
  DeliveryQueue,
  type DeliveryVerdict,
  disable,
  type LeasedDelivery,
  Micros,
  Outbox,
  SHOWN_ATTEMPTS,
  UnitOfWork,
  type Webhook,
  WebhookStore
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { messageEvent } from "./outboxSuite.ts"
import { ATONCE, LAYER_OPTIONS } from "./suite.ts"
import { endpoint } from "./webhookStoreSuite.ts"

const AT = 1_790_000_000_123
const UNTIL = AT + 45_000

const attempt: Attempt = { at: AT, status: 500, durationMillis: 12, error: "The endpoint answered 500.", body: "no" }

const DELIVERED: DeliveryVerdict = { _tag: "Delivered" }

export const deliveryQueueSuite = <E>(
  name: string,
  ports: Layer.Layer<Outbox | WebhookStore | DeliveryQueue | UnitOfWork | Fixture, E>
) =>
  layer(ports, LAYER_OPTIONS)(`DeliveryQueue (${name})`, (it) => {
    const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))

    /** Endpoints that are gone after the test, so that nobody else's claim finds anything of theirs. */
    const withEndpoints = <A, E2, R>(
      count: number,
      body: (endpoints: ReadonlyArray<Webhook>) => Effect.Effect<A, E2, R>
    ) =>
      Effect.gen(function* () {
        const store = yield* WebhookStore
        const accountId = yield* open
        const endpoints = yield* Effect.forEach(Array.from({ length: count }), () => endpoint(accountId))
        yield* Effect.ensuring(body(endpoints), Effect.forEach(endpoints, store.remove, { discard: true }))
      })

    const put = (to: Webhook) => DeliveryQueue.use((queue) => queue.put(to, "webhook.test", "{}", AT))

    const claim = (from: ReadonlyArray<Webhook>, each = 100, limit = 100) =>
      DeliveryQueue.use((queue) =>
        queue.claim({ standard: 0, free: new Map(from.map(({ id }) => [id, each])), limit, until: UNTIL })
      )

    const settle = (leases: ReadonlyArray<DeliveryLease>, verdict: DeliveryVerdict) =>
      Effect.gen(function* () {
        const queue = yield* DeliveryQueue
        const unit = yield* UnitOfWork
        return yield* unit.run(
          Effect.gen(function* () {
            const held = yield* queue.hold(leases)
            yield* queue.settle(held.map((lease) => ({ lease, attempt, verdict })))
            return held.length
          })
        )
      })

    const leasesOf = (claimed: ReadonlyArray<LeasedDelivery>) => claimed.map(({ lease }) => lease)
    const idsOf = (claimed: ReadonlyArray<LeasedDelivery>) => claimed.map(({ lease }) => lease.id)

    it.effect("leases each delivery to one caller, oldest first, as many as an endpoint may have", () =>
      withEndpoints(2, ([one, two]) =>
        Effect.gen(function* () {
          const [a, b] = [one, two] as [Webhook, Webhook]
          const made = [yield* put(a), yield* put(a), yield* put(a)]
          const other = yield* put(b)
          assert.deepStrictEqual(idsOf(yield* claim([a], 0)), [])
          const first = yield* claim([a, b], 2)
          assert.sameMembers(idsOf(first), [...made.slice(0, 2), other])
          const rest = yield* Effect.all(
            Array.from({ length: 4 }, () => claim([a, b])),
            ATONCE
          )
          assert.deepStrictEqual(idsOf(rest.flat()), made.slice(2))
          assert.deepStrictEqual(
            first.map(({ lease }) => lease.attempt),
            [1, 1, 1]
          )
        })
      )
    )

    it.effect("serves the endpoints in turn when there is more than it may take", () =>
      withEndpoints(3, (endpoints) =>
        Effect.gen(function* () {
          for (const one of endpoints) for (let i = 0; i < 4; i++) yield* put(one)
          const served = new Set<number>()
          for (let i = 0; i < 3; i++) {
            for (const { lease } of yield* claim(endpoints, 2, 2)) served.add(lease.webhookId)
          }
          assert.sameMembers(
            [...served],
            endpoints.map(({ id }) => id)
          )
        })
      )
    )

    it.effect("keeps deliveries about one message in order, and holds up no other for it", () =>
      withEndpoints(1, ([only]) =>
        Effect.gen(function* () {
          const to = only as Webhook
          const outbox = yield* Outbox
          const queue = yield* DeliveryQueue
          const events = [
            yield* messageEvent(to.accountId, "sms.sent", 1),
            yield* messageEvent(to.accountId, "sms.delivered", 1),
            yield* messageEvent(to.accountId, "sms.sent", 2)
          ]
          yield* outbox.put(events)
          const [delivered2, delivered1, sent] = (yield* queue.page(to, { limit: 3 })).map(({ id }) => id)
          const first = yield* claim([to])
          assert.deepStrictEqual(idsOf(first), [sent, delivered2])
          assert.deepStrictEqual(idsOf(yield* claim([to])), [])
          // A retry that waits lets the later one pass.
          yield* settle(leasesOf(first), { _tag: "Retry", at: AT + 5000 })
          const later = yield* claim([to])
          assert.deepStrictEqual(idsOf(later), [delivered1])
          assert.strictEqual(yield* settle(leasesOf(later), DELIVERED), 1)
        })
      )
    )

    it.effect("lets a lease that was lost change nothing", () =>
      withEndpoints(1, ([only]) =>
        Effect.gen(function* () {
          const to = only as Webhook
          const queue = yield* DeliveryQueue
          yield* put(to)
          const stale = leasesOf(yield* claim([to]))
          yield* queue.takeOver(UNTIL)
          assert.deepStrictEqual(yield* claim([to]), [])
          assert.isAtLeast(yield* queue.takeOver(UNTIL + 1), 1)
          const again = leasesOf(yield* claim([to]))
          assert.strictEqual(again[0]?.id, stale[0]?.id)
          assert.strictEqual(again[0]?.attempt, 1)
          assert.strictEqual(yield* settle(stale, DELIVERED), 0)
          yield* queue.settle(stale.map((lease) => ({ lease, attempt, verdict: DELIVERED })))
          const [pending] = yield* queue.page(to, { limit: 1 })
          assert.deepInclude(pending, { status: "pending", attempts: [] })
          assert.strictEqual(yield* settle(again, DELIVERED), 1)
          const [done] = yield* queue.page(to, { limit: 1 })
          assert.deepInclude(done, { status: "succeeded", nextAttemptAt: null })
          assert.deepStrictEqual(done?.attempts, [attempt])
        })
      )
    )

    it.effect("makes retries ready when they are due, and counts the attempts", () =>
      withEndpoints(1, ([only]) =>
        Effect.gen(function* () {
          const to = only as Webhook
          const queue = yield* DeliveryQueue
          yield* put(to)
          yield* settle(leasesOf(yield* claim([to])), { _tag: "Retry", at: AT + 5000 })
          const [waiting] = yield* queue.page(to, { limit: 1 })
          assert.deepInclude(waiting, { status: "pending", nextAttemptAt: AT + 5000 })
          yield* queue.wakeDue(AT + 4999)
          assert.deepStrictEqual(yield* claim([to]), [])
          assert.isAtLeast(yield* queue.wakeDue(AT + 5000), 1)
          const [second] = leasesOf(yield* claim([to]))
          assert.strictEqual(second?.attempt, 2)
          yield* settle(second === undefined ? [] : [second], { _tag: "Exhausted" })
          const [failed] = yield* queue.page(to, { limit: 1 })
          assert.deepInclude(failed, { status: "failed", nextAttemptAt: null })
          assert.lengthOf(failed?.attempts ?? [], 2)
        })
      )
    )

    it.effect("shows a delivery with the attempts that made it what it is, while they are written down", () =>
      withEndpoints(1, ([only]) =>
        Effect.gen(function* () {
          const to = only as Webhook
          const queue = yield* DeliveryQueue
          for (let i = 0; i < 40; i++) yield* put(to)
          const leases = leasesOf(yield* claim([to]))
          const settling = yield* Effect.forkChild(
            Effect.forEach(leases, (lease) => settle([lease], { _tag: "Retry", at: AT + 5000 }), { discard: true })
          )
          const seen = new Set<string>()
          for (let done = false; !done;) {
            done = settling.pollUnsafe() !== undefined
            for (const { attempts, nextAttemptAt } of yield* queue.page(to, { limit: 40 })) {
              seen.add(`${attempts.length} attempts, next ${nextAttemptAt}`)
            }
          }
          yield* Fiber.join(settling)
          assert.includeMembers(["0 attempts, next null", `1 attempts, next ${AT + 5000}`], [...seen])
        })
      )
    )

    it.effect("sends again from the beginning, and keeps what was before in the log", () =>
      withEndpoints(2, ([one, two]) =>
        Effect.gen(function* () {
          const [to, other] = [one, two] as [Webhook, Webhook]
          const queue = yield* DeliveryQueue
          const id = yield* put(to)
          const key = { accountId: to.accountId, webhookId: to.id, id }
          const [first] = yield* claim([to])
          assert.isTrue(yield* queue.redeliver(key))
          assert.deepStrictEqual(yield* claim([to]), [])
          yield* settle(first === undefined ? [] : [first.lease], DELIVERED)
          assert.isFalse(yield* queue.redeliver({ ...key, webhookId: other.id }))
          for (let i = 0; i < SHOWN_ATTEMPTS; i++) {
            assert.isTrue(yield* queue.redeliver(key))
            const [again] = yield* claim([to])
            assert.deepStrictEqual([again?.eventId, again?.body], [first?.eventId, first?.body])
            assert.strictEqual(again?.lease.attempt, 1)
            yield* settle(again === undefined ? [] : [again.lease], DELIVERED)
          }
          assert.lengthOf((yield* queue.find(key))?.attempts ?? [], SHOWN_ATTEMPTS)
          assert.isUndefined(yield* queue.find({ ...key, webhookId: other.id }))
        })
      )
    )

    it.effect("ends what waits for an endpoint, and sends nothing to one that is disabled", () =>
      withEndpoints(1, ([only]) =>
        Effect.gen(function* () {
          const to = only as Webhook
          const queue = yield* DeliveryQueue
          const store = yield* WebhookStore
          yield* Effect.all([put(to), put(to), put(to)])
          const [leased, waits] = leasesOf(yield* claim([to], 2))
          yield* settle(waits === undefined ? [] : [waits], { _tag: "Retry", at: AT + 5000 })
          yield* store.save([disable(to, "by_owner", AT)])
          yield* queue.end(to)
          const statuses = () =>
            Effect.map(queue.page(to, { limit: 10 }), (page) => page.map(({ status }) => status).toReversed())
          assert.deepStrictEqual(yield* statuses(), ["pending", "failed", "failed"])
          assert.strictEqual(yield* settle(leased === undefined ? [] : [leased], DELIVERED), 1)
          // One that was put at that moment is never sent, and ended by the sweep.
          yield* put(to)
          assert.deepStrictEqual(yield* claim([to]), [])
          yield* queue.takeOver(AT)
          assert.deepStrictEqual(yield* statuses(), ["succeeded", "failed", "failed", "failed"])
        })
      )
    )

    it.effect("shows deliveries newest first, page by page", () =>
      withEndpoints(1, ([only]) =>
        Effect.gen(function* () {
          const to = only as Webhook
          const queue = yield* DeliveryQueue
          const made = yield* Effect.forEach(Array.from({ length: 5 }), () => put(to))
          const first = yield* queue.page(to, { limit: 3 })
          const rest = yield* queue.page(to, { limit: 3, before: first.at(-1)?.id })
          assert.deepStrictEqual(
            [...first, ...rest].map(({ id }) => id),
            made.toReversed()
          )
          assert.deepInclude(first[0], {
            accountId: to.accountId,
            webhookId: to.id,
            type: "webhook.test",
            status: "pending",
            nextAttemptAt: null,
            createdAt: AT,
            attempts: []
          })
        })
      )
    )
  })
