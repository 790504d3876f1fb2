/**
 * Use case: the add-on's next month. Hosts beside each other lease what is due and renew it account by account, one unit
 * of work each, under the wallet's lock; a lease that was lost changes nothing, one whose host died is taken over.
 */
import { Clock, Context, Effect, Layer } from "effect"
import type { AccountId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import { Micros } from "../Money.ts"
import { lowBalanceEvents, type NewEvent, numberEvent } from "../notify/AccountEvent.ts"
import { tellAccount } from "../notify/Outbox.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { addonFee, type LedgerLine, pays } from "../wallet/Ledger.ts"
import { Wallet, type WalletState } from "../wallet/Wallet.ts"
import { NumberRegistry, type OwnedNumber, type RenewalLease } from "./NumberRegistry.ts"
import { isSmsOn, renew, type SmsAddon } from "./SmsAddon.ts"

/** Numbers that one round leases; where there were as many, there may be more. */
export const RENEWAL_GROUP = 200

const LEASE_MILLIS = 60_000

export class Renewals extends Context.Service<
  Renewals,
  {
    /** One round: renews what is due. Gives how many numbers were looked at. */
    readonly renew: Effect.Effect<number>
  }
>()("@cliqtel/sms-core/number/Renewals") {
  static readonly layer = Layer.effect(
    Renewals,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const wallet = yield* Wallet
      const numbers = yield* NumberRegistry
      const tellOwner = yield* tellAccount

      const claim = unit.run(
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          return yield* numbers.claimRenewals(now, now + LEASE_MILLIS, RENEWAL_GROUP)
        })
      )

      const renewAccount = (accountId: AccountId, leases: ReadonlyArray<RenewalLease>) =>
        unit.run(
          Effect.gen(function* () {
            const before = (yield* wallet.lock([accountId])).get(accountId)
            const held = yield* numbers.holdRenewals(leases)
            if (before === undefined || held.length === 0) return
            const now = yield* Clock.currentTimeMillis
            let left = before
            const renewed = held.map((number) => {
              const result = renewNumber(number, left, now)
              left = result.wallet
              return result
            })
            const lines = renewed.flatMap((one) => one.lines)
            if (lines.length > 0) yield* wallet.post(lines)
            yield* numbers.save(renewed.map(({ number }) => number))
            const told = renewed.flatMap((one) => one.events)
            yield* tellOwner([...told, ...lowBalanceEvents(accountId, before, left, now)])
          })
        )

      const round = Effect.gen(function* () {
        const leases = yield* claim
        for (const [accountId, own] of Map.groupBy(leases, (lease) => lease.accountId)) {
          // One account's trouble is not the others'; its leases run out and are taken again.
          yield* Effect.catchCause(renewAccount(accountId, own), (cause) =>
            Effect.logWarning("Add-ons could not be renewed, trying again", cause)
          )
        }
        return leases.length
      })

      return Renewals.of({ renew: round })
    })
  )
}

interface Renewed {
  readonly number: OwnedNumber
  readonly wallet: WalletState
  readonly lines: ReadonlyArray<LedgerLine>
  readonly events: ReadonlyArray<NewEvent>
}

/** As many months as are due and paid: after a long outage there may be several. */
const renewNumber = (number: OwnedNumber, wallet: WalletState, now: Instant): Renewed => {
  const { currency, micros: price } = number.sms.monthlyPrice
  const lines: Array<LedgerLine> = []
  let addon: SmsAddon = number.sms
  let balance = wallet.balance
  while (addon.dueAt !== null && addon.dueAt <= now) {
    const paying = currency === wallet.currency && pays(balance, price)
    const step = renew(addon, paying, now)
    addon = step.addon
    if (step.charged === null) continue
    lines.push(addonFee(number, addon.monthlyPrice, step.charged, now))
    balance = Micros.make(balance - price)
  }
  const after = { ...number, sms: addon }
  return { number: after, wallet: { ...wallet, balance }, lines, events: eventsOf(number, after, now) }
}

const eventsOf = (before: OwnedNumber, after: OwnedNumber, now: Instant): ReadonlyArray<NewEvent> => {
  if (before.sms.state !== "suspended" && after.sms.state === "suspended") {
    return [numberEvent("number.sms_suspended", after, now)]
  }
  return before.sms.state === "suspended" && isSmsOn(after.sms) ? [numberEvent("number.sms_enabled", after, now)] : []
}
