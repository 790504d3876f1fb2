/** One host of a simulation: the use cases and all loops, on the shared store, with a plan of when it dies. */
import {
  Carriers,
  DispatchQueue,
  Idempotent,
  type MessageEvent,
  Notifier,
  PaymentProvider,
  RateDeck,
  Sms,
  TopUps,
  UnitOfWork
} from "@cliqtel/sms-core"
import { Clock, Context, Effect, Exit, Fiber, Layer, Scope, Stream } from "effect"
import type { DeskPorts } from "../Hosts.ts"
import { type Coverage, type Life, makeLife, type Plan } from "./CrashPoint.ts"
import { guardedPorts } from "./guarded.ts"
import type { Leases } from "./Leases.ts"
import type { SimulatedCarrier } from "./SimulatedCarrier.ts"
import { count } from "./tally.ts"

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
  readonly leases: Leases
  /** Of all hosts that there have been. */
  readonly lives: Array<Life>
  /** Committed transitions, also those whose host died before it could tell anybody. */
  readonly committed: (events: ReadonlyArray<MessageEvent>) => void
}

export const startHost = Effect.fnUntraced(function* (world: World, plan: Plan) {
  const { carrier, committed, coverage, leases, ports } = world
  const unit = Context.get(ports, UnitOfWork)
  const life = makeLife(plan, coverage, unit, yield* Clock.Clock)
  world.lives.push(life)
  const connection = carrier.connect(life, (message, attempt) => {
    if (leases.isLost(message.id, attempt, life)) count(coverage.mishaps, "submitted after the lease was lost")
  })
  const watched = Context.add(ports, DispatchQueue, leases.watched(Context.get(ports, DispatchQueue), life))
  const own = guardedPorts(watched, life).pipe(
    Context.add(RateDeck, Context.get(ports, RateDeck)),
    Context.add(PaymentProvider, NO_PAYMENTS),
    Context.add(Carriers, new Map([[connection.name, connection]])),
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
  const built = yield* Layer.buildWithScope(layer, scope).pipe(Effect.provideService(Clock.Clock, life.clock))
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
