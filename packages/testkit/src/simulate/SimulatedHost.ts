/** One host of a simulation: the use cases and all loops, on the shared store, with a plan of when it dies. */
import {
  Accounts,
  Carriers,
  DispatchQueue,
  EventLog,
  Idempotency,
  Idempotent,
  type MessageEvent,
  MessageStore,
  Notifier,
  NumberRegistry,
  OptOuts,
  PaymentProvider,
  RateDeck,
  RateLimits,
  ReceiptInbox,
  Sms,
  TopUps,
  TopUpStore,
  UnitOfWork,
  Wallet
} from "@cliqtel/sms-core"
import { Clock, Context, Effect, Exit, Fiber, Layer, Scope, Stream } from "effect"
import type { DeskPorts } from "../Hosts.ts"
import { type Coverage, type Life, makeLife, type Plan } from "./CrashPoint.ts"
import { guarded, guardedUnit } from "./guarded.ts"
import type { SimulatedCarrier } from "./SimulatedCarrier.ts"

export interface SimulatedHost {
  readonly life: Life
  readonly sms: Sms["Service"]
  readonly topUps: TopUps["Service"]
  /** Stops it as an operator does: it finishes what it has begun, which takes time. */
  readonly stop: Effect.Effect<void>
}

export interface World {
  readonly ports: Context.Context<DeskPorts | RateDeck>
  readonly carrier: SimulatedCarrier
  readonly coverage: Coverage
  /** Committed transitions, also those whose host died before it could tell anybody. */
  readonly committed: (events: ReadonlyArray<MessageEvent>) => void
}

export const startHost = Effect.fnUntraced(function* (world: World, plan: Plan) {
  const { carrier, committed, coverage, ports } = world
  const unit = Context.get(ports, UnitOfWork)
  const life = makeLife(plan, coverage, unit, yield* Clock.Clock)
  const guard = <I, S extends object>(port: Context.Key<I, S> & { readonly key: string }, from: S) =>
    guarded(port.key.slice(port.key.lastIndexOf("/") + 1), from, life)

  const own = Context.make(UnitOfWork, guardedUnit(unit, life)).pipe(
    Context.add(Wallet, guard(Wallet, Context.get(ports, Wallet))),
    Context.add(RateLimits, guard(RateLimits, Context.get(ports, RateLimits))),
    Context.add(NumberRegistry, guard(NumberRegistry, Context.get(ports, NumberRegistry))),
    Context.add(OptOuts, guard(OptOuts, Context.get(ports, OptOuts))),
    Context.add(Idempotency, guard(Idempotency, Context.get(ports, Idempotency))),
    Context.add(MessageStore, guard(MessageStore, Context.get(ports, MessageStore))),
    Context.add(DispatchQueue, guard(DispatchQueue, Context.get(ports, DispatchQueue))),
    Context.add(ReceiptInbox, guard(ReceiptInbox, Context.get(ports, ReceiptInbox))),
    Context.add(EventLog, guard(EventLog, Context.get(ports, EventLog))),
    Context.add(Accounts, guard(Accounts, Context.get(ports, Accounts))),
    Context.add(TopUpStore, guard(TopUpStore, Context.get(ports, TopUpStore))),
    Context.add(RateDeck, Context.get(ports, RateDeck)),
    Context.add(PaymentProvider, NO_PAYMENTS),
    Context.add(Carriers, new Map([[carrier.connect(life).name, carrier.connect(life)]])),
    Context.add(Notifier, {
      publish: (events) => Effect.sync(() => committed(events)),
      events: Stream.empty
    })
  )

  const scope = yield* Scope.make()
  const layer = Layer.fresh(
    TopUps.layer.pipe(
      Layer.provide(Idempotent.layer),
      Layer.provideMerge(Sms.layer),
      Layer.provide(Layer.succeedContext(own))
    )
  )
  const built = yield* Layer.buildWithScope(layer, scope)
  // What a dead host has begun is cut off; were it left alone, its loops would go on to wait for their time.
  yield* Effect.forkDetach(Effect.andThen(life.over, Scope.close(scope, Exit.void)))
  return {
    life,
    sms: Context.get(built, Sms),
    topUps: Context.get(built, TopUps),
    stop: Effect.gen(function* () {
      const closing = yield* Effect.forkDetach(Scope.close(scope, Exit.void))
      yield* Effect.raceFirst(Fiber.await(closing), life.over)
      life.end()
    })
  } satisfies SimulatedHost
})

const NO_PAYMENTS: PaymentProvider["Service"] = {
  offers: () => false,
  collect: () => Effect.succeed({ _tag: "Pending" })
}
