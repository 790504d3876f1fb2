/** How sends are gathered into groups. The group itself is a stand-in that ends when the test says so. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, Exit, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { AccountId, NumberId } from "../../src/Account.ts"
import type { IdempotencyKey } from "../../src/Idempotency.ts"
import { Body } from "../../src/Message.ts"
import { AcceptGroup, type Job, type JobExit, type Waits } from "../../src/send/AcceptGroup.ts"
import type { SendLimits } from "../../src/send/SendLimits.ts"
import { SendMessage } from "../../src/send/SendMessage.ts"
import { Unavailable, UnitOfWork } from "../../src/UnitOfWork.ts"

const request = { fromNumberId: NumberId.make(1), to: "+31612345678", body: Body.make("Hi") }

const answered: JobExit = Exit.succeed({ results: [], bucket: null, replayed: false, origin: undefined })

interface Group {
  readonly accounts: ReadonlyArray<number>
  readonly waits: Waits
  readonly end: Deferred.Deferred<void>
}

const LIMITS: SendLimits = {
  groups: 2,
  slowMillis: 50,
  slowestMillis: 50,
  gatherMillis: 0,
  groupSize: 3,
  shareSize: 3,
  besideSize: 4,
  waiting: 100,
  patienceMillis: 20_000,
  tellSize: 2,
  tellMillis: 5
}

const makeWith = Effect.fnUntraced(function* (limits: SendLimits) {
  const groups: Array<Group> = []
  /** Accounts whose wallets somebody else holds. */
  const held = new Set<number>()
  /** Groups, by their place, of which nothing can be stored together. */
  const failing = new Set<number>()
  /** Groups, by their place, of which nobody knows whether they were stored. */
  const unheard = new Set<number>()
  /** Groups, by their place, that have not got so far that only the store is waited for. */
  const undecided = new Set<number>()
  const throwing = new Set<number>()
  let endsAtOnce = false
  let isAway = false
  const layer = SendMessage.layerWith(limits).pipe(
    Layer.provide([
      Layer.succeed(UnitOfWork, {
        run: (work) => work,
        isOpen: Effect.succeed(false),
        afterCommit: (task) => task
      }),
      Layer.succeed(AcceptGroup, {
        accept: (jobs: ReadonlyArray<Job>, waits: Waits, whenDecided: Effect.Effect<void> = Effect.void) => {
          const place = groups.length
          const end = Deferred.makeUnsafe<void>()
          groups.push({ accounts: jobs.map(({ accountId }) => accountId), waits, end })
          if (throwing.has(place)) throw new Error("a bug")
          return Effect.gen(function* () {
            if (!undecided.has(place)) yield* whenDecided
            if (!endsAtOnce) yield* Deferred.await(end)
            // As long as one waits for a wallet.
            else if (waits === "briefly" && jobs.some(({ accountId }) => held.has(accountId))) yield* Effect.sleep(50)
            if (unheard.has(place)) return yield* Effect.die(gone)
            if (failing.has(place)) return yield* Effect.die(isAway && place > 0 ? gone : refused)
            return jobs.map(({ accountId }) => (waits !== "long" && held.has(accountId) ? undefined : answered))
          })
        }
      })
    ])
  )
  const services = yield* Layer.build(layer)
  const send = (account: number, messages = 1, key?: string) =>
    Effect.provideContext(
      SendMessage.use((sending) =>
        sending.send(
          AccountId.make(account),
          Array.from({ length: messages }, () => request),
          { idempotency: key === undefined ? undefined : { key, fingerprint: "" } }
        )
      ),
      services
    ).pipe(Effect.forkChild({ startImmediately: true }))
  /** Who sends again at once, whatever is told. */
  const repeating = (account: number, key: string) => {
    const once = Effect.provideContext(
      SendMessage.use((sending) =>
        sending.send(AccountId.make(account), [request], { idempotency: { key, fingerprint: "" } })
      ),
      services
    )
    return Effect.forkChild(
      Effect.catchCause(once, () => once),
      { startImmediately: true }
    )
  }
  const end = (index: number) =>
    Effect.andThen(
      Effect.suspend(() => Deferred.succeed((groups[index] as Group).end, undefined)),
      settled
    )
  return {
    send,
    repeating,
    end,
    held,
    failing,
    unheard,
    undecided,
    throwing,
    goAway: () => {
      isAway = true
    },
    endAll: Effect.suspend(() => {
      endsAtOnce = true
      return Effect.forEach(groups, (group) => Deferred.succeed(group.end, undefined))
    }),
    started: Effect.map(settled, () => groups.map(({ accounts }) => accounts)),
    waits: () => groups.map((group) => group.waits)
  }
})

const isUndoneBy = (exit: Exit.Exit<unknown, unknown> | undefined, message: string): boolean =>
  exit !== undefined &&
  Exit.isFailure(exit) &&
  exit.cause.reasons.some(
    (reason) =>
      Cause.isDieReason(reason) &&
      reason.defect instanceof Unavailable &&
      reason.defect.undone &&
      reason.defect.message.includes(message)
  )

const gone = new Unavailable({ message: "It is away.", retryAfterMillis: 1, undone: false })

const refused = new Unavailable({ message: "It was undone.", retryAfterMillis: 1, undone: true })

const make = makeWith(LIMITS)

/** Until everybody has done what there is to do. */
const settled = TestClock.adjust(0).pipe(Effect.andThen(Effect.yieldNow), Effect.repeat({ times: 20 }))

describe("sends that arrive together", () => {
  it.effect("go in one group, and those that come meanwhile in the next", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* make
      const fibers = [yield* send(1), yield* send(2)]
      assert.deepStrictEqual(yield* started, [[1, 2]])
      for (const account of [1, 3, 1, 2]) fibers.push(yield* send(account))
      assert.deepStrictEqual(yield* started, [[1, 2]])
      yield* end(0)
      assert.deepStrictEqual(yield* started, [
        [1, 2],
        [1, 3, 1]
      ])
      yield* end(1)
      yield* end(2)
      assert.deepStrictEqual((yield* started).at(-1), [2])
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 6)
    })
  )

  it.effect("pass a group that takes long, except those of its own accounts", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* make
      const fibers = [yield* send(1)]
      assert.deepStrictEqual(yield* started, [[1]])
      for (const account of [1, 2, 3]) fibers.push(yield* send(account))
      yield* TestClock.adjust(49)
      assert.deepStrictEqual(yield* started, [[1]])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* started, [[1], [2, 3]])
      fibers.push(yield* send(4))
      yield* TestClock.adjust(500)
      assert.deepStrictEqual(yield* started, [[1], [2, 3]], "no more than two at once")
      yield* end(1)
      assert.deepStrictEqual(yield* started, [[1], [2, 3], [4]])
      yield* end(2)
      yield* end(0)
      assert.deepStrictEqual(yield* started, [[1], [2, 3], [4], [1]])
      yield* end(3)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 5)
    })
  )

  it.effect("do not pass a group that takes as long as the one before it", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* makeWith({ ...LIMITS, slowestMillis: 300 })
      const fibers = [yield* send(1)]
      yield* started
      yield* TestClock.adjust(80)
      yield* end(0)
      fibers.push(yield* send(1), yield* send(2))
      assert.deepStrictEqual(yield* started, [[1], [1, 2]])
      fibers.push(yield* send(3))
      yield* TestClock.adjust(239)
      assert.lengthOf(yield* started, 2)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* started, [[1], [1, 2], [3]])
      yield* end(1)
      yield* end(2)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 4)
    })
  )

  it.effect("wait for those who were just answered half as long as that took, until all are there or enough", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* makeWith({
        ...LIMITS,
        gatherMillis: 15,
        groupSize: 9,
        shareSize: 9,
        slowMillis: 1000,
        slowestMillis: 1000
      })
      const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
      const sendAll = Effect.fnUntraced(function* (...accounts: ReadonlyArray<number>) {
        for (const account of accounts) fibers.push(yield* send(account))
      })
      const latest = Effect.map(started, (groups) => groups.at(-1))
      yield* sendAll(1, 2)
      assert.deepStrictEqual(yield* latest, [1, 2])
      yield* sendAll(3)
      yield* TestClock.adjust(20)
      yield* end(0)
      yield* TestClock.adjust(9)
      assert.lengthOf(yield* started, 1)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* latest, [3], "half as long as it took")

      yield* sendAll(1, 2)
      yield* TestClock.adjust(20)
      yield* end(1)
      assert.lengthOf(yield* started, 2)
      yield* sendAll(3)
      assert.deepStrictEqual(yield* latest, [1, 2, 3], "all are there")

      yield* sendAll(4)
      yield* TestClock.adjust(200)
      yield* end(2)
      yield* TestClock.adjust(14)
      assert.lengthOf(yield* started, 3)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* latest, [4], "no longer than that")

      yield* TestClock.adjust(20)
      yield* end(3)
      yield* sendAll(4)
      assert.lengthOf(yield* started, 5, "nobody else is expected")

      yield* sendAll(4, 4, 4, 4)
      yield* TestClock.adjust(20)
      yield* end(4)
      assert.deepStrictEqual(yield* latest, [4, 4, 4, 4], "enough")
      yield* end(5)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 12)
    })
  )

  it.effect("pass a group at once where enough of them wait, none of its accounts", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* make
      const fibers = [yield* send(1)]
      assert.deepStrictEqual(yield* started, [[1]])
      for (const account of [1, 2, 3, 1, 4]) fibers.push(yield* send(account))
      assert.deepStrictEqual(yield* started, [[1]])
      fibers.push(yield* send(2))
      assert.deepStrictEqual(yield* started, [[1], [2, 3, 4]])
      for (const account of [5, 6, 7, 8]) fibers.push(yield* send(account))
      assert.lengthOf(yield* started, 2, "no third one beside them")
      yield* end(1)
      assert.deepStrictEqual((yield* started).slice(2), [[2, 5, 6]])
      yield* end(2)
      yield* end(0)
      assert.deepStrictEqual((yield* started).slice(3), [[1, 1, 7]])
      yield* end(3)
      yield* end(4)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 11)
    })
  )

  it.effect("leave a share to the next group, except those of accounts that are in it", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* makeWith({ ...LIMITS, groupSize: 4, shareSize: 2, besideSize: 2 })
      const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
      for (const account of [1, 2, 3, 1, 4, 2, 1]) fibers.push(yield* send(account))
      assert.deepStrictEqual(yield* started, [
        [1, 2, 1, 2],
        [3, 4]
      ])
      yield* end(0)
      yield* end(1)
      assert.deepStrictEqual((yield* started).slice(2), [[1]])
      yield* end(2)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 7)
    })
  )

  it.effect("are looked at again once a group has started that left enough of them", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* makeWith({
        ...LIMITS,
        groups: 4,
        groupSize: 9,
        shareSize: 5,
        besideSize: 4
      })
      yield* TestClock.adjust(1000)
      const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
      for (const account of [1, 2, 3]) fibers.push(yield* send(account))
      yield* started
      for (const account of [1, 2, 3]) fibers.push(yield* send(account, 4))
      yield* TestClock.adjust(60)
      assert.deepStrictEqual(yield* started, [[1, 2, 3]])
      yield* end(0)
      assert.deepStrictEqual((yield* started).slice(1), [[1, 2], [3]])
      yield* end(1)
      yield* end(2)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 6)
    })
  )

  it.effect("of one account are in one group at a time, also while a group is taken apart", () =>
    Effect.gen(function* () {
      const { end, failing, send, started } = yield* makeWith({
        ...LIMITS,
        groups: 4,
        groupSize: 9,
        shareSize: 5,
        besideSize: 4
      })
      failing.add(0)
      const fibers = [yield* send(1), yield* send(2)]
      assert.deepStrictEqual(yield* started, [[1, 2]])
      yield* end(0)
      assert.deepStrictEqual((yield* started).slice(1), [[1], [2]], "each on its own")
      fibers.push(yield* send(1, 4))
      yield* end(1)
      assert.deepStrictEqual((yield* started).slice(3), [[1]])
      fibers.push(yield* send(1, 4))
      yield* end(2)
      assert.lengthOf(yield* started, 4, "the one before is still under way")
      yield* end(3)
      assert.deepStrictEqual((yield* started).slice(4), [[1]])
      yield* end(4)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 4)
    })
  )

  it.effect("leave those whose wallet somebody else holds, who wait for it apart from all others", () =>
    Effect.gen(function* () {
      const { end, held, send, started, waits } = yield* make
      held.add(2)
      const fibers = [yield* send(2), yield* send(1), yield* send(2)]
      assert.deepStrictEqual(yield* started, [[2, 1, 2]])
      fibers.push(yield* send(3), yield* send(2))
      yield* end(0)
      assert.deepStrictEqual((yield* started).slice(1), [[2, 2, 2], [3]])
      fibers.push(yield* send(4), yield* send(2))
      yield* end(2)
      assert.deepStrictEqual((yield* started).slice(3), [[4]])
      yield* end(1)
      yield* end(3)
      assert.lengthOf(yield* started, 4, "who left all looks again a moment later")
      yield* TestClock.adjust(10)
      assert.deepStrictEqual((yield* started).slice(4), [[2, 2, 2]])
      held.delete(2)
      yield* end(4)
      assert.deepStrictEqual((yield* started).slice(5), [[2]])
      yield* end(5)
      assert.deepStrictEqual(new Set(waits()), new Set(["briefly"]))
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 7)
    })
  )

  it.effect("of several that are held wait for one at a time, and look at all of them between", () =>
    Effect.gen(function* () {
      const { end, held, send, started, waits } = yield* make
      held.add(1).add(2).add(3)
      const fibers = [yield* send(1), yield* send(2), yield* send(3)]
      assert.deepStrictEqual(yield* started, [[1, 2, 3]])
      const next = Effect.fnUntraced(function* () {
        const group = waits().length
        yield* end(group - 1)
        yield* TestClock.adjust(10)
        return [waits()[group], (yield* started)[group]]
      })
      assert.deepStrictEqual(yield* next(), ["not", [1, 2, 3]])
      assert.deepStrictEqual(yield* next(), ["briefly", [1]])
      assert.deepStrictEqual(yield* next(), ["not", [2, 3, 1]])
      assert.deepStrictEqual(yield* next(), ["briefly", [2]])
      held.clear()
      assert.deepStrictEqual(yield* next(), ["not", [3, 1]])
      yield* end(5)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 3)
    })
  )

  it.effect("do not wait behind any number of those that are held", () =>
    Effect.gen(function* () {
      const { end, endAll, held, send, started } = yield* make
      const kept: Array<Fiber.Fiber<unknown, unknown>> = []
      for (const account of [1, 2, 3, 4]) {
        held.add(account)
        kept.push(yield* send(account))
        const group = (yield* started).findLastIndex((accounts) => accounts.join() === `${account}`)
        yield* end(group)
      }
      const free = yield* send(5)
      const group = (yield* started).findIndex((accounts) => accounts.join() === "5")
      assert.isAbove(group, 0)
      yield* end(group)
      yield* Fiber.join(free)
      for (const fiber of kept) assert.isUndefined(fiber.pollUnsafe())
      held.clear()
      yield* endAll
      yield* TestClock.adjust(100)
      yield* Effect.forEach(kept, Fiber.join)
    })
  )

  it.effect("are told that nothing has come of them where others hold their wallet for all that time", () =>
    Effect.gen(function* () {
      const { endAll, held, send, started } = yield* make
      held.add(1)
      const fiber = yield* send(1)
      const keyed = yield* send(1, 1, "key")
      yield* endAll
      yield* TestClock.adjust(19_900)
      for (const one of [fiber, keyed]) assert.isUndefined(one.pollUnsafe())
      assert.include(String(yield* Fiber.await(yield* send(1, 1, "key"))), "IdempotencyInProgress")
      yield* TestClock.adjust(200)
      assert.isTrue(isUndoneBy(yield* Fiber.await(fiber), "not accepted in time"))
      const told = yield* Fiber.await(keyed)
      assert.include(String(told), "not accepted in time")
      assert.isFalse(isUndoneBy(told, ""), "something may have come of an earlier one")
      held.delete(1)
      const { length } = yield* started
      yield* TestClock.adjust(1000)
      assert.lengthOf(yield* started, length)
      yield* Fiber.join(yield* send(1, 1, "key"))
    })
  )

  it.effect("are left, with what their account sent after them, when others of their group cannot be stored", () =>
    Effect.gen(function* () {
      const { end, failing, held, send, started } = yield* make
      failing.add(0)
      held.add(1)
      const fibers = [yield* send(1), yield* send(1), yield* send(2)]
      yield* started
      yield* end(0)
      assert.deepStrictEqual((yield* started).slice(1), [[1], [2]])
      yield* end(1)
      held.delete(1)
      yield* end(2)
      assert.deepStrictEqual((yield* started).slice(3), [[1, 1]])
      yield* end(3)
      assert.lengthOf(yield* Effect.forEach(fibers, Fiber.join), 3)
    })
  )

  it.effect.each([true, false])("are not tried one by one by a store that cannot do it now (away: %s)", (isAway) =>
    Effect.gen(function* () {
      const { end, failing, goAway, send, started } = yield* make
      failing.add(0).add(1)
      if (isAway) goAway()
      const fibers = [yield* send(1), yield* send(1), yield* send(1)]
      yield* started
      yield* end(0)
      yield* end(1)
      const [first, second, third] = yield* Effect.forEach(fibers, Fiber.await)
      assert.include(String(first), isAway ? "It is away" : "It was undone")
      for (const one of [second, third]) assert.isTrue(isUndoneBy(one, "cannot take this now"))
      assert.lengthOf(yield* started, 2)
    })
  )

  it.effect("are not tried again when nobody knows whether their group was stored", () =>
    Effect.gen(function* () {
      const { end, send, started, unheard } = yield* make
      unheard.add(0)
      const fibers = [yield* send(1), yield* send(2)]
      yield* started
      yield* end(0)
      assert.deepStrictEqual(yield* started, [[1, 2]])
      for (const fiber of fibers) {
        const told = yield* Fiber.await(fiber)
        assert.include(String(told), "It is away")
        assert.isFalse(isUndoneBy(told, ""))
      }
      yield* TestClock.adjust(60_000)
      assert.deepStrictEqual(yield* started, [[1, 2]])
    })
  )

  it.effect("are tried, each of them, though one waits in vain for its key", () =>
    Effect.gen(function* () {
      const { end, failing, send } = yield* make
      failing.add(0).add(1)
      const fibers = [yield* send(1, 1, "key"), yield* send(1)]
      for (const group of [0, 1, 2]) {
        yield* TestClock.adjust(0)
        yield* end(group)
      }
      const [first, second] = yield* Effect.forEach(fibers, Fiber.await)
      assert.include(String(first), "It was undone")
      assert.strictEqual(second?._tag, "Success")
    })
  )

  it.effect("are not tried one by one by a system that closes", () =>
    Effect.gen(function* () {
      const fibers = yield* Effect.scoped(
        Effect.gen(function* () {
          const { end, failing, send, started } = yield* make
          failing.add(0)
          const fibers = [yield* send(1), yield* send(1)]
          yield* started
          yield* end(0)
          yield* Effect.forkDetach(Effect.andThen(Effect.sleep(10), end(1)))
          yield* Effect.forkDetach(TestClock.adjust(10))
          return fibers
        })
      )
      const [first, second] = yield* Effect.forEach(fibers, Fiber.await)
      assert.strictEqual(first?._tag, "Success")
      assert.isTrue(isUndoneBy(second, "shutting down"))
    })
  )

  it.effect("do not begin once their callers were told", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* make
      const first = yield* send(1)
      yield* started
      const second = yield* send(1)
      const keyed = yield* send(1, 1, "key")
      yield* TestClock.adjust(20_001)
      assert.include(String(yield* Fiber.await(first)), "not known yet")
      assert.isTrue(isUndoneBy(yield* Fiber.await(second), "not accepted in time"))
      assert.isFalse(isUndoneBy(yield* Fiber.await(keyed), ""), "something may have come of an earlier one")
      yield* end(0)
      const again = yield* send(1, 1, "key")
      assert.deepStrictEqual(yield* started, [[1], [1]])
      yield* end(1)
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(again)))
    })
  )

  it.effect("may be repeated with their key by whoever is just told that nothing came of them", () =>
    Effect.gen(function* () {
      const { end, endAll, repeating, send, started } = yield* make
      yield* send(1)
      yield* started
      const fiber = yield* repeating(1, "key")
      yield* started
      yield* TestClock.adjust(LIMITS.patienceMillis + 100)
      yield* end(0)
      yield* endAll
      assert.deepStrictEqual(yield* started, [[1], [1]])
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(fiber)))
    })
  )

  it.effect("with a key are not told in their caller's unit of work that nothing came of them", () =>
    Effect.gen(function* () {
      const layer = SendMessage.layerWith(LIMITS).pipe(
        Layer.provide([
          Layer.succeed(UnitOfWork, { run: (work) => work, isOpen: Effect.succeed(true), afterCommit: (task) => task }),
          Layer.succeed(AcceptGroup, { accept: () => Effect.die(refused) })
        ])
      )
      const sending = Context.get(yield* Layer.build(layer), SendMessage)
      const told = (idempotency?: IdempotencyKey) =>
        Effect.exit(sending.send(AccountId.make(1), [request], { idempotency }))
      assert.isTrue(isUndoneBy(yield* told(), "It was undone."))
      const repeated = yield* told({ key: "key", fingerprint: "" })
      assert.isFalse(isUndoneBy(repeated, ""))
      assert.include(String(repeated), "It was undone.")
    })
  )

  it.effect("of one account leave room for as many of others", () =>
    Effect.gen(function* () {
      const { endAll, send, started } = yield* makeWith({ ...LIMITS, besideSize: Infinity })
      yield* send(9)
      yield* started
      for (let i = 0; i < 5; i++) yield* send(1, 10)
      assert.include(String(yield* Fiber.await(yield* send(1))), "Too many messages are waiting")
      for (let i = 0; i < 25; i++) yield* send(2)
      assert.include(String(yield* Fiber.await(yield* send(2))), "Too many messages are waiting")
      const third = yield* send(3, 12)
      yield* started
      assert.isUndefined(third.pollUnsafe())
      yield* endAll
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(third)))
    })
  )

  it.effect("are not asked for once it is too late for them, while their group is taken apart", () =>
    Effect.gen(function* () {
      const { end, failing, send, started } = yield* make
      failing.add(0)
      yield* send(9)
      yield* started
      const fibers = [yield* send(1), yield* send(1)]
      yield* started
      failing.add(1)
      yield* end(0)
      yield* end(1)
      assert.deepStrictEqual(yield* started, [[9], [1, 1], [1]])
      yield* TestClock.adjust(LIMITS.patienceMillis + 1)
      yield* end(2)
      assert.deepStrictEqual(yield* started, [[9], [1, 1], [1]])
      assert.include(String(yield* Fiber.await(fibers[1] as (typeof fibers)[0])), "not")
    })
  )

  it.effect("begin though many before them were given up", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* make
      const first = yield* send(1)
      yield* started
      for (let i = 0; i < 5; i++) yield* send(1)
      yield* TestClock.adjust(15_000)
      const late = yield* send(1)
      yield* TestClock.adjust(5001)
      yield* end(0)
      assert.deepStrictEqual(yield* started, [[1], [1]])
      yield* end(1)
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(late)))
      assert.isTrue(Exit.isFailure(yield* Fiber.await(first)))
    })
  )

  it.effect("are told when the system closes before their turn", () =>
    Effect.gen(function* () {
      const waiting = yield* Effect.scoped(
        Effect.gen(function* () {
          const { end, send, started } = yield* make
          const first = yield* send(1)
          yield* started
          const second = yield* send(1)
          yield* started
          yield* Effect.forkDetach(Effect.andThen(Effect.sleep(10), end(0)))
          yield* Effect.forkDetach(TestClock.adjust(10))
          return { first, second }
        })
      )
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(waiting.first)))
      const told = yield* Fiber.await(waiting.second)
      assert.isTrue(Exit.isFailure(told) && String(told.cause).includes("shutting down"))
    })
  )

  it.effect("are told when their group was to begin while the system closed", () =>
    Effect.gen(function* () {
      const told = yield* Effect.scoped(
        Effect.gen(function* () {
          const { end, send, started } = yield* make
          yield* send(1)
          yield* started
          const second = yield* send(2)
          yield* started
          // Long enough for a group beside the first.
          const later = Effect.andThen(TestClock.adjust(LIMITS.slowMillis + 1), end(0))
          yield* Effect.forkDetach(Effect.andThen(started, later))
          return second
        })
      ).pipe(Effect.flatMap(Fiber.await))
      assert.isTrue(Exit.isFailure(told) && String(told.cause).includes("shutting down"))
    })
  )

  it.effect("are answered although one who waits with them fails by it", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* make
      const [first, second, third] = [yield* send(1), yield* send(2), yield* send(3)]
      let failed = 0
      second.addObserver(() => {
        failed++
        throw new Error("a bug of whoever waits")
      })
      assert.deepStrictEqual(yield* started, [[1, 2, 3]])
      yield* end(0)
      for (const fiber of [first, third]) assert.isTrue(Exit.isSuccess(yield* Fiber.await(fiber)))
      assert.strictEqual(failed, 1)
      yield* send(2)
      assert.deepStrictEqual((yield* started).at(-1), [2])
      yield* end(1)
    })
  )

  it.effect("are told so at once when they come later still", () =>
    Effect.gen(function* () {
      const { send } = yield* Effect.scoped(make)
      const told = yield* Fiber.await(yield* send(1))
      assert.isTrue(Exit.isFailure(told) && String(told.cause).includes("shutting down"))
    })
  )

  it.effect("are told while the store has the next group, or a moment later where that takes long to be decided", () =>
    Effect.gen(function* () {
      const { end, send, started, undecided } = yield* make
      undecided.add(2)
      const first = yield* send(1)
      assert.deepStrictEqual(yield* started, [[1]])
      const second = yield* send(1)
      yield* end(0)
      // Nobody has to move the clock.
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(first)))
      yield* send(1)
      yield* end(1)
      assert.deepStrictEqual(yield* started, [[1], [1], [1]])
      yield* TestClock.adjust(LIMITS.tellMillis - 1)
      assert.isUndefined(second.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(second)))
      yield* end(2)
    })
  )

  it.effect("are all told in their order, a few at a time", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* makeWith({ ...LIMITS, groupSize: 7, shareSize: 7, tellSize: 3 })
      const told: Array<number> = []
      const fibers = [yield* send(1)]
      yield* started
      for (let i = 1; i <= 7; i++) fibers.push(yield* send(1))
      fibers.forEach((fiber, i) => fiber.addObserver(() => told.push(i)))
      /** How many had been told whenever somebody else could do something. */
      const seen = new Set<number>()
      yield* Effect.forkChild(
        Effect.forever(
          Effect.andThen(
            Effect.sync(() => seen.add(told.length)),
            Effect.yieldNow
          )
        )
      )
      yield* end(0)
      yield* end(1)
      for (const fiber of fibers) assert.isTrue(Exit.isSuccess(yield* Fiber.await(fiber)))
      assert.deepStrictEqual(told, [0, 1, 2, 3, 4, 5, 6, 7])
      assert.isTrue([...seen].some((n) => n > 1 && n < 8))
    })
  )

  it.effect("are all told by a store that answers at once, however many wait", () =>
    Effect.gen(function* () {
      const { endAll, send, started } = yield* makeWith({ ...LIMITS, waiting: 20_000 })
      const first = yield* send(1)
      yield* started
      const others = yield* Effect.forEach(Array.from({ length: 10_000 }), () => send(1))
      yield* endAll
      for (const fiber of [first, ...others]) assert.isTrue(Exit.isSuccess(yield* Fiber.await(fiber)))
    })
  )

  it.effect("are told when the store throws", () =>
    Effect.gen(function* () {
      const { end, send, started, throwing } = yield* make
      throwing.add(0)
      assert.isTrue(Exit.isFailure(yield* Fiber.await(yield* send(1))))
      const next = yield* send(1)
      yield* started
      yield* end(1)
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(next)))
    })
  )

  it.effect("have a patience of their own each, whoever is answered before them", () =>
    Effect.gen(function* () {
      const { end, send, started } = yield* make
      const first = yield* send(1)
      yield* started
      yield* TestClock.adjust(5000)
      const second = yield* send(1)
      yield* TestClock.adjust(5000)
      const third = yield* send(1)
      yield* end(0)
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(first)))
      yield* TestClock.adjust(14_999)
      assert.isUndefined(second.pollUnsafe())
      yield* TestClock.adjust(1)
      const told = yield* Fiber.await(second)
      assert.isTrue(Exit.isFailure(told) && String(told.cause).includes("not known"))
      yield* TestClock.adjust(4999)
      assert.isUndefined(third.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.isTrue(Exit.isFailure(yield* Fiber.await(third)))
      yield* end(1)
    })
  )
})
