/** Hosts of the add-on beside each other on one store, which die where a test wants them to. */
import { Cause, type Context, Effect, Exit, Layer } from "effect"
import { Idempotent } from "../../src/Idempotent.ts"
import type { layerMemory } from "../../src/memory/layerMemory.ts"
import { EUR, money } from "../../src/Money.ts"
import { Renewals } from "../../src/number/Renewals.ts"
import { SwitchSms } from "../../src/number/SwitchSms.ts"
import { Operator } from "../../src/operate/Operator.ts"
import { CountryCode } from "../../src/PhoneNumber.ts"
import { Coverage } from "../../src/price/Coverage.ts"
import { Carriers } from "../../src/send/Carrier.ts"
import { Wakeups } from "../../src/send/Wakeups.ts"
import { UnitOfWork } from "../../src/UnitOfWork.ts"
import { PaymentProvider } from "../../src/wallet/PaymentProvider.ts"
import { TopUps } from "../../src/wallet/TopUps.ts"
import { Wallet } from "../../src/wallet/Wallet.ts"

export const FEE = 750_000n

/** Where a host dies: with its leases in hand, before it books, after it booked, or when all is stored and none knows. */
export const FAULTS = ["before the lock", "before booking", "after booking", "after the commit"] as const
export type Fault = (typeof FAULTS)[number]

/** What is to go wrong next, in order, and what has. */
export class Faults {
  readonly next: Array<Fault> = []
  readonly hits = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]))

  /** Dies here if that is what comes next. */
  readonly at = (fault: Fault): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (this.next[0] !== fault) return Effect.void
      this.next.shift()
      this.hits.set(fault, (this.hits.get(fault) ?? 0) + 1)
      return Effect.die(new HostDied())
    })
}

class HostDied extends Error {}

export const isInjected = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.every((reason) => Cause.isDieReason(reason) && reason.defect instanceof HostDied)

/** As somebody asks who asks again until there is an answer, a refusal too. */
export const askUntilAnswered = <A, E>(ask: Effect.Effect<A, E>): Effect.Effect<void> =>
  Effect.flatMap(Effect.exit(ask), (exit) =>
    Exit.isFailure(exit) && isInjected(exit.cause)
      ? askUntilAnswered(ask)
      : Exit.isFailure(exit) && exit.cause.reasons.some(Cause.isDieReason)
        ? Effect.die(exit.cause)
        : Effect.void
  )

const layerFaulty = (faults: Faults) =>
  Layer.merge(
    Layer.effect(
      Wallet,
      Effect.map(Wallet, (wallet) => ({
        ...wallet,
        lock: (accounts) => Effect.andThen(faults.at("before the lock"), wallet.lock(accounts)),
        post: (lines) =>
          faults
            .at("before booking")
            .pipe(Effect.andThen(wallet.post(lines)), Effect.andThen(faults.at("after booking")))
      }))
    ),
    Layer.effect(
      UnitOfWork,
      Effect.map(UnitOfWork, (unit) => ({
        ...unit,
        run: (work) => Effect.tap(unit.run(work), () => faults.at("after the commit"))
      }))
    )
  )

const nothing = { local: false, mobile: false, toll_free: false }

const coverage = Coverage.layer([
  {
    country: CountryCode.make("NL"),
    name: "Netherlands",
    sms: { ...nothing, mobile: true },
    needsVerification: nothing,
    smsMonthly: money(FEE, EUR),
    numberMonthly: money(FEE, EUR),
    outboundSegment: null
  }
])

/** Credits alone bring money. */
const noPayments = Layer.succeed(PaymentProvider, { offers: () => false, collect: () => Effect.die("no payments") })

export type Ports = Layer.Success<ReturnType<typeof layerMemory>>

export const makeHosts = (ports: Context.Context<Ports>, count: number, faults: Faults) => {
  const host = Layer.mergeAll(Renewals.layer, SwitchSms.layer, TopUps.layer, Operator.layer).pipe(
    Layer.provide(Idempotent.layer),
    Layer.provide([coverage, noPayments, Carriers.layer([]), Wakeups.layer]),
    Layer.provide(layerFaulty(faults)),
    Layer.provide(Layer.succeedContext(ports))
  )
  return Effect.all(Array.from({ length: count }, () => Layer.build(Layer.fresh(host))))
}
