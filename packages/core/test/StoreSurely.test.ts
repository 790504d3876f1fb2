import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { storeSurely } from "../src/StoreSurely.ts"
import { Unavailable } from "../src/UnitOfWork.ts"

const away = new Unavailable({ message: "away", retryAfterMillis: 1000, undone: false })

/** A store that keeps items once `ready` says so, and refuses those below zero. */
const makeStore = (ready: (items: ReadonlyArray<number>) => boolean) => {
  const kept: Array<number> = []
  const store = (items: ReadonlyArray<number>) =>
    Effect.suspend(() => {
      if (!ready(items)) return Effect.die(away)
      if (items.some((item) => item < 0)) return Effect.die(new Error("refused"))
      return Effect.sync(() => kept.push(...items))
    })
  return { kept, store }
}

describe("what must not be lost", () => {
  it.effect("is stored together where that works", () =>
    Effect.gen(function* () {
      const { kept, store } = makeStore(() => true)
      yield* storeSurely([1, 2, 3], store)
      assert.deepStrictEqual(kept, [1, 2, 3])
    })
  )

  it.effect("is tried until the store is back, however long that takes", () =>
    Effect.gen(function* () {
      let back = false
      const { kept, store } = makeStore(() => back)
      const storing = yield* Effect.forkChild(storeSurely([1, 2, 3], store))
      yield* TestClock.adjust("1 hour")
      assert.isUndefined(storing.pollUnsafe())
      assert.deepStrictEqual(kept, [])
      back = true
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(storing)
      assert.sameMembers(kept, [1, 2, 3])
    })
  )

  it.effect("is not held up by a neighbour that the store cannot take now", () =>
    Effect.gen(function* () {
      let free = false
      const { kept, store } = makeStore((items) => free || !items.includes(2))
      const storing = yield* Effect.forkChild(storeSurely([1, 2, 3], store))
      yield* TestClock.adjust("1 second")
      assert.sameMembers(kept, [1, 3])
      assert.isUndefined(storing.pollUnsafe())
      free = true
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(storing)
      assert.sameMembers(kept, [1, 2, 3])
    })
  )

  it.effect("goes in without a neighbour that the store refuses", () =>
    Effect.gen(function* () {
      const { kept, store } = makeStore(() => true)
      yield* storeSurely([1, -2, 3], store)
      assert.deepStrictEqual(kept, [1, 3])
    })
  )
})
