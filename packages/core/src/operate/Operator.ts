/** Use case: what whoever runs the system does for its customers: accounts, limits, numbers, carriers. */
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import { type Account, AccountNotFound, Accounts, type NewKey } from "../Accounts.ts"
import { RateLimits } from "../limit/RateLimits.ts"
import { withRate } from "../limit/TokenBucket.ts"
import type { Instant } from "../Message.ts"
import { type Currency, type Micros, money } from "../Money.ts"
import {
  NumberNotFound,
  NumberRegistry,
  type NumberStatus,
  type NumberTaken,
  type OwnedNumber
} from "../number/NumberRegistry.ts"
import { addonOff, pause, resume } from "../number/SmsAddon.ts"
import type { CountryCode, E164 } from "../PhoneNumber.ts"
import { Coverage, numberMonthlyPrice, type NumberType } from "../price/Coverage.ts"
import { Carriers } from "../send/Carrier.ts"
import { DispatchQueue } from "../send/DispatchQueue.ts"
import { Wakeups } from "../send/Wakeups.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { topUpLine } from "../wallet/Ledger.ts"
import { Wallet } from "../wallet/Wallet.ts"

/** The catalogue has no prices in this currency, so nothing could be billed. */
export class CurrencyNotPriced extends Schema.TaggedError<CurrencyNotPriced>()("CurrencyNotPriced", {
  currency: Schema.String,
  priced: Schema.Array(Schema.String)
}) {}

/** The catalogue has no prices for numbers of this country in the account's currency. */
export class CountryNotPriced extends Schema.TaggedError<CountryNotPriced>()("CountryNotPriced", {
  country: Schema.String
}) {}

/** This system is not connected to such a carrier, or it is not one for a test account. */
export class CarrierNotFound extends Schema.TaggedError<CarrierNotFound>()("CarrierNotFound", {
  carrier: Schema.String
}) {}

export type KeyMaterial = Omit<NewKey, "accountId">

export interface NewCustomer {
  readonly name: string
  readonly currency: Currency
  /** Messages per second. */
  readonly perSecond: number
  readonly lowBalance: Micros | null
  /** Of the test account's wallet. */
  readonly playMoney: Micros
  readonly liveKey: KeyMaterial
  readonly testKey: KeyMaterial
}

export interface Customer {
  readonly live: Account
  readonly test: Account
}

export interface CustomerChange {
  readonly name?: string | undefined
  readonly perSecond?: number | undefined
  readonly lowBalance?: Micros | null | undefined
}

export interface NumberEntry {
  readonly number: E164
  readonly country: CountryCode
  readonly type: NumberType
  readonly status: NumberStatus
  readonly carrier: string
}

export interface NumberChange {
  readonly status?: NumberStatus | undefined
  readonly profileAssigned?: boolean | undefined
}

export class Operator extends Context.Service<
  Operator,
  {
    /** A live account and the test account beside it, each with a key. */
    openAccount(customer: NewCustomer): Effect.Effect<Customer, CurrencyNotPriced>
    changeAccount(id: AccountId, change: CustomerChange): Effect.Effect<Account, AccountNotFound>
    /** Puts a number into an account; SMS is off. */
    addNumber(
      account: AccountId,
      entry: NumberEntry
    ): Effect.Effect<OwnedNumber, AccountNotFound | CountryNotPriced | CarrierNotFound | NumberTaken>
    changeNumber(id: NumberId, change: NumberChange): Effect.Effect<OwnedNumber, NumberNotFound>
    /** What waits for a paused carrier stays queued; what it has under way goes on. On all hosts within a second. */
    pauseCarrier(carrier: string, paused: boolean): Effect.Effect<void, CarrierNotFound>
  }
>()("@cliqtel/sms-core/operate/Operator") {
  static readonly layer = Layer.effect(
    Operator,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const accounts = yield* Accounts
      const wallet = yield* Wallet
      const rateLimits = yield* RateLimits
      const numbers = yield* NumberRegistry
      const queue = yield* DispatchQueue
      const coverage = yield* Coverage
      const carriers = yield* Carriers
      const wakeups = yield* Wakeups

      const accountOf = Effect.fnUntraced(function* (id: AccountId) {
        return (yield* accounts.get(id)) ?? (yield* new AccountNotFound({ id }))
      })

      const openOne = Effect.fnUntraced(function* (
        { currency, lowBalance, perSecond }: NewCustomer,
        name: string,
        key: KeyMaterial,
        liveAccountId?: AccountId
      ) {
        const mode = liveAccountId === undefined ? "live" : "test"
        const { id } = yield* accounts.open({ name, mode, currency, perSecond, lowBalance, liveAccountId })
        yield* accounts.addKey({ ...key, accountId: id })
        return yield* Effect.orDie(accountOf(id))
      })

      const openAccount = Effect.fn("Operator.openAccount")(function* (customer: NewCustomer) {
        const priced = [...new Set([...coverage.values()].map((row) => row.numberMonthly.currency))]
        if (!priced.includes(customer.currency)) {
          return yield* new CurrencyNotPriced({ currency: customer.currency, priced })
        }
        return yield* unit.run(
          Effect.gen(function* () {
            const live = yield* openOne(customer, customer.name, customer.liveKey)
            const test = yield* openOne(customer, `${customer.name} (test)`, customer.testKey, live.id)
            if (customer.playMoney > 0n) {
              yield* wallet.lock([test.id])
              const at = yield* Clock.currentTimeMillis
              yield* wallet.post([topUpLine(test.id, "play_money", money(customer.playMoney, customer.currency), at)])
            }
            return { live, test }
          })
        )
      })

      const changeAccount = Effect.fn("Operator.changeAccount")(function* (id: AccountId, change: CustomerChange) {
        return yield* unit.run(
          Effect.gen(function* () {
            const bucket = (yield* rateLimits.lock([id])).get(id)
            if (bucket === undefined) return yield* new AccountNotFound({ id })
            if (change.perSecond !== undefined) {
              const now = yield* Clock.currentTimeMillis
              yield* rateLimits.save(new Map([[id, withRate(bucket, change.perSecond, now)]]))
            }
            yield* accounts.change(id, change)
            return yield* accountOf(id)
          })
        )
      })

      const addNumber = Effect.fn("Operator.addNumber")(function* (accountId: AccountId, entry: NumberEntry) {
        const { currency, mode } = yield* accountOf(accountId)
        const profile = carriers.get(entry.carrier)?.profile
        if (profile === undefined || (mode === "test" && !profile.simulated)) {
          return yield* new CarrierNotFound({ carrier: entry.carrier })
        }
        const monthlyPrice = numberMonthlyPrice(coverage, entry.country)
        const addonPrice = coverage.get(entry.country)?.smsMonthly
        if (monthlyPrice?.currency !== currency || addonPrice?.currency !== currency) {
          return yield* new CountryNotPriced({ country: entry.country })
        }
        return yield* numbers.add({
          ...entry,
          accountId,
          inactiveSince: entry.status === "active" ? null : yield* Clock.currentTimeMillis,
          monthlyPrice,
          sms: addonOff(addonPrice),
          profileAssigned: true
        })
      })

      const changeNumber = Effect.fn("Operator.changeNumber")(function* (id: NumberId, change: NumberChange) {
        const accountId = yield* numbers.ownerOf(id)
        if (accountId === undefined) return yield* new NumberNotFound({ numberId: id })
        return yield* unit.run(
          Effect.gen(function* () {
            yield* wallet.lock([accountId])
            const [number] = yield* numbers.lock([{ accountId, id }])
            if (number === undefined) return yield* new NumberNotFound({ numberId: id })
            const after = changed(number, change, yield* Clock.currentTimeMillis)
            yield* numbers.save([after])
            if (after.profileAssigned && !number.profileAssigned) {
              yield* queue.release({ accountId, id })
              yield* unit.afterCommit(wakeups.dispatch.ring)
            }
            yield* unit.afterCommit(wakeups.renewals.ring)
            return after
          })
        )
      })

      const pauseCarrier = Effect.fn("Operator.pauseCarrier")(function* (carrier: string, paused: boolean) {
        if (!carriers.has(carrier)) return yield* new CarrierNotFound({ carrier })
        yield* paused ? queue.pause(carrier) : queue.unpause(carrier)
        yield* unit.afterCommit(wakeups.dispatch.ring)
      })

      return Operator.of({ openAccount, changeAccount, addNumber, changeNumber, pauseCarrier })
    })
  )
}

/** Its add-on rests while the number is not active, and goes on where it was. */
const changed = (number: OwnedNumber, change: NumberChange, now: Instant): OwnedNumber => {
  const status = change.status ?? number.status
  const profileAssigned = change.profileAssigned ?? number.profileAssigned
  const { inactiveSince, sms } = number
  if (status === "active") {
    return inactiveSince === null
      ? { ...number, status, profileAssigned }
      : { ...number, status, profileAssigned, inactiveSince: null, sms: resume(sms, Math.max(0, now - inactiveSince)) }
  }
  return { ...number, status, profileAssigned, inactiveSince: inactiveSince ?? now, sms: pause(sms) }
}
