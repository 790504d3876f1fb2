/** What a group reads beside its locks may be a moment older than they are. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { AccountId, NumberId } from "../../src/Account.ts"
import { layerMemory } from "../../src/memory/layerMemory.ts"
import { Body } from "../../src/Message.ts"
import { Micros } from "../../src/Money.ts"
import { Notifier } from "../../src/notify/Notifier.ts"
import { NumberRegistry } from "../../src/number/NumberRegistry.ts"
import { E164 } from "../../src/PhoneNumber.ts"
import { RateDeck } from "../../src/price/RateDeck.ts"
import { gsm7 } from "../../src/segment/Alphabet.ts"
import { AcceptGroup } from "../../src/send/AcceptGroup.ts"
import { Carriers } from "../../src/send/Carrier.ts"
import { DispatchQueue } from "../../src/send/DispatchQueue.ts"
import { Wakeups } from "../../src/send/Wakeups.ts"

const ids = [1, 2]

const ports = layerMemory({
  accounts: ids.map((id) => ({ id: AccountId.make(id), balance: Micros.make(1_000_000n) })),
  numbers: ids.map((id) => ({
    id: NumberId.make(id),
    accountId: AccountId.make(id),
    number: E164.make(`+3161234500${id}`),
    carrier: "fake"
  }))
})

/** Numbers as they were before they got their messaging profiles, for who looks for the first time. */
const outdated = Layer.effect(
  NumberRegistry,
  Effect.map(NumberRegistry, (numbers) => {
    let looks = 0
    return {
      ...numbers,
      find: (keys) =>
        Effect.map(numbers.find(keys), (found) =>
          looks++ === 0 ? found.map((one) => ({ ...one, profileAssigned: false })) : found
        )
    }
  })
)

const carrier = {
  name: "fake",
  profile: {
    alphabet: gsm7,
    maxParts: 10,
    idempotentSubmits: false,
    respellsIds: false,
    simulated: false,
    window: 10
  },
  submit: () => Effect.die("nothing is submitted"),
  listen: () => Effect.never
}

it.effect("holds back no message of a number that has got its profile meanwhile", () =>
  Effect.gen(function* () {
    const { accept } = yield* AcceptGroup
    const jobs = ids.map((id) => ({
      accountId: AccountId.make(id),
      requests: [{ fromNumberId: NumberId.make(id), to: "+31612345678", body: Body.make("Hi") }],
      idempotency: undefined
    }))
    yield* accept(jobs, false)
    const claimed = yield* DispatchQueue.use((queue) => queue.claim("fake", 10, 60_000))
    assert.lengthOf(claimed, jobs.length)
  }).pipe(
    Effect.provide(
      AcceptGroup.layer.pipe(
        Layer.provide([Notifier.layerMemory(), Carriers.layer([carrier]), Wakeups.layer, RateDeck.layerMemory]),
        Layer.provide(outdated),
        Layer.provideMerge(ports)
      )
    )
  )
)
