/** A host of the customer's desk on the ports of a store, with a seller of numbers and a collector of payments to go with it. */
import {
  type AccountId,
  Carriers,
  CountryCode,
  Coverage,
  EUR,
  layerDeskUseCases,
  Micros,
  money,
  Renewals,
  Wakeups,
  Wallet
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { layerFakeProviders } from "./FakeShop.ts"
import { Fixture } from "./Fixture.ts"

/** Of the add-on, and of a number, a month. */
export const FEE = 750_000n
export const PRICE = 1_000_000n

const coverage = Coverage.layer([
  {
    country: CountryCode.make("NL"),
    name: "Netherlands",
    sms: { local: true, mobile: true, toll_free: false },
    needsVerification: { local: false, mobile: false, toll_free: false },
    smsMonthly: money(FEE, EUR),
    numberMonthly: money(PRICE, EUR),
    outboundSegment: null
  }
])

export const layerDeskHost = Layer.merge(layerDeskUseCases, Renewals.layer).pipe(
  Layer.provideMerge([layerFakeProviders, coverage, Carriers.layer([]), Wakeups.layer])
)

export type DeskServices = Layer.Success<typeof layerDeskHost>

export const open = (balance: bigint, lowBalance?: bigint) =>
  Fixture.use((fixture) =>
    fixture.account({
      balance: Micros.make(balance),
      lowBalance: lowBalance === undefined ? null : Micros.make(lowBalance)
    })
  )

export const balanceOf = (account: AccountId) =>
  Wallet.use((wallet) => wallet.balance(account)).pipe(Effect.map((balance) => balance?.micros))
