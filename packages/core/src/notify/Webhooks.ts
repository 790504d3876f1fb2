/** Use case: what an owner does with webhooks. Each change is one unit of work. */
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { AccountId, DeliveryId } from "../Account.ts"
import { Wakeups } from "../send/Wakeups.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { type Delivery, type DeliveryKey, DeliveryQueue } from "./DeliveryQueue.ts"
import { eventBody } from "./EventBody.ts"
import { disable, enable, MAX_WEBHOOKS, rotated, type Wanted, type Webhook } from "./Webhook.ts"
import { WebhookSender } from "./WebhookSender.ts"
import { type WebhookKey, WebhookStore } from "./WebhookStore.ts"

/** There is no such endpoint in this account. */
export class WebhookNotFound extends Schema.TaggedError<WebhookNotFound>()("WebhookNotFound", { id: Schema.Int }) {}

/** There is no such delivery to this endpoint. */
export class DeliveryNotFound extends Schema.TaggedError<DeliveryNotFound>()("DeliveryNotFound", { id: Schema.Int }) {}

/** Nothing is sent to such an address. */
export class WebhookUrlRefused extends Schema.TaggedError<WebhookUrlRefused>()("WebhookUrlRefused", {
  reason: Schema.String
}) {}

/** The account has as many endpoints as it may have. */
export class TooManyWebhooks extends Schema.TaggedError<TooManyWebhooks>()("TooManyWebhooks", { most: Schema.Int }) {}

/** Nothing is delivered to an endpoint that is disabled. */
export class WebhookDisabled extends Schema.TaggedError<WebhookDisabled>()("WebhookDisabled", { id: Schema.Int }) {}

export type WebhookError = WebhookNotFound | DeliveryNotFound | WebhookUrlRefused | TooManyWebhooks | WebhookDisabled

export interface WebhookRequest {
  readonly url: string
  readonly events: ReadonlyArray<Wanted>
  readonly description?: string | undefined
}

export interface WebhookChange extends Partial<WebhookRequest> {
  readonly enabled?: boolean | undefined
}

export interface DeliveryPage {
  readonly deliveries: ReadonlyArray<Delivery>
  /** Where the next page begins; null after the last. */
  readonly next: DeliveryId | null
}

export class Webhooks extends Context.Service<
  Webhooks,
  {
    create(account: AccountId, request: WebhookRequest): Effect.Effect<Webhook, WebhookUrlRefused | TooManyWebhooks>
    list(account: AccountId): Effect.Effect<ReadonlyArray<Webhook>>
    /** Disabling ends what waits; enabling clears why it was disabled. */
    change(key: WebhookKey, change: WebhookChange): Effect.Effect<Webhook, WebhookNotFound | WebhookUrlRefused>
    remove(key: WebhookKey): Effect.Effect<void, WebhookNotFound>
    /** A new secret; the one before it signs too for a day. */
    rotate(key: WebhookKey): Effect.Effect<Webhook, WebhookNotFound>
    /** Sends it a `webhook.test`, whatever events it wants. */
    test(key: WebhookKey): Effect.Effect<Delivery, WebhookNotFound | WebhookDisabled>
    deliveries(
      key: WebhookKey,
      page: { readonly limit: number; readonly before?: DeliveryId | undefined }
    ): Effect.Effect<DeliveryPage, WebhookNotFound>
    /** Sends it again now, to the byte, and by the whole schedule; one that is about to be sent is left alone. */
    redeliver(key: DeliveryKey): Effect.Effect<Delivery, WebhookNotFound | DeliveryNotFound | WebhookDisabled>
  }
>()("@cliqtel/sms-core/notify/Webhooks") {
  static readonly layer = Layer.effect(
    Webhooks,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const store = yield* WebhookStore
      const queue = yield* DeliveryQueue
      const sender = yield* WebhookSender
      const wakeups = yield* Wakeups

      const allowed = Effect.fnUntraced(function* (url: string) {
        const reason = yield* sender.check(url)
        if (reason !== null) return yield* new WebhookUrlRefused({ reason })
      })

      const held = Effect.fnUntraced(function* (key: WebhookKey) {
        const [webhook] = yield* store.lock([key])
        return webhook ?? (yield* new WebhookNotFound({ id: key.id }))
      })

      const heldEnabled = Effect.fnUntraced(function* (key: WebhookKey) {
        const webhook = yield* held(key)
        return webhook.enabled ? webhook : yield* new WebhookDisabled({ id: key.id })
      })

      const delivery = Effect.fnUntraced(function* (key: DeliveryKey) {
        return (yield* queue.find(key)) ?? (yield* new DeliveryNotFound({ id: key.id }))
      })

      const create = Effect.fn("Webhooks.create")(function* (
        accountId: AccountId,
        { description = "", events, url }: WebhookRequest
      ) {
        yield* allowed(url)
        const secret = yield* sender.newSecret
        const createdAt = yield* Clock.currentTimeMillis
        const webhook = { accountId, url, events, description, secret, createdAt }
        const inserted = yield* unit.run(store.insert(webhook, MAX_WEBHOOKS))
        return inserted ?? (yield* new TooManyWebhooks({ most: MAX_WEBHOOKS }))
      })

      const change = Effect.fn("Webhooks.change")(function* (key: WebhookKey, wanted: WebhookChange) {
        if (wanted.url !== undefined) yield* allowed(wanted.url)
        return yield* unit.run(
          Effect.gen(function* () {
            const before = yield* held(key)
            const now = yield* Clock.currentTimeMillis
            const after = changed(before, wanted, now)
            yield* store.save([after])
            if (before.enabled && !after.enabled) yield* queue.end(key)
            return after
          })
        )
      })

      const remove = Effect.fn("Webhooks.remove")(function* (key: WebhookKey) {
        if (!(yield* unit.run(store.remove(key)))) return yield* new WebhookNotFound({ id: key.id })
      })

      const rotate = Effect.fn("Webhooks.rotate")(function* (key: WebhookKey) {
        const secret = yield* sender.newSecret
        return yield* unit.run(
          Effect.gen(function* () {
            const after = rotated(yield* held(key), secret, yield* Clock.currentTimeMillis)
            yield* store.save([after])
            return after
          })
        )
      })

      const test = Effect.fn("Webhooks.test")(function* (key: WebhookKey) {
        return yield* unit.run(
          Effect.gen(function* () {
            const { accountId, id: webhookId } = yield* heldEnabled(key)
            const at = yield* Clock.currentTimeMillis
            const body = eventBody({ accountId, at, event: { type: "webhook.test", webhookId } })
            const id = yield* queue.put(key, "webhook.test", body, at)
            yield* unit.afterCommit(wakeups.webhooks.ring)
            return yield* Effect.orDie(delivery({ accountId, webhookId, id }))
          })
        )
      })

      const deliveries = Effect.fn("Webhooks.deliveries")(function* (
        key: WebhookKey,
        page: { readonly limit: number; readonly before?: DeliveryId | undefined }
      ) {
        const found = yield* queue.page(key, { ...page, limit: page.limit + 1 })
        // After it: one that is removed meanwhile has no deliveries any more.
        if (!(yield* store.list(key.accountId)).some(({ id }) => id === key.id)) {
          return yield* new WebhookNotFound({ id: key.id })
        }
        const shown = found.slice(0, page.limit)
        return { deliveries: shown, next: found.length > page.limit ? (shown.at(-1)?.id ?? null) : null }
      })

      const redeliver = Effect.fn("Webhooks.redeliver")(function* (key: DeliveryKey) {
        return yield* unit.run(
          Effect.gen(function* () {
            yield* heldEnabled({ accountId: key.accountId, id: key.webhookId })
            if (!(yield* queue.redeliver(key))) return yield* new DeliveryNotFound({ id: key.id })
            yield* unit.afterCommit(wakeups.webhooks.ring)
            return yield* delivery(key)
          })
        )
      })

      return Webhooks.of({ create, list: store.list, change, remove, rotate, test, deliveries, redeliver })
    })
  )
}

const changed = (before: Webhook, wanted: WebhookChange, now: number): Webhook => {
  const {
    description = before.description,
    enabled = before.enabled,
    events = before.events,
    url = before.url
  } = wanted
  const after = { ...before, url, events, description, updatedAt: now }
  if (enabled === before.enabled) return after
  return enabled ? enable(after, now) : disable(after, "by_owner", now)
}
