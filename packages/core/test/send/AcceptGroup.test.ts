/** How a group goes on where others hold wallets, keys or numbers. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { AccountId, NumberId } from "../../src/Account.ts"
import { Idempotency } from "../../src/Idempotency.ts"
import { layerMemory } from "../../src/memory/layerMemory.ts"
import { Body } from "../../src/Message.ts"
import { Micros } from "../../src/Money.ts"
import { Notifier } from "../../src/notify/Notifier.ts"
import { NumberRegistry } from "../../src/number/NumberRegistry.ts"
import { E164 } from "../../src/PhoneNumber.ts"
import { RateDeck } from "../../src/price/RateDeck.ts"
import { gsm7 } from "../../src/segment/Alphabet.ts"
import { AcceptGroup, type Job } from "../../src/send/AcceptGroup.ts"
import { Carriers, type CarrierShape } from "../../src/send/Carrier.ts"
import { Wakeups } from "../../src/send/Wakeups.ts"
import { Unavailable, UnitOfWork } from "../../src/UnitOfWork.ts"
import { Wallet, WalletHeld } from "../../src/wallet/Wallet.ts"

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

const carrier: CarrierShape = {
  name: "fake",
  profile: {
    alphabet: gsm7,
    maxParts: 10,
    idempotentSubmits: false,
    receiptIds: "as_answered",
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

/** One that somebody may hold. */
const walletThat = (change: (wallet: Wallet["Service"]) => Partial<Wallet["Service"]>) =>
  Layer.effect(
    Wallet,
    Effect.map(Wallet, (wallet) => ({ ...wallet, ...change(wallet) }))
  )

const groupWith = <P extends Wallet | NumberRegistry | Idempotency | UnitOfWork, E>(changed: Layer.Layer<P, E, P>) =>
  AcceptGroup.layer.pipe(
    Layer.provide([Notifier.layerMemory(), Carriers.layer([carrier]), Wakeups.layer, RateDeck.layerMemory]),
    Layer.provide(changed),
    Layer.provideMerge(ports)
  )

const acceptedWith = <P extends Wallet | NumberRegistry | Idempotency, E>(
  changed: Layer.Layer<P, E, P>,
  asked: ReadonlyArray<Job> = jobs
) => AcceptGroup.use(({ accept }) => accept(asked, "briefly")).pipe(Effect.provide(groupWith(changed)))

const heldFirst = (looks: { count: number }) =>
  walletThat((wallet) => ({
    lockSoon: () => new WalletHeld(),
    lockFree: (accounts) =>
      Effect.suspend(() => {
        looks.count++
        return wallet.lockFree(accounts.filter((id) => id !== jobs[0]?.accountId))
      })
  }))

it.effect("leaves those whose wallet was waited for in vain, and accepts the others in one unit of work", () =>
  Effect.gen(function* () {
    const looks = { count: 0 }
    const [first, second] = yield* acceptedWith(heldFirst(looks))
    assert.isUndefined(first)
    assert.isTrue(second !== undefined && Exit.isSuccess(second) && second.value.results.every(Result.isSuccess))
    assert.strictEqual(looks.count, 1)
  })
)

it.effect("leaves one account whose wallet was waited for in vain at that", () =>
  Effect.gen(function* () {
    const looks = { count: 0 }
    assert.deepStrictEqual(yield* acceptedWith(heldFirst(looks), jobs.slice(0, 1)), [undefined])
    assert.strictEqual(looks.count, 0)
  })
)

it.effect("takes no key of an account whose wallet it does not hold", () =>
  Effect.gen(function* () {
    const keyed = jobs.map((job) => ({ ...job, idempotency: { key: "k", fingerprint: "f" } }))
    const claimed: Array<number> = []
    const keys = Layer.effect(
      Idempotency,
      Effect.map(Idempotency, (idempotency) => ({
        ...idempotency,
        claim: (claims) => {
          claimed.push(...claims.map(({ accountId }) => Number(accountId)))
          return idempotency.claim(claims)
        }
      }))
    )
    const exits = yield* acceptedWith(Layer.merge(heldFirst({ count: 0 }), keys), keyed)
    assert.deepStrictEqual(
      exits.map((exit) => exit?._tag),
      [undefined, "Success"]
    )
    assert.deepStrictEqual(claimed, [2])
  })
)

it.effect("leaves what it is too late for, and frees its key", () =>
  Effect.gen(function* () {
    const [late, other] = jobs.map((job) => ({ ...job, idempotency: { key: "k", fingerprint: "f" } }))
    assert.isDefined(late)
    assert.isDefined(other)
    yield* Effect.gen(function* () {
      const { accept } = yield* AcceptGroup
      const first = yield* accept([{ ...late, until: -1 }, other], "briefly")
      const again = yield* accept([late, other], "briefly")
      assert.deepStrictEqual(
        [...first, ...again].map((exit) => exit && Exit.isSuccess(exit) && exit.value.replayed),
        [undefined, false, false, true]
      )
    }).pipe(Effect.provide(groupWith(Layer.effect(Wallet, Wallet))))
  })
)

it.effect("waits for wallets as long as it held its own, and half a second at most", () =>
  Effect.gen(function* () {
    const waited: Array<number> = []
    let commit = 0
    const patient = walletThat((wallet) => ({
      lockSoon: (accounts, patienceMillis) => {
        waited.push(patienceMillis)
        return wallet.lockSoon(accounts, patienceMillis)
      }
    }))
    const slow = Layer.effect(
      UnitOfWork,
      Effect.map(UnitOfWork, (unit) => ({
        ...unit,
        run: (work) => Effect.tap(unit.run(work), () => TestClock.adjust(commit))
      }))
    )
    yield* Effect.gen(function* () {
      const { accept } = yield* AcceptGroup
      for (commit of [0, 100, 1000]) yield* accept(jobs, "briefly")
      commit = 0
      const late = jobs.map((job) => ({ ...job, until: -1 }))
      // One that stores nothing tells nothing.
      for (const asked of [late, jobs, jobs]) yield* accept(asked, "briefly")
    }).pipe(Effect.provide(groupWith(Layer.merge(patient, slow))))
    assert.deepStrictEqual(waited, [50, 50, 300, 500, 500, 50])
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
    const exit = yield* Effect.exit(acceptedWith(failing))
    assert.deepStrictEqual(exit, Exit.die(failure))
    assert.strictEqual(times, 1)
  })
)
