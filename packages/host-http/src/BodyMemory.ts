/** Bounds the memory that request bodies take together, from their first byte until they are answered. */
import { Context, Effect, Layer } from "effect"
import type { Problem } from "./api/Problem.ts"
import { unavailable } from "./Failures.ts"
import { HttpLimits } from "./Limits.ts"

export class BodyMemory extends Context.Service<
  BodyMemory,
  {
    /** Runs `use` with `bytes` counted as taken; turns it away while there are too many. */
    readonly hold: <A, E, R>(bytes: number, use: Effect.Effect<A, E, R>) => Effect.Effect<A, E | Problem, R>
  }
>()("@cliqtel/sms-host-http/BodyMemory") {
  static readonly layer = Layer.effect(
    BodyMemory,
    Effect.map(HttpLimits, ({ maxBodyBytes }) => {
      let held = 0
      return BodyMemory.of({
        hold: <A, E, R>(bytes: number, use: Effect.Effect<A, E, R>) =>
          Effect.suspend((): Effect.Effect<A, E | Problem, R> => {
            if (held + bytes > maxBodyBytes) return Effect.fail(unavailable("Too many bodies are being read.", 1000))
            held += bytes
            return Effect.ensuring(
              use,
              Effect.sync(() => (held -= bytes))
            )
          })
      })
    })
  )
}
