import { assert, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { makePace } from "../../src/send/Pace.ts"

/** When groups of these sizes and durations begin, one behind the other. */
const beginnings = Effect.fnUntraced(function* (
  groups: ReadonlyArray<{ readonly size: number; readonly takes: number }>
) {
  const pace = makePace({ millis: 50, longestMillis: 500, large: 64 })
  const begun: Array<number> = []
  const all = Effect.forEach(groups, ({ size, takes }) =>
    pace(
      Effect.gen(function* () {
        begun.push(yield* Clock.currentTimeMillis)
        yield* Effect.sleep(takes)
        return size
      })
    )
  )
  const running = yield* Effect.forkChild(all, { startImmediately: true })
  yield* TestClock.adjust(60_000)
  yield* Fiber.join(running)
  return begun
})

it.effect("the first group goes at once, the next after a while, longer where groups take long", () =>
  Effect.gen(function* () {
    const groups = [5, 5, 100, 100, 5].map((takes) => ({ size: 1, takes }))
    assert.deepStrictEqual(yield* beginnings(groups), [0, 50, 100, 400, 700])
  })
)

it.effect("a group that takes very long is followed at once, and so is a large one", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(
      yield* beginnings([
        { size: 1, takes: 700 },
        { size: 64, takes: 5 },
        { size: 1, takes: 5 }
      ]),
      [0, 700, 705]
    )
  })
)
