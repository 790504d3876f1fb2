/**
 * The use cases of the customer's desk on whatever stores what they do, several hosts at once: nothing is charged twice,
 * nothing is half done, and what a crash has left is carried on.
 */
import {
  type AccountId,
  addonPaid,
  EUR,
  EventLog,
  type IdempotencyKey,
  Idempotent,
  keptAs,
  Micros,
  money,
  NumberRegistry,
  OrderNumbers,
  Renewals,
  SwitchSms,
  TopUps,
  Wallet
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import { balanceOf, type DeskServices, FEE, layerDeskHost, open, PRICE } from "./Desk.ts"
import { Fixture } from "./Fixture.ts"
import { FakeShop } from "./FakeShop.ts"
import type { DeskPorts } from "./Hosts.ts"
import { ATONCE, TIMEOUT } from "./suite.ts"

const MONTH_MILLIS = 31 * 24 * 60 * 60 * 1000

/** Hosts beside each other on one store. */
class Desks extends Context.Service<Desks, ReadonlyArray<Context.Context<DeskServices>>>()(
  "@cliqtel/sms-testkit/Desks"
) {
  static readonly layer = Layer.effect(
    Desks,
    Effect.all(Array.from({ length: 3 }, () => Layer.build(Layer.fresh(layerDeskHost))))
  )
}

export const deskSuite = <E>(name: string, ports: Layer.Layer<DeskPorts | Fixture, E>) =>
  layer(Desks.layer.pipe(Layer.provideMerge(FakeShop.layer), Layer.provideMerge(ports)), { timeout: TIMEOUT })(
    `Desk (${name})`,
    (it) => {
      it.effect("switches SMS on for as many numbers as the wallet pays for, however many ask at once", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const account = yield* open(3n * FEE + 10n)
          const fixture = yield* Fixture
          const numbers = yield* Effect.all(
            Array.from({ length: 8 }, () => fixture.number(account, { state: "off", smsMonthly: FEE }))
          )
          const results = yield* Effect.forEach(
            // Each twice: the second of them finds it done, or is refused like the first.
            [...numbers, ...numbers],
            (number, i) =>
              on(
                i,
                SwitchSms.use((sms) => Effect.result(sms.set(number, true)))
              ),
            ATONCE
          )
          const enabled = (yield* listed(account)).filter(({ sms }) => sms.state === "on")
          assert.lengthOf(enabled, 3)
          assert.strictEqual(yield* balanceOf(account), 10n)
          assert.lengthOf(yield* lines(account, "addon_fee"), 3)
          for (const failure of results.filter(Result.isFailure)) {
            assert.strictEqual(failure.failure._tag, "InsufficientBalance")
          }
          assert.lengthOf(yield* told(account, "number.sms_enabled"), 3)
        })
      )

      it.effect("renews each number once, whichever hosts are at it", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const registry = yield* NumberRegistry
          const account = yield* open(100n * FEE)
          const fixture = yield* Fixture
          for (let i = 0; i < 5; i++) {
            const number = yield* fixture.number(account, { smsMonthly: FEE })
            yield* registry.save([{ ...number, sms: addonPaid(number.sms.monthlyPrice, NOW) }])
          }
          yield* renewOn([0, 1, 2])
          assert.lengthOf(yield* lines(account, "addon_fee"), 0, "nothing is due")
          for (let month = 1; month <= 3; month++) {
            yield* TestClock.setTime(NOW + month * MONTH_MILLIS)
            yield* renewOn([0, 1, 2, 0, 1, 2])
            assert.lengthOf(yield* lines(account, "addon_fee"), 5 * month)
          }
          assert.strictEqual(yield* balanceOf(account), 85n * FEE)
        })
      )

      it.effect("suspends what stays unpaid, tells it once, and resumes it after a top-up", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const registry = yield* NumberRegistry
          const account = yield* open(FEE - 1n)
          const number = yield* Fixture.use((fixture) => fixture.number(account, { smsMonthly: FEE }))
          yield* registry.save([{ ...number, sms: addonPaid(number.sms.monthlyPrice, NOW - MONTH_MILLIS) }])
          const state = Effect.map(listed(account), ([one]) => one?.sms.state)
          for (let day = 0; day < 3; day++) {
            yield* TestClock.setTime(NOW + day * DAY_MILLIS)
            yield* renewOn([0, 1, 2])
            assert.strictEqual(yield* state, "past_due", `day ${day}`)
          }
          yield* TestClock.setTime(NOW + 3 * DAY_MILLIS)
          yield* renewOn([0, 1, 2])
          assert.strictEqual(yield* state, "suspended")
          assert.lengthOf(yield* told(account, "number.sms_suspended"), 1)
          assert.lengthOf(yield* lines(account, "addon_fee"), 0)

          yield* on(
            1,
            TopUps.use((topUps) => topUps.topUp(account, Micros.make(1n)))
          )
          yield* renewOn([0, 1, 2])
          assert.strictEqual(yield* state, "on")
          assert.strictEqual(yield* balanceOf(account), 0n)
        })
      )

      it.effect("sells a number to one of those who order it at once, and charges nobody else", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const shop = yield* FakeShop
          const wanted = shop.offer()
          const accounts = yield* Effect.all(Array.from({ length: 6 }, () => open(10n * PRICE)))
          const results = yield* Effect.forEach(
            accounts,
            (account, i) => {
              const items = [shop.offer(), wanted].map(({ number }) => ({ number, sms: true }))
              return on(
                i,
                OrderNumbers.use((orders) => Effect.result(orders.order(account, items)))
              )
            },
            ATONCE
          )
          assert.lengthOf(results.filter(Result.isSuccess), 1)
          for (const [i, result] of results.entries()) {
            const account = accounts[i] as AccountId
            const [owned, balance] = [yield* listed(account), yield* balanceOf(account)]
            if (Result.isSuccess(result)) {
              assert.lengthOf(owned, 2)
              assert.strictEqual(balance, 10n * PRICE - 2n * (PRICE + FEE))
              assert.strictEqual(result.success.order.total.micros, 2n * (PRICE + FEE))
              assert.strictEqual(shop.bought.get(`${account}.${result.success.order.id}`), 1)
            } else {
              assert.strictEqual(result.failure._tag, "NumberTaken")
              assert.lengthOf(owned, 0)
              assert.strictEqual(balance, 10n * PRICE)
            }
          }
          assert.strictEqual(shop.reserved.size, 1, "what was reserved in vain is given back")
          shop.reserved.clear()
        })
      )

      it.effect("tells the provider of an order whose host died before it could", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const shop = yield* FakeShop
          const account = yield* open(10n * PRICE)
          shop.lose = 1
          const lostBefore = shop.lost
          const { order } = yield* on(
            0,
            OrderNumbers.use((orders) => orders.order(account, [{ number: shop.offer().number, sms: false }]))
          )
          assert.strictEqual(shop.lost, lostBefore + 1)
          const reference = `${account}.${order.id}`
          yield* TestClock.setTime(NOW + 61_000)
          yield* on(
            1,
            OrderNumbers.use((orders) => orders.confirm)
          )
          assert.strictEqual(shop.bought.get(reference), 2)
          yield* TestClock.setTime(NOW + 200_000)
          yield* on(
            2,
            OrderNumbers.use((orders) => orders.confirm)
          )
          assert.strictEqual(shop.bought.get(reference), 2, "it knows")
        })
      )

      it.effect("books a payment once, though its host died before it could and the caller asked again", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const shop = yield* FakeShop
          const account = yield* open(0n)
          const topUp = (host: number, key: IdempotencyKey) =>
            on(
              host,
              TopUps.use((topUps) => Effect.exit(topUps.topUp(account, Micros.make(5n), key)))
            )
          shop.lose = 1
          const lostBefore = shop.lost
          assert.strictEqual((yield* topUp(0, FIRST))._tag, "Failure")
          assert.strictEqual(shop.lost, lostBefore + 1)
          assert.strictEqual(yield* balanceOf(account), 0n)
          yield* TestClock.setTime(NOW + 61_000)
          yield* Effect.forEach(
            [0, 1, 2],
            (host) =>
              on(
                host,
                TopUps.use((topUps) => topUps.recover)
              ),
            ATONCE
          )
          assert.strictEqual(yield* balanceOf(account), 5n)
          const again = yield* topUp(1, FIRST)
          assert.strictEqual(again._tag, "Success")
          assert.strictEqual(yield* balanceOf(account), 5n)
          yield* topUp(2, SECOND)
          assert.strictEqual(yield* balanceOf(account), 10n)
        })
      )

      it.effect("answers a repeated top-up as the first, whatever has happened since; declined stays declined", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const shop = yield* FakeShop
          const account = yield* open(1n)
          const topUp = (amount: bigint, key: IdempotencyKey) =>
            on(
              0,
              TopUps.use((topUps) => topUps.topUp(account, Micros.make(amount), key))
            )
          assert.deepStrictEqual(yield* topUp(5n, FIRST), { balance: money(6n, EUR), replayed: false })
          yield* topUp(5n, SECOND)
          assert.deepStrictEqual(yield* topUp(5n, FIRST), { balance: money(6n, EUR), replayed: true })
          const other = { key: FIRST.key, fingerprint: "another" }
          assert.strictEqual((yield* Effect.flip(topUp(7n, other)))._tag, "IdempotencyMismatch")

          shop.outcomes.push({ _tag: "Declined", reason: "card_declined" })
          const third = { key: "third", fingerprint: "f" }
          for (let i = 0; i < 2; i++) {
            assert.strictEqual((yield* Effect.flip(topUp(5n, third)))._tag, "PaymentDeclined")
          }
          shop.outcomes.push({ _tag: "Pending" })
          const fourth = { key: "fourth", fingerprint: "f" }
          assert.strictEqual((yield* Effect.flip(topUp(5n, fourth)))._tag, "PaymentPending")
          assert.strictEqual(yield* balanceOf(account), 11n)
          assert.strictEqual((yield* topUp(5n, fourth)).balance.micros, 16n)
        })
      )

      it.effect("credits a reference once, whoever repeats it", () =>
        Effect.gen(function* () {
          const account = yield* open(0n)
          const credit = (host: number, amount: bigint) =>
            on(
              host,
              TopUps.use((topUps) => topUps.credit(account, Micros.make(amount), "invoice 7"))
            )
          const balances = yield* Effect.all(
            Array.from({ length: 10 }, (_, i) => credit(i, 5n)),
            ATONCE
          )
          assert.deepStrictEqual(
            balances.map(({ micros }) => micros),
            Array.from({ length: 10 }, () => 5n)
          )
          assert.strictEqual(yield* balanceOf(account), 5n)
          assert.strictEqual((yield* Effect.flip(credit(0, 6n)))._tag, "CreditMismatch")
        })
      )

      it.effect("puts no more on a wallet than it can hold and show", () =>
        Effect.gen(function* () {
          const most = 10n ** 18n
          const account = yield* open(most - 5n)
          const credit = (amount: bigint) =>
            on(
              0,
              TopUps.use((topUps) => topUps.credit(account, Micros.make(amount), `of ${amount}`))
            )
          assert.strictEqual((yield* Effect.flip(credit(6n)))._tag, "BalanceLimit")
          assert.strictEqual((yield* credit(5n)).micros, most)
          const topUp = on(
            0,
            TopUps.use((topUps) => topUps.topUp(account, Micros.make(1n)))
          )
          assert.strictEqual((yield* Effect.flip(topUp))._tag, "BalanceLimit")
          assert.strictEqual(yield* balanceOf(account), most)
        })
      )

      it.effect("does what creates something once per key, however many hosts are asked at once", () =>
        Effect.gen(function* () {
          const account = yield* open(0n)
          const request = { owner: account, idempotency: FIRST, kept: keptAs(Schema.Int) }
          let works = 0
          const work = Effect.suspend(() => {
            const mine = ++works
            const line = { accountId: account, kind: "top_up", reference: `work ${mine}`, at: NOW } as const
            return Wallet.use((wallet) => wallet.post([{ ...line, amount: money(1n, EUR) }])).pipe(Effect.as(mine))
          })
          const ask = (host: number) =>
            on(
              host,
              Idempotent.use((once) => Effect.result(once.run(request, work)))
            )
          const results = yield* Effect.all(
            Array.from({ length: 12 }, (_, i) => ask(i)),
            ATONCE
          )
          assert.strictEqual(yield* balanceOf(account), 1n)
          for (const result of results) {
            if (Result.isFailure(result)) assert.strictEqual(result.failure._tag, "IdempotencyInProgress")
          }
          const replay = yield* ask(0)
          assert.isTrue(Result.isSuccess(replay) && replay.success.replayed)
        })
      )

      it.effect("leaves the key free and nothing behind when the work fails", () =>
        Effect.gen(function* () {
          const account = yield* open(0n)
          const request = { owner: account, idempotency: FIRST, kept: keptAs(Schema.Int) }
          const line = { accountId: account, kind: "top_up", reference: "x", amount: money(1n, EUR), at: NOW } as const
          const book = Wallet.use((wallet) => wallet.post([line]))
          const run = <F>(work: Effect.Effect<number, F, Wallet>) =>
            on(
              0,
              Idempotent.use((once) => once.run(request, work))
            )
          assert.strictEqual(yield* Effect.flip(run(Effect.andThen(book, Effect.fail("no")))), "no")
          assert.strictEqual(yield* balanceOf(account), 0n)
          assert.deepStrictEqual(yield* run(Effect.as(book, 7)), { answer: 7, replayed: false })
          assert.strictEqual(yield* balanceOf(account), 1n)
        })
      )

      it.effect("tells of a low balance once per fall", () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(NOW)
          const fixture = yield* Fixture
          const account = yield* open(3n * FEE, 2n * FEE)
          const numbers = yield* Effect.all(
            Array.from({ length: 3 }, () => fixture.number(account, { state: "off", smsMonthly: FEE }))
          )
          const falls: Array<number> = []
          for (const [i, number] of numbers.entries()) {
            yield* on(
              i,
              SwitchSms.use((sms) => sms.set(number, true))
            )
            falls.push((yield* told(account, "wallet.low_balance")).length)
          }
          // 2 fees are left: not below. 1: it fell. 0: it is still below.
          assert.deepStrictEqual(falls, [0, 1, 1])
        })
      )
    }
  )

const NOW = Date.UTC(2026, 0, 31, 10)
const DAY_MILLIS = 24 * 60 * 60 * 1000
const FIRST: IdempotencyKey = { key: "first", fingerprint: "f" }
const SECOND: IdempotencyKey = { key: "second", fingerprint: "f" }

/** As one of the hosts does it. */
const on = <A, F, R>(host: number, effect: Effect.Effect<A, F, R>) =>
  Desks.use((desks) => {
    // There are some.
    const desk = desks[host % desks.length] as Context.Context<DeskServices>
    return Effect.provideContext(effect, desk)
  })

const renewOn = (hosts: ReadonlyArray<number>) =>
  Effect.forEach(
    hosts,
    (host) =>
      on(
        host,
        Renewals.use((renewals) => renewals.renew)
      ),
    ATONCE
  )

const listed = (account: AccountId) => NumberRegistry.use((registry) => registry.list(account))

const lines = (account: AccountId, kind: string) =>
  Wallet.use((wallet) => wallet.entries(account, { limit: 1000 })).pipe(
    Effect.map((entries) => entries.filter((entry) => entry.kind === kind))
  )

const told = (account: AccountId, type: string) =>
  EventLog.use((log) => log.page(account, { limit: 1000 })).pipe(
    Effect.map((events) => events.filter(({ event }) => event.type === type))
  )
