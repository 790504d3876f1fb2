/** A caller that goes away at any moment leaves nothing half done, and its key to whoever comes next. */
import { AccountId, Carriers, E164, layerMemory, Micros, Notifier, NumberId, RateDeck, Sms } from "@cliqtel/sms-core"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Scheduler } from "effect"
import { bodyOf, makeFakeCarrier } from "../src/index.ts"

const ACCOUNT = AccountId.make(1)
const NUMBER = NumberId.make(1)

const layer = Sms.layerUseCases.pipe(
  Layer.provide([Carriers.layer([makeFakeCarrier()]), RateDeck.layerMemory, Notifier.layerMemory()]),
  Layer.provideMerge(
    layerMemory({
      accounts: [{ id: ACCOUNT, balance: Micros.make(1_000_000n), perSecond: 1000 }],
      numbers: [{ id: NUMBER, accountId: ACCOUNT, number: E164.make("+31201234567"), carrier: "fake" }]
    })
  )
)

const STEPS = 120

it.effect("a key whose caller was interrupted, after however many steps, is answered when it comes again", () =>
  Effect.gen(function* () {
    const sms = yield* Sms
    const send = (key: string) =>
      sms.send(
        ACCOUNT,
        { fromNumberId: NUMBER, to: "+31612345678", body: bodyOf(1) },
        {
          idempotency: { key, fingerprint: "f" }
        }
      )
    let interrupted = 0
    for (let steps = 0; steps < STEPS; steps++) {
      const key = `key ${steps}`
      const operations = 2 + (steps % 4)
      const caller = yield* Effect.forkChild(Effect.provideService(send(key), Scheduler.MaxOpsBeforeYield, operations))
      for (let i = 0; i < steps / 4; i++) yield* Effect.yieldNow
      if (caller.pollUnsafe() === undefined) interrupted++
      yield* Fiber.interrupt(caller)
      yield* Effect.repeat(Effect.yieldNow, { times: 200 })
      yield* send(key)
    }
    assert.isAbove(interrupted, 5)
    const { messages } = yield* sms.messages(ACCOUNT, { limit: 1000 })
    assert.lengthOf(messages, STEPS)
  }).pipe(Effect.provide(layer))
)
