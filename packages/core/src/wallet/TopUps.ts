/**
 * Use case: money in. A top-up is stored before its payment is asked for, and booked in the unit of work that notes it as
 * paid: a crash in between is made up for by asking again under the same reference. A credit is an operator's own.
 */
import { Cause, Clock, Context, Effect, Layer, Schema } from "effect"
import { type AccountId, TopUpId } from "../Account.ts"
import { AccountNotFound, Accounts } from "../Accounts.ts"
import type { IdempotencyKey } from "../Idempotency.ts"
import { Idempotent, keptAs, type RepeatError } from "../Idempotent.ts"
import { Money, type Micros, money, zero } from "../Money.ts"
import { NumberRegistry } from "../number/NumberRegistry.ts"
import { Wakeups } from "../send/Wakeups.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { creditReference, type LedgerLine, topUpLine, topUpReference } from "./Ledger.ts"
import { PaymentProvider } from "./PaymentProvider.ts"
import { type TopUp, type TopUpKey, TopUpStore } from "./TopUpStore.ts"
import { Wallet } from "./Wallet.ts"

/** This host takes no payments for such accounts. */
export class TopUpsNotOffered extends Schema.TaggedError<TopUpsNotOffered>()("TopUpsNotOffered", {}) {}

export class PaymentDeclined extends Schema.TaggedError<PaymentDeclined>()("PaymentDeclined", {
  reason: Schema.String
}) {}

/** It is not known yet whether it was paid; it will be booked once it is. */
export class PaymentPending extends Schema.TaggedError<PaymentPending>()("PaymentPending", {}) {}

/** This reference was credited with another amount. */
export class CreditMismatch extends Schema.TaggedError<CreditMismatch>()("CreditMismatch", { amount: Money }) {}

/** A wallet holds no more than this. */
export class BalanceLimit extends Schema.TaggedError<BalanceLimit>()("BalanceLimit", { limit: Money }) {}

export type TopUpError =
  | AccountNotFound
  | TopUpsNotOffered
  | BalanceLimit
  | PaymentDeclined
  | PaymentPending
  | RepeatError

export interface ToppedUp {
  readonly balance: Money
  readonly replayed: boolean
}

const kept = keptAs(Schema.Struct({ id: TopUpId }))

/** Micro-units: a million million of the currency, far from what a balance can be stored as. */
const MOST = 10n ** 18n

/** A payment whose host went away is asked for again after this long. */
const AGAIN_MILLIS = 60_000

const GROUP = 50

export class TopUps extends Context.Service<
  TopUps,
  {
    /** The balance right after it was booked. `amount` is in the wallet's currency, above zero. */
    topUp(account: AccountId, amount: Micros, idempotency?: IdempotencyKey): Effect.Effect<ToppedUp, TopUpError>
    /** Books `amount` once per reference; gives the balance right after. */
    credit(
      account: AccountId,
      amount: Micros,
      reference: string
    ): Effect.Effect<Money, AccountNotFound | CreditMismatch | BalanceLimit>
    /** Asks again for payments whose outcome is open. Gives how many. */
    readonly recover: Effect.Effect<number>
  }
>()("@cliqtel/sms-core/wallet/TopUps") {
  static readonly layer = Layer.effect(
    TopUps,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const accounts = yield* Accounts
      const once = yield* Idempotent
      const wallet = yield* Wallet
      const store = yield* TopUpStore
      const payments = yield* PaymentProvider
      const numbers = yield* NumberRegistry
      const wakeups = yield* Wakeups

      const accountOf = Effect.fnUntraced(function* (id: AccountId) {
        return (yield* accounts.get(id)) ?? (yield* new AccountNotFound({ id }))
      })

      const within = (held: Money, amount: Micros) =>
        held.micros + amount > MOST ? Effect.fail(new BalanceLimit({ limit: money(MOST, held.currency) })) : Effect.void

      /** Under the wallet's lock. What is past due or suspended is renewed right after. */
      const book = Effect.fnUntraced(function* (line: LedgerLine) {
        yield* wallet.post([line])
        if ((yield* numbers.hastenRenewals(line.accountId, line.at)) > 0) {
          yield* unit.afterCommit(wakeups.renewals.ring)
        }
        return (yield* wallet.balance(line.accountId)) ?? line.amount
      })

      const settle = (key: TopUpKey, declined: string | null) =>
        unit.run(
          Effect.gen(function* () {
            yield* wallet.lock([key.accountId])
            const held = yield* store.lock(key)
            if (held?.state._tag !== "Pending") return held
            const at = yield* Clock.currentTimeMillis
            const state =
              declined === null
                ? ({
                    _tag: "Paid",
                    balance: yield* book(topUpLine(key.accountId, topUpReference(key.id), held.amount, at))
                  } as const)
                : ({ _tag: "Declined", reason: declined } as const)
            yield* store.settle(key, state)
            return { ...held, state }
          })
        )

      const collect = Effect.fnUntraced(function* (topUp: TopUp) {
        const { accountId, amount, id } = topUp
        if (topUp.state._tag !== "Pending") return topUp
        const { mode } = yield* accountOf(accountId)
        const reference = `${accountId}.${id}`
        const outcome = yield* payments.collect({ accountId, mode, amount, reference })
        if (outcome._tag === "Pending") return topUp
        return (yield* settle(topUp, outcome._tag === "Paid" ? null : outcome.reason)) ?? topUp
      })

      const topUp = Effect.fn("TopUps.topUp")(function* (
        accountId: AccountId,
        amount: Micros,
        idempotency?: IdempotencyKey
      ) {
        const { currency, mode } = yield* accountOf(accountId)
        if (!payments.offers(mode)) return yield* new TopUpsNotOffered()
        const insert = Effect.gen(function* () {
          yield* within((yield* wallet.balance(accountId)) ?? zero(currency), amount)
          const at = yield* Clock.currentTimeMillis
          return yield* store.insert({ accountId, amount: money(amount, currency), at, dueAt: at + AGAIN_MILLIS })
        })
        const { answer, replayed } = yield* once.run(
          { owner: accountId, idempotency, kept },
          Effect.map(insert, ({ id }) => ({ id }))
        )
        const stored = yield* store.find({ accountId, id: answer.id })
        if (stored === undefined) return yield* Effect.die(new Error("a top-up was stored but is not there"))
        // It is stored, and will be asked for again: whoever is told that nothing came of it pays twice.
        const { state } = yield* Effect.catchCauseIf(
          collect(stored),
          (cause) => !Cause.hasInterrupts(cause),
          (cause) => Effect.as(Effect.logWarning("A payment's outcome is still open", cause), stored)
        )
        if (state._tag === "Declined") return yield* new PaymentDeclined({ reason: state.reason })
        if (state._tag === "Pending") return yield* new PaymentPending()
        return { balance: state.balance, replayed }
      })

      const credit = Effect.fn("TopUps.credit")(function* (accountId: AccountId, amount: Micros, name: string) {
        return yield* unit.run(
          Effect.gen(function* () {
            const held = (yield* wallet.lock([accountId])).get(accountId)
            if (held === undefined) return yield* new AccountNotFound({ id: accountId })
            const reference = creditReference(name)
            const before = yield* wallet.booked(accountId, "top_up", reference)
            if (before !== undefined) {
              return before.amount.micros === amount
                ? before.balanceAfter
                : yield* new CreditMismatch({ amount: before.amount })
            }
            yield* within({ currency: held.currency, micros: held.balance }, amount)
            const at = yield* Clock.currentTimeMillis
            return yield* book(topUpLine(accountId, reference, money(amount, held.currency), at))
          })
        )
      })

      const recover = Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        const pending = yield* unit.run(store.claimPending(now, now + AGAIN_MILLIS, GROUP))
        for (const one of pending) {
          yield* Effect.ignoreCause(collect(one), { log: "Warn", message: "A payment's outcome is still open" })
        }
        return pending.length
      })

      return TopUps.of({ topUp, credit, recover })
    })
  )
}
