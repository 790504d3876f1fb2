/** Notes that something is used once a minute for each, beside the request that uses it; what is under way ends with the host. */
import { Clock, Effect } from "effect"

const MINUTE_MILLIS = 60_000

export interface UseNotesOptions<Subject> {
  /** Of how many it is known that they were noted. */
  readonly capacity: number
  readonly idOf: (subject: Subject) => number
  readonly note: (subject: Subject, at: number) => Effect.Effect<void>
  /** Logged when that fails. */
  readonly failure: string
}

export const useNotes = Effect.fnUntraced(function* <Subject>(options: UseNotesOptions<Subject>) {
  const { capacity, failure, idOf, note } = options
  const scope = yield* Effect.scope
  const noted = new Map<number, number>()

  return (subject: Subject): Effect.Effect<void> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const id = idOf(subject)
      if (now - (noted.get(id) ?? -Infinity) < MINUTE_MILLIS) return Effect.void
      // The store itself writes once a minute, so forgetting costs a look at most.
      if (noted.size >= capacity) noted.clear()
      noted.set(id, now)
      return note(subject, now).pipe(Effect.ignoreCause({ log: "Warn", message: failure }), Effect.forkIn(scope))
    })
})
