/** Reading from a store that may be away for a while: it is asked again until it answers, and the log says so once. */
import { Effect, Schedule } from "effect"

export type Patiently = <A>(ask: Effect.Effect<A>) => Effect.Effect<A>

/** What is asked through one of them shares the one line in the log for each time that the store is away. */
export const patience = (): Patiently => {
  let away = false
  return (ask) =>
    ask.pipe(
      Effect.sandbox,
      Effect.tapError((cause) => {
        if (away) return Effect.void
        away = true
        return Effect.logWarning("The feed of changes cannot be read now, trying again", cause)
      }),
      Effect.retry(Schedule.spaced("1 second")),
      Effect.tap(() =>
        Effect.sync(() => {
          away = false
        })
      ),
      Effect.catch(Effect.failCause)
    )
}
