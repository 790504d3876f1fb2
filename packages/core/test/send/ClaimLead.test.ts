/** Which of two hosts that share a queue claims. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, References, Scope } from "effect"
import { TestClock } from "effect/testing"
import { layerMemory } from "../../src/memory/layerMemory.ts"
import { type ClaimLead, isBusy, isFit, makeClaimLead } from "../../src/send/ClaimLead.ts"
import { DispatchQueue } from "../../src/send/DispatchQueue.ts"

const CARRIER = "fake"

/** Claims of a busy host for half a second, of which some took all there was room for. */
const busy = (lead: ClaimLead, full = 0) => {
  for (let i = 0; i < 10; i++) lead.claimed(20, i < full ? 20 : 200)
}

/** Whether it may claim in this moment. */
const mayClaim = (lead: ClaimLead) =>
  Effect.gen(function* () {
    const turn = yield* Effect.forkChild(lead.turn, { startImmediately: true })
    const isOver = turn.pollUnsafe() !== undefined
    yield* Fiber.interrupt(turn)
    return isOver
  })

/** A window passes; whoever may goes on claiming as much. */
const pass = (leads: ReadonlyArray<ClaimLead>, full = 0) =>
  Effect.gen(function* () {
    for (const lead of leads) if (yield* mayClaim(lead)) busy(lead, full)
    yield* TestClock.adjust(500)
  })

/** A host that leads and one that follows. */
const leaderAndFollower = Effect.gen(function* () {
  const scope = yield* Scope.make()
  const leader = yield* Effect.provideService(makeClaimLead(CARRIER), Scope.Scope, scope)
  const follower = yield* makeClaimLead(CARRIER)
  yield* pass([leader, follower])
  yield* pass([leader, follower])
  assert.isTrue(yield* mayClaim(leader))
  assert.isFalse(yield* mayClaim(follower))
  return { leader, follower, scope }
})

const test = (name: string, body: Effect.Effect<void, never, DispatchQueue | Scope.Scope>) =>
  it.effect(name, () => body.pipe(Effect.provide(layerMemory())))

describe("hosts", () => {
  test(
    "all claim while there is little to do",
    Effect.gen(function* () {
      const leads = [yield* makeClaimLead(CARRIER), yield* makeClaimLead(CARRIER)]
      for (let i = 0; i < 10; i++) {
        for (const lead of leads) {
          assert.isTrue(yield* mayClaim(lead))
          assert.strictEqual(lead.pollMillis(1000), 1000)
          lead.claimed(49, 200)
        }
        yield* TestClock.adjust(500)
      }
    })
  )

  test(
    "leave the claims to one of them while there is much, which looks often for what others accept",
    Effect.gen(function* () {
      const { follower, leader } = yield* leaderAndFollower
      for (let i = 0; i < 20; i++) {
        yield* pass([leader, follower])
        assert.isFalse(yield* mayClaim(follower))
        assert.strictEqual(leader.pollMillis(1000), 50)
      }
    })
  )

  test(
    "claim again soon after the one that led has little to do, which still looks for a while",
    Effect.gen(function* () {
      const { follower, leader } = yield* leaderAndFollower
      const turn = yield* Effect.forkChild(follower.turn, { startImmediately: true })
      yield* TestClock.adjust(500)
      assert.isTrue(yield* mayClaim(leader))
      assert.isUndefined(turn.pollUnsafe())
      assert.strictEqual(leader.pollMillis(1000), 50)
      yield* TestClock.adjust(500)
      yield* Fiber.join(turn)
    })
  )

  test(
    "all claim when one alone falls behind",
    Effect.gen(function* () {
      const { follower, leader } = yield* leaderAndFollower
      const turn = yield* Effect.forkChild(follower.turn, { startImmediately: true })
      for (let i = 0; i < 3; i++) yield* pass([leader], 6)
      yield* Fiber.join(turn)
      for (let i = 0; i < 3; i++) {
        yield* pass([leader, follower], 6)
        assert.isTrue(yield* mayClaim(leader))
        assert.isTrue(yield* mayClaim(follower))
      }
    })
  )

  test(
    "all go on claiming for three seconds after that, though each would do for a moment",
    Effect.gen(function* () {
      const { follower, leader } = yield* leaderAndFollower
      for (let i = 0; i < 3; i++) yield* pass([leader, follower], 6)
      const seen: Array<boolean> = []
      for (let i = 0; i < 8; i++) {
        yield* pass([leader, follower])
        seen.push((yield* mayClaim(leader)) && (yield* mayClaim(follower)))
      }
      assert.deepStrictEqual(seen.slice(0, 4), [true, true, true, true])
      assert.isFalse(seen.at(-1))
    })
  )

  test(
    "do not leave it to one that does not reach the carrier",
    Effect.gen(function* () {
      const { follower, leader } = yield* leaderAndFollower
      const turn = yield* Effect.forkChild(follower.turn, { startImmediately: true })
      for (let i = 0; i < 3; i++) {
        leader.answered({ _tag: "Accepted", refs: ["a"] })
        leader.answered({ _tag: "Temporary" })
        leader.answered({ _tag: "Unknown" })
        yield* pass([leader])
      }
      yield* Fiber.join(turn)
    })
  )

  test(
    "wait two seconds and a look for one that has died",
    Effect.gen(function* () {
      const { follower } = yield* leaderAndFollower
      const turn = yield* Effect.forkChild(follower.turn, { startImmediately: true })
      yield* TestClock.adjust(2500)
      yield* Fiber.join(turn)
    })
  )

  test(
    "wait for one that stops no longer than a look",
    Effect.gen(function* () {
      const { follower, scope } = yield* leaderAndFollower
      const turn = yield* Effect.forkChild(follower.turn, { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust(500)
      yield* Fiber.join(turn)
    })
  )

  it.effect("all claim while the store does not say who leads", () =>
    Effect.gen(function* () {
      const leads = [yield* makeClaimLead(CARRIER), yield* makeClaimLead(CARRIER)]
      for (let i = 0; i < 5; i++) {
        yield* pass(leads)
        for (const lead of leads) assert.isTrue(yield* mayClaim(lead))
      }
    }).pipe(
      Effect.provideService(References.MinimumLogLevel, "None"),
      Effect.provide(
        Layer.effect(
          DispatchQueue,
          Effect.map(DispatchQueue, (queue) => ({ ...queue, lead: () => Effect.die("away") }))
        ).pipe(Layer.provide(layerMemory()))
      )
    )
  )

  it("are busy with 50 messages in half a second, and fit if most claims were not full and nine of ten answers decided", () => {
    const steady = { claims: 10, full: 5, messages: 50, answers: 10, undecided: 1 }
    assert.isTrue(isBusy(steady) && isFit(steady))
    assert.isFalse(isBusy({ ...steady, messages: 49 }))
    assert.isFalse(isFit({ ...steady, full: 6 }))
    assert.isFalse(isFit({ ...steady, undecided: 2 }))
  })
})
