/** What a group reads beside its locks may be a moment older than they are. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Result } from "effect"
import { AccountId, NumberId } from "../../src/Account.ts"
import { layerMemory } from "../../src/memory/layerMemory.ts"
import { Body } from "../../src/Message.ts"
import { Micros } from "../../src/Money.ts"
import { Notifier } from "../../src/notify/Notifier.ts"
import { NumberRegistry, type OwnedNumber } from "../../src/number/NumberRegistry.ts"
import { E164 } from "../../src/PhoneNumber.ts"
import { RateDeck } from "../../src/price/RateDeck.ts"
import { gsm7 } from "../../src/segment/Alphabet.ts"
import { AcceptGroup } from "../../src/send/AcceptGroup.ts"
import { Carriers } from "../../src/send/Carrier.ts"
import { DispatchQueue } from "../../src/send/DispatchQueue.ts"
import { Wakeups } from "../../src/send/Wakeups.ts"
import { Unavailable } from "../../src/UnitOfWork.ts"
import { Wallet } from "../../src/wallet/Wallet.ts"

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

/** Numbers that look otherwise to who looks for the first time, or to who looks again. */
const numbersThat = (change: (number: OwnedNumber, isFirstLook: boolean) => OwnedNumber) =>
  Layer.effect(
    NumberRegistry,
    Effect.map(NumberRegistry, (numbers) => {
      let looks = 0
      return {
        ...numbers,
        find: (keys) =>
          Effect.map(numbers.find(keys), (found) => {
            const isFirstLook = looks++ === 0
            return found.map((one) => change(one, isFirstLook))
          })
      }
    })
  )

const outdated = numbersThat((one, isFirstLook) => (isFirstLook ? { ...one, profileAssigned: false } : one))

const switchedOff = numbersThat((one, isFirstLook) =>
  isFirstLook ? one : { ...one, sms: { ...one.sms, state: "off" } }
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

const jobs = ids.map((id) => ({
  accountId: AccountId.make(id),
  requests: [{ fromNumberId: NumberId.make(id), to: "+31612345678", body: Body.make("Hi") }],
  idempotency: undefined
}))

it.effect("holds back no message of a number that has got its profile meanwhile", () =>
  Effect.gen(function* () {
    const { accept } = yield* AcceptGroup
    yield* accept(jobs, "briefly")
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

/** One that somebody may hold, by what is left of `lockSoon`. */
const walletThat = (change: (wallet: Wallet["Service"]) => Partial<Wallet["Service"]>) =>
  Layer.effect(
    Wallet,
    Effect.map(Wallet, (wallet) => ({ ...wallet, ...change(wallet) }))
  )

const acceptedWith = <E>(changed: Layer.Layer<Wallet | NumberRegistry, E, Wallet | NumberRegistry>) =>
  AcceptGroup.use(({ accept }) => accept(jobs, "briefly")).pipe(
    Effect.provide(
      AcceptGroup.layer.pipe(
        Layer.provide([Notifier.layerMemory(), Carriers.layer([carrier]), Wakeups.layer, RateDeck.layerMemory]),
        Layer.provide(changed),
        Layer.provideMerge(ports)
      )
    )
  )

it.effect("decides on what is so once it holds the wallets that it has waited for", () =>
  Effect.gen(function* () {
    for (const hasWaited of [true, false]) {
      const waiting = walletThat((wallet) => ({
        lockSoon: (accounts) => Effect.map(wallet.lock(accounts), (wallets) => ({ wallets, hasWaited }))
      }))
      const exits = yield* acceptedWith(Layer.merge(waiting, switchedOff))
      for (const exit of exits) {
        const results = exit !== undefined && Exit.isSuccess(exit) ? exit.value.results : []
        assert.deepStrictEqual(results.map(Result.isFailure), [hasWaited])
      }
    }
  })
)

it.effect("leaves those whose wallet was waited for in vain, and accepts the others in one unit of work", () =>
  Effect.gen(function* () {
    let times = 0
    const held = walletThat((wallet) => ({
      lockSoon: () => Effect.die(new Unavailable({ message: "held", retryAfterMillis: 1, undone: true })),
      lockFree: (accounts) =>
        Effect.suspend(() => {
          times++
          assert.lengthOf(accounts, jobs.length)
          return wallet.lockFree(accounts.slice(1))
        })
    }))
    const [first, second] = yield* acceptedWith(Layer.merge(held, Layer.effect(NumberRegistry, NumberRegistry)))
    assert.isUndefined(first)
    assert.isTrue(second !== undefined && Exit.isSuccess(second) && second.value.results.every(Result.isSuccess))
    assert.strictEqual(times, 1)
  })
)

it.effect("does not try again what fails by something else", () =>
  Effect.gen(function* () {
    const failure = new Unavailable({ message: "no numbers", retryAfterMillis: 1, undone: true })
    let times = 0
    const failing = Layer.effect(
      NumberRegistry,
      Effect.map(NumberRegistry, (numbers) => ({
        ...numbers,
        find: () =>
          Effect.suspend(() => {
            times++
            return Effect.die(failure)
          })
      }))
    )
    const exit = yield* Effect.exit(acceptedWith(Layer.merge(Layer.effect(Wallet, Wallet), failing)))
    assert.deepStrictEqual(exit, Exit.die(failure))
    assert.strictEqual(times, 1)
  })
)
