/** Wakes the loops of this process at once when there is work; other processes find it by their poll. */
import { Context, Effect, Latch, Layer } from "effect"

/** A bell that a loop waits for: rung while nobody waits, it is heard by the next wait. */
export interface Bell {
  readonly ring: Effect.Effect<void>
  /** Until the next ring, at most `millis`. */
  wait(millis: number): Effect.Effect<void>
}

const makeBell = (): Bell => {
  const latch = Latch.makeUnsafe(false)
  return {
    ring: Effect.sync(() => {
      latch.openUnsafe()
    }),
    wait: (millis) =>
      latch.await.pipe(
        Effect.timeoutOption(millis),
        Effect.andThen(Effect.sync(() => {
          latch.closeUnsafe()
        }))
      )
  }
}

export class Wakeups extends Context.Service<Wakeups, {
  readonly dispatch: Bell
  readonly receipts: Bell
}>()("@cliqtel/sms-core/send/Wakeups") {
  static readonly layer = Layer.sync(Wakeups, () => ({ dispatch: makeBell(), receipts: makeBell() }))
}
