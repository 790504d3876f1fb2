import { assert, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Wakeups } from "../../src/send/Wakeups.ts"

const bell = Effect.map(Wakeups, ({ dispatch }) => dispatch).pipe(Effect.provide(Wakeups.layer))

/** Whether a wait is over without any time passing. */
const isHeard = (wait: (millis: number) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    const waiting = yield* Effect.forkChild(wait(1000), { startImmediately: true })
    yield* Effect.repeat(Effect.yieldNow, { times: 10 })
    const heard = waiting.pollUnsafe() !== undefined
    yield* Fiber.interrupt(waiting)
    return heard
  })

it.effect("a bell wakes who waits for it", () =>
  Effect.gen(function* () {
    const { listen, ring } = yield* bell
    const wait = yield* listen
    const waiting = yield* Effect.forkChild(wait(1000), { startImmediately: true })
    yield* Effect.repeat(Effect.yieldNow, { times: 10 })
    assert.isUndefined(waiting.pollUnsafe())
    yield* ring
    yield* Fiber.join(waiting)
    assert.isFalse(yield* isHeard(wait))
  })
)

it.effect("a ring that nobody waited for is heard once by the next wait", () =>
  Effect.gen(function* () {
    const { listen, ring } = yield* bell
    const wait = yield* listen
    yield* ring
    yield* ring
    assert.isTrue(yield* isHeard(wait))
    assert.isFalse(yield* isHeard(wait))
  })
)

it.effect("each listener hears a ring, also when another one has heard it already", () =>
  Effect.gen(function* () {
    const { listen, ring } = yield* bell
    const [one, two] = [yield* listen, yield* listen]
    yield* ring
    assert.isTrue(yield* isHeard(one))
    assert.isTrue(yield* isHeard(two))
  })
)

it.effect("a wait without a ring ends when its time is over", () =>
  Effect.gen(function* () {
    const { listen } = yield* bell
    const wait = yield* listen
    const waiting = yield* Effect.forkChild(wait(1000), { startImmediately: true })
    yield* TestClock.adjust(999)
    assert.isUndefined(waiting.pollUnsafe())
    yield* TestClock.adjust(1)
    yield* Fiber.join(waiting)
  })
)
