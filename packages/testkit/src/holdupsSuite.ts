/** What a message that has to wait is told of, and what its owner is told of its cost, on whatever stores it. */
import { Body, Dispatch, DispatchQueue, EventLog, Micros, NumberRegistry, Sms } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { Fixture } from "./Fixture.ts"
import { layerHosts, newcomer, type StoragePorts } from "./Hosts.ts"
import { TIMEOUT } from "./suite.ts"

const NOW = Date.UTC(2026, 3, 3, 10)
const PRICE = 8_000n

export const holdupsSuite = <E>(name: string, ports: Layer.Layer<StoragePorts | Fixture, E>) =>
  layer(layerHosts.pipe(Layer.provideMerge(ports)), { timeout: TIMEOUT })(`What holds a message up (${name})`, (it) => {
    it.effect("says after a minute why it is still queued, and not before", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(NOW)
        const sms = yield* Sms
        const queue = yield* DispatchQueue
        const { account, carrier, number } = yield* newcomer(10n * PRICE)
        const { message } = yield* sms.send(account, { fromNumberId: number.id, to: "+31612345678", body })
        const reason = Effect.gen(function* () {
          const { message: one } = yield* sms.message({ accountId: account, id: message.id })
          const [listed] = (yield* sms.messages(account, { limit: 1 })).messages
          assert.strictEqual(listed?.reason, one.reason)
          assert.strictEqual(one.status, "queued")
          return one.reason
        })
        yield* TestClock.setTime(NOW + 60_000)
        assert.isNull(yield* reason)
        yield* TestClock.setTime(NOW + 60_001)
        assert.strictEqual(yield* reason, "carrier_processing")
        yield* queue.pause(carrier.name)
        assert.strictEqual(yield* reason, "carrier_paused")
        assert.deepStrictEqual(yield* Dispatch.use((dispatch) => dispatch.claim(carrier.name, 10)), [])
        yield* queue.unpause(carrier.name)
        const [claimed] = yield* Dispatch.use((dispatch) => dispatch.claim(carrier.name, 10))
        assert.strictEqual(claimed?.message.id, message.id)
        const { message: sending } = yield* sms.message({ accountId: account, id: message.id })
        assert.deepInclude(sending, { status: "sending", reason: null })
      })
    )

    it.effect("keeps what a number without a messaging profile sends until it has one", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(NOW)
        const sms = yield* Sms
        const { account, carrier, number } = yield* newcomer(10n * PRICE, {}, { profileAssigned: false })
        const { message } = yield* sms.send(account, { fromNumberId: number.id, to: "+31612345678", body })
        assert.strictEqual((yield* sms.balance(account)).micros, 9n * PRICE)
        const claim = Dispatch.use((dispatch) => dispatch.claim(carrier.name, 10))
        assert.deepStrictEqual(yield* claim, [])
        yield* TestClock.setTime(NOW + 120_000)
        const waiting = yield* sms.message({ accountId: account, id: message.id })
        assert.strictEqual(waiting.message.reason, "no_messaging_profile")

        yield* NumberRegistry.use((registry) => registry.save([{ ...number, profileAssigned: true }]))
        yield* DispatchQueue.use((queue) => queue.release(number))
        const [claimed] = yield* claim
        assert.strictEqual(claimed?.message.id, message.id)
      })
    )

    it.effect("tells of a low balance with the send that brings it, once", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(NOW)
        const sms = yield* Sms
        const { account, number } = yield* newcomer(5n * PRICE, {}, { lowBalance: Micros.make(3n * PRICE) })
        const request = { fromNumberId: number.id, to: "+31612345678", body }
        const told = EventLog.use((log) => log.page(account, { limit: 10 }))
        yield* sms.send(account, request)
        yield* sms.send(account, request)
        assert.deepStrictEqual(yield* told, [])
        yield* sms.sendBatch(account, [request, request])
        yield* sms.send(account, request)
        assert.deepStrictEqual(
          (yield* told).map(({ event }) => event),
          [
            {
              type: "wallet.low_balance",
              balance: { currency: number.monthlyPrice.currency, micros: Micros.make(PRICE) },
              threshold: { currency: number.monthlyPrice.currency, micros: Micros.make(3n * PRICE) }
            }
          ]
        )
      })
    )
  })

const body = Body.make("Hello")
