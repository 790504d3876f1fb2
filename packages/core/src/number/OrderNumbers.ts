/**
 * Use case: ordering numbers. The provider keeps them for us first; then wallet, numbers and order change in one unit of
 * work, all or nothing; then the provider is told, again and again until it knows.
 */
import { Clock, Context, Effect, Layer, Schema } from "effect"
import { type AccountId, type AccountMode, OrderId } from "../Account.ts"
import { AccountNotFound, Accounts } from "../Accounts.ts"
import type { IdempotencyKey } from "../Idempotency.ts"
import { Idempotent, keptAs, type RepeatError } from "../Idempotent.ts"
import { Micros, Money } from "../Money.ts"
import { lowBalanceEvents, numberEvent } from "../notify/AccountEvent.ts"
import { tellAccount } from "../notify/Outbox.ts"
import type { E164 } from "../PhoneNumber.ts"
import { Coverage, numberMonthlyPrice } from "../price/Coverage.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { addonFee, type LedgerLine, numberFee } from "../wallet/Ledger.ts"
import { Wallet } from "../wallet/Wallet.ts"
import { NumberProvider, type Offer, type OfferQuery } from "./NumberProvider.ts"
import { NumberRegistry, OwnedNumber } from "./NumberRegistry.ts"
import { OrderBook } from "./OrderBook.ts"
import { type OrderRefusal, planOrder } from "./Ordering.ts"

export interface OrderItem {
  readonly number: E164
  readonly sms: boolean
}

/** A number is in an order once. */
export class DuplicateItem extends Schema.TaggedError<DuplicateItem>()("DuplicateItem", { index: Schema.Int }) {}

const Order = Schema.Struct({ id: OrderId, total: Money, numbers: Schema.Array(OwnedNumber) })
/** Its numbers are in the order of its items. */
export interface Order extends Schema.Schema.Type<typeof Order> {}

const kept = keptAs(Order)

export interface Ordered {
  readonly order: Order
  readonly replayed: boolean
}

export type OrderError = OrderRefusal | DuplicateItem | AccountNotFound | RepeatError

/** An order whose provider was not told by then is told by whoever finds it. */
const CONFIRM_AFTER_MILLIS = 60_000

const CONFIRM_GROUP = 100

export class OrderNumbers extends Context.Service<
  OrderNumbers,
  {
    /** Numbers that the account can order. */
    available(account: AccountId, query: Omit<OfferQuery, "mode">): Effect.Effect<ReadonlyArray<Offer>, AccountNotFound>
    order(
      account: AccountId,
      items: ReadonlyArray<OrderItem>,
      idempotency?: IdempotencyKey
    ): Effect.Effect<Ordered, OrderError>
    /** Tells the provider of orders that it may not know of. Gives how many. */
    readonly confirm: Effect.Effect<number>
  }
>()("@cliqtel/sms-core/number/OrderNumbers") {
  static readonly layer = Layer.effect(
    OrderNumbers,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const accounts = yield* Accounts
      const once = yield* Idempotent
      const wallet = yield* Wallet
      const numbers = yield* NumberRegistry
      const provider = yield* NumberProvider
      const orders = yield* OrderBook
      const coverage = yield* Coverage
      const tellOwner = yield* tellAccount

      const accountOf = Effect.fnUntraced(function* (id: AccountId) {
        return (yield* accounts.get(id)) ?? (yield* new AccountNotFound({ id }))
      })

      const tell = Effect.fnUntraced(function* (accountId: AccountId, mode: AccountMode, id: OrderId) {
        yield* provider.buy(mode, orderReference(accountId, id))
        yield* orders.confirm(accountId, id, yield* Clock.currentTimeMillis)
      })

      const store = Effect.fnUntraced(function* (
        accountId: AccountId,
        id: OrderId,
        items: ReadonlyArray<OrderItem>,
        offers: ReadonlyArray<Offer>
      ) {
        const held = (yield* wallet.lock([accountId])).get(accountId)
        if (held === undefined) return yield* new AccountNotFound({ id: accountId })
        const now = yield* Clock.currentTimeMillis
        const chosen = offers.map((offer, i) => ({ offer, sms: items[i]?.sms ?? false }))
        const plan = yield* Effect.fromResult(planOrder(accountId, chosen, coverage, held, now))

        const lines: Array<LedgerLine> = []
        const added = new Map<E164, OwnedNumber>()
        // In one order, so that no two orders wait for each other.
        for (const planned of plan.numbers.toSorted((a, b) => (a.number < b.number ? -1 : 1))) {
          const number = yield* numbers.add(planned)
          added.set(number.number, number)
          lines.push(numberFee(number, id, number.monthlyPrice, now))
          if (number.sms.anchor !== null) lines.push(addonFee(number, number.sms.monthlyPrice, number.sms.anchor, now))
        }
        yield* wallet.post(lines)
        yield* orders.insert({ accountId, id, total: plan.total, at: now })
        const ordered = offers.flatMap(({ number }) => added.get(number) ?? [])
        const left = { ...held, balance: Micros.make(held.balance - plan.total.micros) }
        yield* tellOwner([
          ...ordered
            .filter(({ sms }) => sms.state === "on")
            .map((number) => numberEvent("number.sms_enabled", number, now)),
          ...lowBalanceEvents(accountId, held, left, now)
        ])
        return { id, total: plan.total, numbers: ordered } satisfies Order
      })

      const order = Effect.fn("OrderNumbers.order")(function* (
        accountId: AccountId,
        items: ReadonlyArray<OrderItem>,
        idempotency?: IdempotencyKey
      ) {
        const duplicate = items.findIndex(({ number }, i) => items.findIndex((one) => one.number === number) < i)
        if (duplicate >= 0) return yield* new DuplicateItem({ index: duplicate })
        const { mode } = yield* accountOf(accountId)
        const prepare = Effect.gen(function* () {
          const id = yield* orders.nextId
          const wanted = items.map(({ number }) => number)
          return { id, offers: yield* provider.reserve(mode, wanted, orderReference(accountId, id)) }
        })
        const { answer, replayed } = yield* once.runPrepared(
          { owner: accountId, idempotency, kept },
          {
            prepare,
            work: ({ id, offers }) => store(accountId, id, items, offers),
            abandon: ({ id }) => provider.release(mode, orderReference(accountId, id))
          }
        )
        // It is ordered whatever comes of this: `confirm` tells the provider later.
        if (!replayed) {
          yield* unit.afterCommit(Effect.ignoreCause(tell(accountId, mode, answer.id), { log: "Warn" }))
        }
        return { order: answer, replayed }
      })

      const confirm = Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        const open = yield* orders.unconfirmed(now - CONFIRM_AFTER_MILLIS, CONFIRM_GROUP)
        for (const { accountId, id } of open) {
          yield* accountOf(accountId).pipe(
            Effect.flatMap(({ mode }) => tell(accountId, mode, id)),
            // It stays unconfirmed, and is told again.
            Effect.ignoreCause({ log: "Warn", message: "An order's provider could not be told" })
          )
        }
        return open.length
      })

      return OrderNumbers.of({
        available: Effect.fn("OrderNumbers.available")(function* (account, query) {
          const { currency, mode } = yield* accountOf(account)
          const offers = yield* provider.search({ ...query, mode })
          // What has no price in the wallet's currency cannot be ordered.
          return offers.filter(({ country }) => numberMonthlyPrice(coverage, country)?.currency === currency)
        }),
        order,
        confirm
      })
    })
  )
}

const orderReference = (accountId: AccountId, id: OrderId): string => `${accountId}.${id}`
