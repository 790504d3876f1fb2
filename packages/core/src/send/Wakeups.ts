/** Wakes the loops of this process at once when there is work; other processes find it by their poll. */
import { Context, Effect, Latch, Layer } from "effect"

/** A bell that loops listen to, each on its own: one that was busy when it rang hears it when it waits next. */
export interface Bell {
  readonly ring: Effect.Effect<void>
  /** From now on. Gives what waits for the next ring that was not heard yet, at most so many milliseconds. */
  readonly listen: Effect.Effect<(millis: number) => Effect.Effect<void>>
}

const makeBell = (): Bell => {
  const listeners: Array<Latch.Latch> = []
  return {
    ring: Effect.sync(() => {
      for (const latch of listeners) latch.openUnsafe()
    }),
    listen: Effect.sync(() => {
      const latch = Latch.makeUnsafe(false)
      listeners.push(latch)
      const heard = Effect.sync(() => {
        latch.closeUnsafe()
      })
      return (millis) => latch.await.pipe(Effect.timeoutOption(millis), Effect.andThen(heard))
    })
  }
}

export class Wakeups extends Context.Service<
  Wakeups,
  {
    readonly dispatch: Bell
    readonly receipts: Bell
    readonly renewals: Bell
    readonly webhooks: Bell
  }
>()("@cliqtel/sms-core/send/Wakeups") {
  static readonly layer = Layer.sync(Wakeups, () => ({
    dispatch: makeBell(),
    receipts: makeBell(),
    renewals: makeBell(),
    webhooks: makeBell()
  }))
}
