/** Webhooks on whatever stores them, with the loops of two hosts: what is committed is delivered, whatever dies meanwhile. */
import {
  type AccountId,
  Deliveries,
  DeliveryQueue,
  EUR,
  EventLog,
  layerDeliveries,
  Micros,
  money,
  type Outbox,
  type OutboxEvent,
  tellWebhooks,
  UnitOfWork,
  Wakeups,
  type Wallet,
  type Webhook,
  Webhooks,
  WebhookStore
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { type Context, Effect, Exit, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { answered, FakeEndpoints } from "./FakeEndpoints.ts"
import { Fixture } from "./Fixture.ts"
import { freshName, TIMEOUT } from "./suite.ts"

type Ports = Outbox | WebhookStore | DeliveryQueue | UnitOfWork | Wallet | EventLog | Fixture

const layerUseCases = Layer.mergeAll(Webhooks.layer, Deliveries.layer).pipe(Layer.provideMerge(Wakeups.layer))

type Host = Context.Context<Webhooks | Deliveries | Wakeups>

const NOW = Date.UTC(2030, 0, 1)

export const webhooksSuite = <E>(name: string, ports: Layer.Layer<Ports, E>) =>
  layer(FakeEndpoints.layerSender.pipe(Layer.provideMerge(FakeEndpoints.layer), Layer.provideMerge(ports)), {
    timeout: TIMEOUT
  })(`Webhooks (${name})`, (it) => {
    const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))

    const build = <A, E2, R>(what: Layer.Layer<A, E2, R>, scope: Scope.Scope) =>
      Layer.buildWithScope(Layer.fresh(what), scope)

    /** A host with its loops, until its scope is closed. */
    const startHost = Effect.fnUntraced(function* (scope: Scope.Scope) {
      return yield* build(layerDeliveries.pipe(Layer.provideMerge(layerUseCases)), scope)
    })

    const on = <A, E2, R>(host: Host, effect: Effect.Effect<A, E2, R>) => Effect.provideContext(effect, host)

    const create = (host: Host, account: AccountId, url: string) =>
      on(
        host,
        Webhooks.use((webhooks) => webhooks.create(account, { url, events: ["*"] }))
      )

    const low = (accountId: AccountId): OutboxEvent => ({
      accountId,
      at: NOW,
      event: { type: "wallet.low_balance", balance: money(1n, EUR), threshold: money(5n, EUR) }
    })

    const tell = (host: Host, account: AccountId) =>
      on(
        host,
        Effect.gen(function* () {
          const unit = yield* UnitOfWork
          const put = yield* tellWebhooks
          yield* unit.run(put([low(account)]))
        })
      )

    /** A database answers in real time, which no test clock moves. */
    const until = <E2, R>(what: string, isSo: Effect.Effect<boolean, E2, R>, step = 100) =>
      Effect.gen(function* () {
        for (let i = 0; i < 2000; i++) {
          if (yield* isSo) return
          yield* TestClock.adjust(step)
          yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))
        }
        assert.fail(`never: ${what}`)
      })

    const sentTo = (url: string) =>
      FakeEndpoints.use(({ sent }) => Effect.sync(() => sent.filter((one) => one.url === url)))

    const latest = (host: Host, webhook: Webhook) =>
      on(
        host,
        Webhooks.use((webhooks) => webhooks.deliveries({ accountId: webhook.accountId, id: webhook.id }, { limit: 1 }))
      ).pipe(Effect.map(({ deliveries: [delivery] }) => delivery))

    const endpoint = Effect.fnUntraced(function* (host: Host) {
      const account = yield* open
      const url = `https://${freshName("endpoint")}.example.com/`
      const webhook = yield* create(host, account, url)
      return { account, url, webhook }
    })

    it.effect("shows no deliveries of an endpoint that is removed while they are looked for", () =>
      Effect.gen(function* () {
        const store = yield* WebhookStore
        const removing = Layer.effect(
          DeliveryQueue,
          Effect.map(DeliveryQueue, (queue) => ({
            ...queue,
            page: (key, page) => Effect.andThen(store.remove(key), queue.page(key, page))
          }))
        )
        const host = yield* build(layerUseCases.pipe(Layer.provide(removing)), yield* Effect.scope)
        const { account, webhook } = yield* endpoint(host)
        yield* tell(host, account)
        assert.strictEqual((yield* Effect.flip(latest(host, webhook)))._tag, "WebhookNotFound")
      })
    )

    it.effect("delivers what was committed at once, by its bell", () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const host = yield* startHost(yield* Effect.scope)
          const { account, url, webhook } = yield* endpoint(host)
          yield* tell(host, account)
          yield* until(
            "delivered",
            Effect.map(latest(host, webhook), (one) => one?.status === "succeeded"),
            0
          )
          const [event] = yield* sentTo(url)
          assert.deepStrictEqual(event?.secrets, [webhook.secret])
          assert.match(event?.id ?? "", /^evt_\d+$/)
          assert.deepInclude(JSON.parse(event?.body ?? ""), { type: "wallet.low_balance", event: "wallet.low_balance" })
        })
      )
    )

    it.effect("an endpoint that hangs, and one that fails, hold up no other", () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const host = yield* startHost(yield* Effect.scope)
          const { answers } = yield* FakeEndpoints
          const [hangs, fails, well] = [yield* endpoint(host), yield* endpoint(host), yield* endpoint(host)]
          answers.set(hangs.url, () => Effect.never)
          answers.set(fails.url, () => Effect.succeed(answered(500)))
          for (let i = 0; i < 20; i++) {
            for (const { account } of [hangs, fails, well]) yield* tell(host, account)
          }
          // No time passes, so no poll and no time-out helps.
          yield* until(
            "all delivered",
            Effect.map(sentTo(well.url), (sent) => sent.length === 20),
            0
          )
          assert.isAtMost((yield* sentTo(hangs.url)).length, 2)
          answers.set(hangs.url, () => Effect.succeed(answered(200)))
          yield* until(
            "the other too",
            Effect.map(sentTo(hangs.url), (sent) => sent.length >= 20),
            1000
          )
        })
      )
    )

    it.effect("a host that dies in mid-attempt leaves it to another, under the same id", () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const { answers } = yield* FakeEndpoints
          const [dying, living] = [yield* Scope.make(), yield* Effect.scope]
          const first = yield* startHost(dying)
          const { account, url, webhook } = yield* endpoint(first)
          answers.set(url, () => Effect.never)
          yield* tell(first, account)
          yield* until(
            "claimed",
            Effect.map(sentTo(url), (sent) => sent.length === 1),
            0
          )
          answers.delete(url)
          // Nothing of what it has in hand is written down: its loops stop, its attempt never ends.
          yield* Effect.forkDetach(Scope.close(dying, Exit.void))
          const second = yield* startHost(living)
          yield* until(
            "taken over",
            Effect.map(sentTo(url), (sent) => sent.length === 2),
            1000
          )
          yield* until(
            "written down",
            Effect.map(latest(second, webhook), (one) => one?.status === "succeeded"),
            0
          )
          const sent = yield* sentTo(url)
          assert.strictEqual(sent[0]?.id, sent[1]?.id)
          assert.isAtLeast((sent[1]?.at ?? 0) - NOW, 15_000)
        })
      )
    )

    it.effect("410 disables the endpoint, ends what waits, and tells the owner", () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const host = yield* startHost(yield* Effect.scope)
          const { answers } = yield* FakeEndpoints
          const { account, url, webhook } = yield* endpoint(host)
          const other = yield* create(host, account, `${url}other`)
          answers.set(url, () => Effect.succeed(answered(410)))
          yield* tell(host, account)
          yield* until(
            "told",
            Effect.map(sentTo(other.url), (sent) => sent.length === 2),
            0
          )
          const [disabled] = yield* on(
            host,
            Webhooks.use((webhooks) => webhooks.list(account))
          )
          assert.deepInclude(disabled, { enabled: false, disabled: { reason: "gone", at: NOW } })
          const [, told] = yield* sentTo(other.url)
          assert.deepInclude(JSON.parse(told?.body ?? "{}"), {
            type: "webhook.disabled",
            data: { webhook_id: webhook.id, url, reason: "gone" }
          })
          const log = yield* EventLog
          const [event] = yield* log.page(account, { limit: 5 })
          assert.deepInclude(event?.event, { type: "webhook.disabled", webhookId: webhook.id })
          assert.strictEqual((yield* latest(host, webhook))?.status, "failed")

          const key = { accountId: account, id: webhook.id }
          const refused = yield* on(
            host,
            Webhooks.use((webhooks) => Effect.flip(webhooks.test(key)))
          )
          assert.strictEqual(refused._tag, "WebhookDisabled")
          answers.delete(url)
          const enabled = yield* on(
            host,
            Webhooks.use((webhooks) => webhooks.change(key, { enabled: true }))
          )
          assert.deepInclude(enabled, { enabled: true, disabled: null, failing: null })
          yield* on(
            host,
            Webhooks.use((webhooks) => webhooks.test(key))
          )
          yield* until(
            "well again",
            Effect.map(latest(host, webhook), (one) => one?.status === "succeeded"),
            0
          )
        })
      )
    )
  })
