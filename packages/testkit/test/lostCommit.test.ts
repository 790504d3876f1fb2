/** A claim whose commit is not heard of: what it leased was given to no carrier, so it must not end as unknown. */
import {
  AccountId,
  Carriers,
  Dispatch,
  E164,
  LEASE_MILLIS,
  layerMemory,
  Micros,
  Notifier,
  NumberId,
  RateDeck,
  Sms,
  Unavailable,
  UnitOfWork
} from "@cliqtel/sms-core"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { bodyOf, makeFakeCarrier } from "../src/index.ts"

const ACCOUNT = AccountId.make(1)
const NUMBER = NumberId.make(1)

const unheard = (undone: boolean) => new Unavailable({ message: "The connection broke.", retryAfterMillis: 0, undone })

/** What becomes of the next units of work, in their order; those after them are as usual. */
type Fate = "commits unheard" | "is undone unheard" | "cannot begin"

const withFates = (fates: Array<Fate>) =>
  Layer.effect(
    UnitOfWork,
    Effect.map(UnitOfWork, (unit) =>
      UnitOfWork.of({
        ...unit,
        run: (work) =>
          Effect.suspend(() => {
            switch (fates.shift()) {
              case "commits unheard":
                return Effect.andThen(unit.run(work), Effect.die(unheard(false)))
              case "is undone unheard":
                return unit.run(Effect.andThen(work, Effect.die(unheard(false))))
              case "cannot begin":
                return Effect.die(unheard(true))
              default:
                return unit.run(work)
            }
          })
      })
    )
  )

const carrier = makeFakeCarrier()

/** A message is sent, then claimed under these fates. */
const claimed = (fates: ReadonlyArray<Fate>, passes = 0) => {
  const coming: Array<Fate> = []
  const program = Effect.gen(function* () {
    const sms = yield* Sms
    const dispatch = yield* Dispatch
    const { message } = yield* sms.send(ACCOUNT, { fromNumberId: NUMBER, to: "+31612345678", body: bodyOf(1) })
    coming.push(...fates)
    const claiming = yield* Effect.forkChild(dispatch.claim(carrier.name, 10), { startImmediately: true })
    yield* TestClock.adjust(passes)
    const exit = yield* Fiber.await(claiming)
    coming.length = 0
    const { message: after, timeline } = yield* sms.message({ accountId: ACCOUNT, id: message.id })
    return {
      message,
      exit,
      status: after.status,
      entries: timeline.length,
      again: yield* dispatch.claim(carrier.name, 10)
    }
  })
  const storage = layerMemory({
    accounts: [{ id: ACCOUNT, balance: Micros.make(1_000_000n) }],
    numbers: [{ id: NUMBER, accountId: ACCOUNT, number: E164.make("+31201234567"), carrier: carrier.name }]
  })
  const layer = Sms.layerUseCases.pipe(
    Layer.provide([RateDeck.layerMemory, Notifier.layerMemory(), Carriers.layer([carrier])]),
    Layer.provide(withFates(coming)),
    Layer.provide(storage)
  )
  return Effect.provide(program, layer)
}

it.effect("was committed: it is handed out, once the store can say so", () =>
  Effect.gen(function* () {
    const { again, entries, exit, message, status } = yield* claimed(
      ["commits unheard", "cannot begin", "cannot begin"],
      5000
    )
    assert.isTrue(Exit.isSuccess(exit))
    if (Exit.isSuccess(exit))
      assert.deepStrictEqual(
        exit.value.map((one) => one.message.id),
        [message.id]
      )
    assert.deepStrictEqual({ status, entries, again }, { status: "sending", entries: 2, again: [] })
  })
)

it.effect("was not: nothing is handed out, and the next claim finds it", () =>
  Effect.gen(function* () {
    const { again, exit, message, status } = yield* claimed(["is undone unheard"])
    assert.isTrue(Exit.isSuccess(exit) && exit.value.length === 0)
    assert.strictEqual(status, "queued")
    assert.deepStrictEqual(
      again.map((one) => one.message.id),
      [message.id]
    )
  })
)

it.effect("stays unheard until the lease is nearly over: then nothing is handed out any more", () =>
  Effect.gen(function* () {
    const away = Array.from({ length: 200 }, (): Fate => "cannot begin")
    const { exit } = yield* claimed(["commits unheard", ...away], LEASE_MILLIS)
    assert.isTrue(Exit.isFailure(exit) && String(exit.cause).includes("The connection broke."))
  })
)
