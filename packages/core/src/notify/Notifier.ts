/** Port: tells whoever listens in this process what has been committed. */
import { Context, Effect, Layer, PubSub, Stream } from "effect"
import type { Message } from "../Message.ts"
import type { TimelineEntry } from "../status/Lifecycle.ts"

/** A committed transition: the message as it is now, and the entry of its timeline that brought it there. */
export interface MessageEvent {
  readonly message: Message
  readonly entry: TimelineEntry
}

export class Notifier extends Context.Service<
  Notifier,
  {
    publish(events: ReadonlyArray<MessageEvent>): Effect.Effect<void>
    /** From now on; a listener that falls `capacity` events behind misses the oldest. */
    readonly events: Stream.Stream<MessageEvent>
  }
>()("@cliqtel/sms-core/notify/Notifier") {
  static readonly layerMemory = (capacity = 4096) =>
    Layer.effect(
      Notifier,
      Effect.gen(function* () {
        const hub = yield* PubSub.sliding<MessageEvent>(capacity)
        return Notifier.of({
          publish: (events) => PubSub.publishAll(hub, events).pipe(Effect.asVoid),
          events: Stream.fromPubSub(hub)
        })
      })
    )
}
