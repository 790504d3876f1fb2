/**
 * What customers and operators do beside sending, for a system that sells numbers and takes payments itself: a second
 * front door next to `Sms`. `layerDesk` also carries on what a crash has left half way, and delivers events to webhooks.
 */
import { Effect, Layer } from "effect"
import { Idempotent } from "./Idempotent.ts"
import { OrderNumbers } from "./number/OrderNumbers.ts"
import { Deliveries } from "./notify/Deliveries.ts"
import { layerDeliveries } from "./notify/DeliveryWorkers.ts"
import { Webhooks } from "./notify/Webhooks.ts"
import { SwitchSms } from "./number/SwitchSms.ts"
import { Operator } from "./operate/Operator.ts"
import { TopUps } from "./wallet/TopUps.ts"

/** Payments and orders whose outcome is open are looked for this often. */
const RECOVER_MILLIS = 5000

const recovery = Layer.effectDiscard(
  Effect.gen(function* () {
    yield* again(yield* Effect.map(TopUps, ({ recover }) => recover))
    yield* again(yield* Effect.map(OrderNumbers, ({ confirm }) => confirm))
  })
)

const again = (task: Effect.Effect<number>) =>
  task.pipe(
    Effect.catchCause((cause) => Effect.logWarning("Recovery failed, trying again", cause)),
    Effect.andThen(Effect.sleep(RECOVER_MILLIS)),
    Effect.forever,
    Effect.forkScoped
  )

/** The use cases alone. */
export const layerDeskUseCases = Layer.mergeAll(
  SwitchSms.layer,
  OrderNumbers.layer,
  TopUps.layer,
  Operator.layer,
  Webhooks.layer,
  Deliveries.layer
).pipe(Layer.provideMerge(Idempotent.layer))

export const layerDesk = Layer.merge(recovery, layerDeliveries).pipe(Layer.provideMerge(layerDeskUseCases))
