/** What every `Wallet` must do. */
import {
  AccountId,
  atOnce,
  Currency,
  EUR,
  type LedgerEntry,
  type LedgerLine,
  Micros,
  money,
  pays,
  UnitOfWork,
  Wallet
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import fc from "fast-check"
import { Fixture } from "./Fixture.ts"
import { ATONCE, dies, forAll, LAYER_OPTIONS, type SuiteOptions } from "./suite.ts"

const AT = 1_790_000_000_123

const line = (
  accountId: AccountId,
  reference: string,
  micros: bigint,
  given: Partial<LedgerLine> = {}
): LedgerLine => ({
  accountId,
  kind: micros < 0n ? "sms_charge" : "top_up",
  amount: money(micros, EUR),
  reference,
  at: AT,
  ...given
})

const lineOf = ({ accountId, amount, at, kind, reference }: LedgerEntry): LedgerLine => ({
  accountId,
  kind,
  amount,
  reference,
  at
})

const everything = { limit: 10_000 }

export const walletSuite = <E>(
  name: string,
  ports: Layer.Layer<Wallet | UnitOfWork | Fixture, E>,
  { runs = 50 }: SuiteOptions = {}
) =>
  layer(ports, LAYER_OPTIONS)(`Wallet (${name})`, (it) => {
    const open = (balance: bigint) => Fixture.use((fixture) => fixture.account({ balance: Micros.make(balance) }))

    it.effect("books lines and shows them, newest first", () =>
      Effect.gen(function* () {
        const wallet = yield* Wallet
        const account = yield* open(0n)
        yield* wallet.post([line(account, "one", 100n), line(account, "two", -30n)])
        yield* wallet.post([line(account, "three", 5n)])

        assert.deepStrictEqual(yield* wallet.balance(account), money(75n, EUR))
        const entries = yield* wallet.entries(account, everything)
        assert.deepStrictEqual(entries.map(lineOf), [
          line(account, "three", 5n),
          line(account, "two", -30n),
          line(account, "one", 100n)
        ])
        assert.strictEqual(new Set(entries.map(({ id }) => id)).size, 3)
        assert.deepStrictEqual(
          entries.map((entry) => entry.balanceAfter.micros),
          [75n, 70n, 100n]
        )
      })
    )

    it.effect("books a step once, whatever repeats it", () =>
      Effect.gen(function* () {
        const wallet = yield* Wallet
        const account = yield* open(0n)
        const other = yield* open(0n)
        const step = line(account, "message:1", 10n)
        yield* wallet.post([step, step])
        yield* wallet.post([line(account, "message:2", 1n), step])
        yield* Effect.all(
          Array.from({ length: 10 }, () => wallet.post([step])),
          ATONCE
        )
        assert.deepStrictEqual(yield* wallet.balance(account), money(11n, EUR))

        yield* wallet.post([
          { ...step, kind: "sms_refund" },
          { ...step, accountId: other }
        ])
        assert.deepStrictEqual(yield* wallet.balance(account), money(21n, EUR), "another kind is another step")
        assert.deepStrictEqual(yield* wallet.balance(other), money(10n, EUR), "another account's is another step")
      })
    )

    it.effect("has a balance that is the sum of its lines, and running balances that form a chain", () =>
      forAll(batches, runs, (posted) =>
        Effect.gen(function* () {
          const wallet = yield* Wallet
          const accounts = [yield* open(1000n), yield* open(1000n)] as const
          for (const batch of posted) {
            yield* wallet.post(
              batch.map(({ micros, reference, which }) => line(accounts[which], `${reference}`, micros))
            )
          }
          for (const [which, account] of accounts.entries()) {
            const oldestFirst = (yield* wallet.entries(account, everything)).toReversed()
            let balance = 0n
            for (const entry of oldestFirst) {
              balance += entry.amount.micros
              assert.strictEqual(entry.balanceAfter.micros, balance)
            }
            assert.deepStrictEqual(yield* wallet.balance(account), money(balance, EUR))
            assert.deepStrictEqual(
              oldestFirst.slice(1).map((entry): Booked => [entry.kind, entry.reference, entry.amount.micros]),
              firstOfEach(posted.flat().filter((one) => one.which === which))
            )
          }
        })
      )
    )

    it.effect("books all lines of a call or none", () =>
      Effect.gen(function* () {
        const wallet = yield* Wallet
        const account = yield* open(10n)
        const nobody = AccountId.make(Number.MAX_SAFE_INTEGER)
        const USD = Currency.make("USD")
        const refused: ReadonlyArray<LedgerLine> = [
          line(account, "too much", -16n),
          line(nobody, "no wallet", 1n),
          line(account, "no such currency", 1n, { amount: money(1n, USD) })
        ]
        for (const one of refused) {
          assert.isTrue(
            yield* dies(wallet.post([line(account, "before", 5n), one, line(account, "after", 5n)])),
            one.reference
          )
          assert.deepStrictEqual(yield* wallet.balance(account), money(10n, EUR), one.reference)
          assert.lengthOf(yield* wallet.entries(account, everything), 1, one.reference)
        }
      })
    )

    it.effect("finds a step by its reference, under its own account and kind alone", () =>
      Effect.gen(function* () {
        const wallet = yield* Wallet
        const [account, other] = [yield* open(0n), yield* open(0n)]
        yield* wallet.post([line(account, "one", 100n), line(account, "two", 5n), line(other, "three", 1n)])
        const found = yield* wallet.booked(account, "top_up", "one")
        assert.deepStrictEqual(found && lineOf(found), line(account, "one", 100n))
        assert.deepStrictEqual(found?.balanceAfter, money(100n, EUR))
        assert.isUndefined(yield* wallet.booked(account, "sms_charge", "one"))
        assert.isUndefined(yield* wallet.booked(account, "top_up", "three"))
      })
    )

    it.effect("pages through the entries of one account", () =>
      Effect.gen(function* () {
        const wallet = yield* Wallet
        const account = yield* open(0n)
        const other = yield* open(7n)
        for (let i = 1; i <= 7; i++) yield* wallet.post([line(account, `${i}`, 1n), line(other, `${i}`, 1n)])

        const seen: Array<string> = []
        let page = yield* wallet.entries(account, { limit: 3 })
        while (page.length > 0) {
          assert.isAtMost(page.length, 3)
          seen.push(...page.map((entry) => entry.reference))
          page = yield* wallet.entries(account, { limit: 3, before: page.at(-1)?.id })
        }
        assert.deepStrictEqual(seen, ["7", "6", "5", "4", "3", "2", "1"])
      })
    )

    it.effect("knows no account that was never opened", () =>
      Effect.gen(function* () {
        const wallet = yield* Wallet
        const nobody = AccountId.make(Number.MAX_SAFE_INTEGER)
        assert.isUndefined(yield* wallet.balance(nobody))
        assert.deepStrictEqual(yield* wallet.entries(nobody, everything), [])
        assert.strictEqual((yield* wallet.lock([nobody])).size, 0)
        assert.strictEqual((yield* wallet.lockSoon([nobody], 1000)).size, 0)
        assert.strictEqual((yield* wallet.lockFree([nobody])).size, 0)
      })
    )

    it.effect("holds the same wallets, with or without patience, where nobody else holds them", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const wallet = yield* Wallet
        const accounts = [yield* open(5n), yield* open(7n)]
        const ways = [wallet.lock(accounts), wallet.lockFree(accounts), wallet.lockSoon(accounts, 10_000)]
        for (const way of ways) {
          const held = yield* unit.run(way)
          assert.deepStrictEqual(
            accounts.map((account) => Number(held.get(account)?.balance)),
            [5, 7]
          )
        }
      })
    )

    it.effect("pays for exactly as many messages as there are funds, however many ask at once", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const wallet = yield* Wallet
        const account = yield* open(50n)
        const buy = (i: number) =>
          unit.run(
            Effect.gen(function* () {
              const held = (yield* wallet.lock([account])).get(account)
              assert.strictEqual(held?.currency, EUR)
              yield* Effect.yieldNow
              if (held === undefined || !pays(held.balance, Micros.make(10n))) return false
              yield* wallet.post([line(account, `${i}`, -10n)])
              return true
            })
          )
        const bought = yield* Effect.all(
          Array.from({ length: 40 }, (_, i) => buy(i)),
          ATONCE
        )
        assert.lengthOf(bought.filter(Boolean), 5)
        assert.deepStrictEqual(yield* wallet.balance(account), money(0n, EUR))
      })
    )

    it.effect("holds a wallet before it answers what was asked for at the same moment", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const wallet = yield* Wallet
        const account = yield* open(0n)
        const add = (lock: typeof wallet.lock, i: number) =>
          unit.run(
            Effect.gen(function* () {
              const [held, read] = yield* atOnce([lock([account]), wallet.balance(account)])
              assert.strictEqual(read?.micros, held.get(account)?.balance)
              yield* wallet.post([line(account, `${i}`, 1n)])
            })
          )
        const soon: typeof wallet.lock = (accounts) => Effect.orDie(wallet.lockSoon(accounts, 10_000))
        yield* Effect.all(
          Array.from({ length: 40 }, (_, i) => add(i % 2 === 0 ? wallet.lock : soon, i)),
          ATONCE
        )
        assert.deepStrictEqual(yield* wallet.balance(account), money(40n, EUR))
      })
    )

    it.effect("locks wallets in one order, whatever order they are named in", () =>
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const wallet = yield* Wallet
        const [one, two] = [yield* open(0n), yield* open(0n)]
        const transfer = (from: AccountId, to: AccountId, i: number) =>
          unit.run(
            Effect.gen(function* () {
              const held = yield* i % 4 < 2 ? wallet.lock([from, to]) : wallet.lockSoon([from, to], 10_000)
              assert.strictEqual(held.size, 2)
              yield* Effect.yieldNow
              yield* wallet.post([line(to, `${from} to ${to}: ${i}`, 1n)])
            })
          )
        yield* Effect.all(
          Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? transfer(one, two, i) : transfer(two, one, i))),
          ATONCE
        )
        assert.deepStrictEqual(yield* wallet.balance(one), money(10n, EUR))
        assert.deepStrictEqual(yield* wallet.balance(two), money(10n, EUR))
      })
    )
  })

interface Posted {
  readonly which: 0 | 1
  readonly reference: number
  readonly micros: bigint
}

/** Few references, so that many repeat; small charges, so that none overdraws. */
const batches = fc.array(
  fc.array(
    fc.record<Posted>({
      which: fc.constantFrom(0, 1),
      reference: fc.integer({ min: 1, max: 8 }),
      micros: fc.bigInt(-10n, 50n).filter((micros) => micros !== 0n)
    }),
    { minLength: 1, maxLength: 8 }
  ),
  { minLength: 1, maxLength: 6 }
)

type Booked = readonly [kind: string, reference: string, micros: bigint]

const firstOfEach = (posted: ReadonlyArray<Posted>) => {
  const steps = new Map<string, Booked>()
  for (const { micros, reference } of posted) {
    const kind = micros < 0n ? "sms_charge" : "top_up"
    const name = `${kind} ${reference}`
    if (!steps.has(name)) steps.set(name, [kind, `${reference}`, micros])
  }
  return [...steps.values()]
}
