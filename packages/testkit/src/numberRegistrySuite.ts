/** What every `NumberRegistry` must do. */
import {
  type AccountId,
  Body,
  CountryCode,
  E164,
  EUR,
  type NewNumber,
  Micros,
  money,
  NumberId,
  NumberRegistry,
  type NumberStatus,
  type OwnedNumber,
  type RenewalLease,
  UnitOfWork
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Result } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, LAYER_OPTIONS } from "./suite.ts"

export const numberRegistrySuite = <E>(name: string, ports: Layer.Layer<NumberRegistry | UnitOfWork | Fixture, E>) =>
  layer(ports, LAYER_OPTIONS)(`NumberRegistry (${name})`, (it) => {
    it.effect("gives back what was added", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const { number } = yield* Fixture.use((fixture) => Effect.flatMap(open, (account) => fixture.number(account)))
        const accountId = yield* open
        const taken: NewNumber = {
          accountId,
          number,
          country: CountryCode.make("DE"),
          type: "toll_free",
          status: "pending_verification",
          carrier: "acme",
          monthlyPrice: money(1_500_000n, EUR),
          inactiveSince: 1_790_000_000_001,
          sms: {
            state: "past_due",
            monthlyPrice: money(750_000n, EUR),
            anchor: 1_780_000_000_456,
            paidUntil: 1_790_000_000_123,
            pastDueSince: 1_790_000_000_789,
            dueAt: 1_790_086_400_789
          },
          profileAssigned: false
        }
        assert.strictEqual((yield* Effect.flip(registry.add(taken)))._tag, "NumberTaken")

        const free = { ...taken, number: E164.make(`+999${String(accountId).padStart(10, "0")}`) }
        const added = yield* registry.add(free)
        const { id, ...given } = added
        assert.deepStrictEqual(given, { ...free, lastInboundAt: null, helpText: null })
        assert.deepStrictEqual(yield* registry.find([{ accountId, id }]), [added])
        assert.deepStrictEqual(yield* registry.list(accountId), [added])
        assert.strictEqual(yield* registry.ownerOf(id), accountId)
        assert.isUndefined(yield* registry.ownerOf(NumberId.make(Number.MAX_SAFE_INTEGER)))
        const nobodys = E164.make(`+9991${String(accountId).padStart(9, "0")}`)
        assert.deepStrictEqual(new Set(yield* registry.owned([nobodys, free.number])), new Set([free.number]))
        assert.strictEqual((yield* registry.owned([])).size, 0)
        assert.deepStrictEqual(yield* registry.byNumbers([nobodys, free.number]), [added])
        assert.deepStrictEqual(yield* registry.byNumbers([]), [])
      })
    )

    it.effect("finds numbers under their own account alone, and lists them by id", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const fixture = yield* Fixture
        const [one, two] = [yield* open, yield* open]
        const mine: Array<OwnedNumber> = []
        for (let i = 0; i < 4; i++) {
          mine.push(yield* fixture.number(one))
          yield* fixture.number(two)
        }
        const keys = mine.map(({ accountId, id }) => ({ accountId, id }))
        assert.sameDeepMembers([...(yield* registry.find(keys.toReversed()))], mine)
        assert.deepStrictEqual(yield* registry.find(keys.map(({ id }) => ({ accountId: two, id }))), [])
        const unknown = NumberId.make(Number.MAX_SAFE_INTEGER)
        assert.deepStrictEqual(yield* registry.find([{ accountId: one, id: unknown }]), [])
        assert.deepStrictEqual(
          yield* registry.list(one),
          mine.toSorted((a, b) => a.id - b.id)
        )
        assert.deepStrictEqual(yield* registry.list(yield* open), [])
      })
    )

    it.effect("notes when a number received something last, and what it answers for help", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const fixture = yield* Fixture
        const [accountId, other] = [yield* open, yield* open]
        const [number, silent] = [yield* fixture.number(accountId), yield* fixture.number(accountId)]
        const { id } = number
        yield* registry.noteInbound([{ accountId: other, id }, number, number], 1_790_000_000_123)
        yield* registry.noteInbound([number], 1_790_000_000_001)
        const text = Body.make("Write to help@example.com")
        const lastInboundAt = 1_790_000_000_123
        const helped = yield* registry.setHelpText({ accountId, id }, text)
        assert.deepStrictEqual(helped, { ...number, lastInboundAt, helpText: text })
        const foreign = yield* Effect.flip(registry.setHelpText({ accountId: other, id }, null))
        assert.strictEqual(foreign._tag, "NumberNotFound")
        yield* registry.save([{ ...helped, lastInboundAt: null, helpText: null }])
        assert.deepStrictEqual(yield* registry.list(accountId), [helped, silent])
        assert.isNull((yield* registry.setHelpText(number, null)).helpText)
      })
    )

    it.effect("gives a number to one of those who want it at once", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const fixture = yield* Fixture
        const accountId = yield* open
        const { helpText: _, id: __, lastInboundAt: ___, ...sample } = yield* fixture.number(accountId)
        const number = E164.make(`+998${String(accountId).padStart(10, "0")}`)
        const added = yield* Effect.all(
          Array.from({ length: 8 }, () => Effect.result(registry.add({ ...sample, number }))),
          ATONCE
        )
        assert.lengthOf(added.filter(Result.isSuccess), 1)
      })
    )

    it.effect("keeps what was saved of a number, and nothing when the unit of work fails", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const unit = yield* UnitOfWork
        const fixture = yield* Fixture
        const [mine, other] = [yield* fixture.number(yield* open), yield* fixture.number(yield* open)]
        const changed: OwnedNumber = {
          ...mine,
          status: "suspended",
          inactiveSince: DUE,
          profileAssigned: false,
          sms: { ...mine.sms, state: "on", anchor: DUE - 1, paidUntil: DUE + 1, pastDueSince: DUE, dueAt: DUE + 2 }
        }
        const save = Effect.gen(function* () {
          assert.deepStrictEqual(yield* registry.lock([mine, { ...other, accountId: mine.accountId }]), [mine])
          yield* registry.save([changed])
        })
        yield* Effect.flip(unit.run(Effect.andThen(save, Effect.fail("no"))))
        assert.deepStrictEqual(yield* registry.find([mine]), [mine])
        yield* unit.run(save)
        assert.sameDeepMembers([...(yield* registry.find([mine, other]))], [changed, other])
      })
    )

    it.effect("leases what is due, the longest due first, to one host at a time", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const accountId = yield* open
        const [late, due, early, idle] = [
          yield* dueNumber(accountId, DUE - 10),
          yield* dueNumber(accountId, DUE),
          yield* dueNumber(accountId, DUE + 1),
          yield* dueNumber(accountId, DUE - 10, "suspended")
        ]
        const mine = claimOf(accountId)
        const claimed = yield* Effect.all(
          Array.from({ length: 4 }, () => mine(DUE, DUE + 60_000)),
          ATONCE
        )
        assert.sameMembers(
          claimed.flat().map(({ id }) => id),
          [late.id, due.id]
        )
        const meanwhile = yield* mine(DUE + 59_999, DUE + 200_000)
        assert.deepStrictEqual(
          meanwhile.map(({ id }) => id),
          [early.id]
        )
        const again = yield* mine(DUE + 60_001, DUE + 200_000)
        assert.deepStrictEqual(
          again.map(({ id }) => id),
          [late.id, due.id],
          "a lease that ran out is taken over, in the order of when they were due"
        )
        assert.isFalse(again.some(({ id }) => id === idle.id))
        // The first holder was fenced off.
        assert.deepStrictEqual(yield* registry.holdRenewals(claimed.flat()), [])
        assert.deepStrictEqual(yield* registry.holdRenewals(again), [late, due])
        yield* registry.save([{ ...late, sms: { ...late.sms, dueAt: DUE + 5_000_000 } }])
        assert.deepStrictEqual(yield* registry.holdRenewals(again), [due], "saving ends the lease")
        yield* registry.save([late, due, early].map((one) => ({ ...one, sms: { ...one.sms, dueAt: null } })))
      })
    )

    it.effect("makes what an account owes due at once", () =>
      Effect.gen(function* () {
        const registry = yield* NumberRegistry
        const fixture = yield* Fixture
        const [accountId, other] = [yield* open, yield* open]
        const numbers: Array<OwnedNumber> = []
        for (const state of ["past_due", "suspended", "on", "off"] as const) {
          numbers.push(yield* fixture.number(accountId, { state }))
        }
        const idle = yield* fixture.number(accountId, { state: "suspended", status: "suspended" })
        const others = yield* fixture.number(other, { state: "suspended" })
        assert.strictEqual(yield* registry.hastenRenewals(accountId, DUE), 2)
        const due = (yield* registry.find([...numbers, idle, others])).filter(({ sms }) => sms.dueAt === DUE)
        assert.sameMembers(
          due.map(({ id }) => id),
          numbers.slice(0, 2).map(({ id }) => id)
        )
        yield* registry.save(numbers)
      })
    )
  })

const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))

/** Long ago: nothing else in the store was due by then. */
const DUE = 1_600_000_000_000

const claimOf = (accountId: AccountId) => (now: number, until: number) =>
  NumberRegistry.use((registry) => registry.claimRenewals(now, until, 10_000)).pipe(
    Effect.map((leases): ReadonlyArray<RenewalLease> => leases.filter((one) => one.accountId === accountId))
  )

const dueNumber = Effect.fnUntraced(function* (accountId: AccountId, dueAt: number, status: NumberStatus = "active") {
  const registry = yield* NumberRegistry
  const number = yield* Fixture.use((fixture) => fixture.number(accountId, { status }))
  const due = { ...number, sms: { ...number.sms, paidUntil: dueAt, dueAt } }
  yield* registry.save([due])
  return due
})
