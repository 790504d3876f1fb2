/** Use case: the SMS toggle of a number. Switching on charges the month, unless one that is paid for is still running. */
import { Clock, Context, Effect, Layer, Schema } from "effect"
import { Micros } from "../Money.ts"
import { lowBalanceEvents, numberEvent } from "../notify/AccountEvent.ts"
import { tellAccount } from "../notify/Outbox.ts"
import { Coverage, isSmsAvailable } from "../price/Coverage.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { addonFee, InsufficientBalance, pays } from "../wallet/Ledger.ts"
import { Wallet, type WalletState } from "../wallet/Wallet.ts"
import { type NumberKey, NumberNotFound, NumberRegistry, type OwnedNumber } from "./NumberRegistry.ts"
import { isSmsOn, turnOff, turnOn } from "./SmsAddon.ts"

/** Numbers of this type in this country cannot do SMS. */
export class SmsUnavailable extends Schema.TaggedError<SmsUnavailable>()("SmsUnavailable", {
  number: Schema.String
}) {}

/** Still being provisioned, waiting for verification, or suspended. */
export class NumberNotActive extends Schema.TaggedError<NumberNotActive>()("NumberNotActive", {
  number: Schema.String,
  status: Schema.String
}) {}

export type SwitchError = NumberNotFound | SmsUnavailable | NumberNotActive | InsufficientBalance

export class SwitchSms extends Context.Service<
  SwitchSms,
  {
    /** The number as it is afterwards; one that is as wished already is left as it is. */
    set(key: NumberKey, enabled: boolean): Effect.Effect<OwnedNumber, SwitchError>
  }
>()("@cliqtel/sms-core/number/SwitchSms") {
  static readonly layer = Layer.effect(
    SwitchSms,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const wallet = yield* Wallet
      const numbers = yield* NumberRegistry
      const coverage = yield* Coverage
      const tellOwner = yield* tellAccount

      const enable = Effect.fnUntraced(function* (number: OwnedNumber, held: WalletState, now: number) {
        if (!isSmsAvailable(coverage, number.country, number.type)) {
          return yield* new SmsUnavailable({ number: number.number })
        }
        if (number.status !== "active") {
          return yield* new NumberNotActive({ number: number.number, status: number.status })
        }
        if (isSmsOn(number.sms)) return number
        const { addon, charged } = turnOn(number.sms, now)
        const after = { ...number, sms: addon }
        if (charged !== null) {
          const { currency, micros: price } = addon.monthlyPrice
          if (!pays(held.balance, price)) {
            const balance = { currency, micros: held.balance }
            return yield* new InsufficientBalance({ price: addon.monthlyPrice, balance })
          }
          yield* wallet.post([addonFee(number, addon.monthlyPrice, charged, now)])
          const left = { ...held, balance: Micros.make(held.balance - price) }
          yield* tellOwner(lowBalanceEvents(number.accountId, held, left, now))
        }
        yield* numbers.save([after])
        yield* tellOwner([numberEvent("number.sms_enabled", after, now)])
        return after
      })

      const disable = Effect.fnUntraced(function* (number: OwnedNumber, now: number) {
        if (number.sms.state === "off") return number
        const after = { ...number, sms: turnOff(number.sms) }
        yield* numbers.save([after])
        yield* tellOwner([numberEvent("number.sms_disabled", after, now)])
        return after
      })

      const set = Effect.fn("SwitchSms.set")(function* (key: NumberKey, enabled: boolean) {
        return yield* unit.run(
          Effect.gen(function* () {
            const held = (yield* wallet.lock([key.accountId])).get(key.accountId)
            const [number] = yield* numbers.lock([key])
            if (number === undefined || held === undefined) return yield* new NumberNotFound({ numberId: key.id })
            const now = yield* Clock.currentTimeMillis
            return yield* enabled ? enable(number, held, now) : disable(number, now)
          })
        )
      })

      return SwitchSms.of({ set })
    })
  )
}
