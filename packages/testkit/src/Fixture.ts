/**
 * What a suite puts into the store under test before it begins. Each test opens accounts of its own, since a store may
 * outlive it and hold whatever others have left there.
 */
import {
  type AccountId,
  Accounts,
  addonOff,
  CountryCode,
  type Currency,
  E164,
  EUR,
  type Micros,
  money,
  NumberRegistry,
  type NumberStatus,
  type OwnedNumber,
  type SmsState,
  UnitOfWork,
  Wallet,
  zero
} from "@cliqtel/sms-core"
import { Clock, Context, Effect, Layer } from "effect"
import { randomInt } from "node:crypto"

export interface NewNumber {
  /** One that nobody has by default. */
  readonly number?: E164
  /** "fake" by default. */
  readonly carrier?: string
  readonly state?: SmsState
  readonly status?: NumberStatus
  readonly profileAssigned?: boolean
  /** Micro-units of EUR a month; 0 by default. */
  readonly smsMonthly?: bigint
}

export class Fixture extends Context.Service<
  Fixture,
  {
    account(options: {
      readonly balance: Micros
      readonly perSecond?: number
      readonly currency?: Currency
      readonly lowBalance?: Micros | null
    }): Effect.Effect<AccountId>
    number(account: AccountId, options?: NewNumber): Effect.Effect<OwnedNumber>
  }
>()("@cliqtel/sms-testkit/Fixture") {
  /** By way of the ports, so it fits every adapter. */
  static readonly layer = Layer.effect(
    Fixture,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const accounts = yield* Accounts
      const wallet = yield* Wallet
      const numbers = yield* NumberRegistry

      return Fixture.of({
        account: ({ balance, currency = EUR, lowBalance = null, perSecond = 10 }) =>
          unit.run(
            Effect.gen(function* () {
              const { id } = yield* accounts.open({ name: "a test", mode: "live", currency, perSecond, lowBalance })
              const amount = money(balance, currency)
              const at = yield* Clock.currentTimeMillis
              if (balance > 0n) {
                yield* wallet.post([{ accountId: id, kind: "top_up", amount, reference: "opening", at }])
              }
              return id
            })
          ),
        number: (
          accountId,
          { carrier = "fake", number, profileAssigned = true, smsMonthly = 0n, state = "on", status = "active" } = {}
        ) =>
          Effect.suspend(() =>
            numbers.add({
              accountId,
              number: number ?? unusedNumber(),
              country: CountryCode.make("NL"),
              type: "mobile",
              status,
              carrier,
              inactiveSince: null,
              monthlyPrice: zero(EUR),
              sms: { ...addonOff(money(smsMonthly, EUR)), state },
              profileAssigned
            })
          ).pipe(Effect.retry({ while: () => number === undefined, times: 10 }), Effect.orDie)
      })
    })
  )
}

/** Of a range that is not dialled. */
const unusedNumber = (): E164 => E164.make(`+3100${randomInt(10 ** 10, 10 ** 11)}`)
