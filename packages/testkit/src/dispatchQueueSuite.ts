/** What every `DispatchQueue` must do. Each test has a carrier of its own: others' messages are not claimed by it. */
import {
  type AccountId,
  DispatchQueue,
  type Lease,
  type MessageId,
  MessageStore,
  Micros,
  UnitOfWork,
  type Verdict
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Fixture } from "./Fixture.ts"
import { ATONCE, freshName, LAYER_OPTIONS } from "./suite.ts"

const NOW = 1_790_000_000_000
const LATER = NOW + 60_000
/** Sweeps see every carrier's leases; as many as this are never left behind. */
const ALL = 10_000

export const dispatchQueueSuite = <E>(
  name: string,
  ports: Layer.Layer<DispatchQueue | MessageStore | UnitOfWork | Fixture, E>
) =>
  layer(ports, LAYER_OPTIONS)(`DispatchQueue (${name})`, (it) => {
    it.effect("leases what waits for a carrier, once, and counts the attempt", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const carrier = freshName("carrier")
        const account = yield* open
        const ids = yield* enqueue(carrier, account, 3)
        assert.deepStrictEqual(yield* queue.claim(freshName("carrier"), 10, LATER), [])

        const first = yield* queue.claim(carrier, 2, LATER)
        const second = yield* queue.claim(carrier, 10, LATER)
        assert.lengthOf(first, 2)
        assert.sameMembers(idsOf([...first, ...second]), [...ids])
        assert.strictEqual(new Set([...first, ...second].map(({ token }) => token)).size, 3)
        for (const { accountId, attempt, carrier: of } of [...first, ...second]) {
          assert.deepStrictEqual({ accountId, attempt, of }, { accountId: account, attempt: 1, of: carrier })
        }
        assert.deepStrictEqual(yield* queue.claim(carrier, 10, LATER), [])
        yield* settle([...first, ...second], DONE)
      })
    )

    it.effect("never gives one message to two claims", () =>
      Effect.gen(function* () {
        const carrier = freshName("carrier")
        const ids = [...(yield* enqueue(carrier, yield* open, 70)), ...(yield* enqueue(carrier, yield* open, 30))]
        const claimed = yield* Effect.all(
          Array.from({ length: 20 }, () => claimAll(carrier, 10)),
          ATONCE
        )
        assert.sameMembers(idsOf(claimed.flat()), ids)
        yield* settle(claimed.flat(), DONE)
      })
    )

    it.effect("leases the oldest of an account first", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const carrier = freshName("carrier")
        const ids = yield* enqueue(carrier, yield* open, 9)
        for (const start of [0, 3, 6]) {
          const leases = yield* queue.claim(carrier, 3, LATER)
          assert.sameMembers(idsOf(leases), ids.slice(start, start + 3))
          yield* settle(leases, DONE)
        }
      })
    )

    it.effect("gives the only message of one account its turn before another's thousand", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const carrier = freshName("carrier")
        // Whichever account is the older one.
        const [before, busy, after] = [yield* open, yield* open, yield* open]
        yield* enqueue(carrier, busy, 1000)
        for (const quiet of [before, after]) {
          const [only] = yield* enqueue(carrier, quiet, 1)
          const leases = yield* queue.claim(carrier, 10, LATER)
          assert.lengthOf(leases, 10)
          assert.include(idsOf(leases), only)
        }
        yield* drain(carrier)
      })
    )

    it.effect("shares each claim between the accounts that wait", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const carrier = freshName("carrier")
        const accounts = [yield* open, yield* open, yield* open]
        for (const account of accounts) yield* enqueue(carrier, account, 50)
        for (let round = 0; round < 4; round++) {
          const leases = yield* queue.claim(carrier, 12, LATER)
          for (const account of accounts) {
            assert.lengthOf(
              leases.filter(({ accountId }) => accountId === account),
              4
            )
          }
        }
        yield* drain(carrier)
      })
    )

    it.effect("gives every account its turn, also when there are more of them than a claim takes", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const carrier = freshName("carrier")
        const accounts = yield* Effect.all(Array.from({ length: 30 }, () => open))
        for (const account of accounts) yield* enqueue(carrier, account, 20)
        const newcomers = [accounts.at(-1) as AccountId, yield* open]
        yield* enqueue(carrier, newcomers[1] as AccountId, 1)

        const served = new Set<AccountId>()
        for (let claim = 0; claim < 5; claim++) {
          for (const { accountId } of yield* queue.claim(carrier, 10, LATER)) served.add(accountId)
        }
        assert.strictEqual(served.size, 31, "31 accounts within 5 claims of 10")
        yield* drain(carrier)
      })
    )

    it.effect("leaves everything as it was when the unit of work that claimed it fails", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const unit = yield* UnitOfWork
        const carrier = freshName("carrier")
        const ids = yield* enqueue(carrier, yield* open, 2)
        yield* unit.run(Effect.andThen(queue.claim(carrier, 2, LATER), Effect.fail("no"))).pipe(Effect.flip)
        const leases = yield* queue.claim(carrier, 2, LATER)
        assert.sameMembers(idsOf(leases), [...ids])
        assert.deepStrictEqual(
          leases.map(({ attempt }) => attempt),
          [1, 1]
        )
        yield* settle(leases, DONE)
      })
    )

    it.effect("lets go of a message that is done", () =>
      Effect.gen(function* () {
        const { lease } = yield* leased
        assert.strictEqual(yield* settle([lease], DONE), 1)
        assert.strictEqual(yield* settle([lease], DONE), 0)
        assert.deepStrictEqual(yield* contents(lease.carrier), [])
      })
    )

    it.effect("gives a retry back once it is due and was woken", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const { carrier, lease } = yield* leased
        yield* settle([lease], { _tag: "Retry", at: NOW + 500 })
        assert.deepStrictEqual(yield* queue.hold([lease]), [])
        yield* queue.wakeDue(NOW + 499)
        assert.deepStrictEqual(yield* queue.claim(carrier, 10, LATER), [])
        assert.isAtLeast(yield* queue.wakeDue(NOW + 500), 1)
        const [again, ...others] = yield* queue.claim(carrier, 10, LATER)
        assert.deepStrictEqual(others, [])
        assert.deepStrictEqual({ ...again, token: "" }, { ...lease, attempt: 2, token: "" })
        assert.notStrictEqual(again?.token, lease.token)
        yield* settle([again as Lease], DONE)
      })
    )

    it.effect("parks a message until its wait is over, and gives it to nobody else", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const { carrier, lease } = yield* leased
        yield* settle([lease], { _tag: "Park", until: LATER + 5000 })
        yield* queue.wakeDue(LATER + 9000)
        assert.deepStrictEqual(yield* queue.claim(carrier, 10, LATER), [])
        assert.deepStrictEqual(yield* takenOver(carrier, LATER + 9000), [])
        assert.deepStrictEqual(yield* overdue(carrier, LATER + 4999), [])

        const [over, ...others] = yield* overdue(carrier, LATER + 5001)
        assert.deepStrictEqual(others, [])
        assert.deepStrictEqual({ ...over, token: "" }, { ...lease, token: "" })
        assert.strictEqual(yield* settle([over as Lease], DONE), 1)
        assert.deepStrictEqual(yield* contents(lease.carrier), [])
      })
    )

    it.effect("fences off whoever had a lease that was taken over", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const { carrier, lease } = yield* leased
        assert.deepStrictEqual(yield* takenOver(carrier, LATER - 1), [])
        const [taken, ...others] = yield* takenOver(carrier, LATER + 1)
        assert.deepStrictEqual(others, [])
        assert.deepStrictEqual({ ...taken, token: "" }, { ...lease, token: "" }, "no attempt was begun")
        assert.notStrictEqual(taken?.token, lease.token)

        for (const verdict of [DONE, { _tag: "Retry", at: NOW } as const, { _tag: "Park", until: NOW } as const]) {
          assert.deepStrictEqual(yield* queue.hold([lease]), [])
          yield* queue.settle([{ lease, verdict }])
          assert.deepStrictEqual(yield* queue.hold([taken as Lease]), [taken as Lease], `after a stale ${verdict._tag}`)
        }
        assert.strictEqual(yield* settle([taken as Lease], DONE), 1)
        assert.deepStrictEqual(yield* contents(lease.carrier), [])
      })
    )

    it.effect("lets one of those who hold the same lease at once settle it", () =>
      Effect.gen(function* () {
        const { lease } = yield* leased
        const settled = yield* Effect.all(
          Array.from({ length: 8 }, () => settle([lease], DONE)),
          ATONCE
        )
        assert.strictEqual(
          settled.reduce((sum, count) => sum + count),
          1
        )
      })
    )

    it.effect("gives a lease that ran out to one sweep, and no more than a sweep asked for", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const unit = yield* UnitOfWork
        const carrier = freshName("carrier")
        const ids = yield* enqueue(carrier, yield* open, 6)
        yield* queue.claim(carrier, 6, LATER)
        assert.isAtMost((yield* unit.run(queue.takeOver(LATER + 1, 1))).length, 1)
        const sweep = unit.run(
          Effect.gen(function* () {
            const taken = (yield* queue.takeOver(LATER + 1, ALL)).filter((lease) => lease.carrier === carrier)
            yield* queue.settle(taken.map((lease) => ({ lease, verdict: DONE })))
            return taken
          })
        )
        // Whatever the first sweep took is still there: under a lease that runs out in its turn.
        const swept = yield* Effect.all([sweep, sweep, sweep], ATONCE)
        const rest = yield* takenOver(carrier, LATER + 10 * 60_000)
        assert.sameMembers(idsOf([...swept.flat(), ...rest]), [...ids])
        yield* settle(rest, DONE)
      })
    )

    it.effect("takes out what a receipt has resolved, and leaves what is leased to its holder", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const { carrier, lease } = yield* leased
        const account = lease.accountId
        const key = { accountId: account, id: lease.messageId }
        const stranger = { ...key, accountId: yield* open }
        const [ready, ...more] = yield* enqueue(carrier, account, 3)
        const others = yield* queue.claim(carrier, 3, LATER)
        yield* settle(others.slice(0, 1), { _tag: "Park", until: LATER })
        yield* settle(others.slice(1, 2), { _tag: "Retry", at: NOW + 1 })
        yield* settle(others.slice(2), { _tag: "Retry", at: NOW })
        yield* queue.wakeDue(NOW)

        const all = idsOf([lease, ...others])
        assert.sameMembers(all, [key.id, ready, ...more])
        yield* queue.resolve(all.map((id) => ({ ...stranger, id })))
        assert.sameMembers(yield* contents(carrier), all)
        yield* queue.resolve(all.map((id) => ({ ...key, id })))
        assert.deepStrictEqual(yield* contents(carrier), [key.id])
        assert.strictEqual(yield* settle([lease], DONE), 1)
        assert.deepStrictEqual(yield* contents(carrier), [])
      })
    )

    it.effect("holds what waits for a number until that is released", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const store = yield* MessageStore
        const fixture = yield* Fixture
        const carrier = freshName("carrier")
        const accountId = yield* open
        const [one, two] = [yield* fixture.number(accountId), yield* fixture.number(accountId)]
        const ids = yield* store.nextIds(3)
        const [first, second, free] = ids as [MessageId, MessageId, MessageId]
        yield* queue.enqueue([
          { accountId, id: first, carrier, heldFor: one.id },
          { accountId, id: second, carrier, heldFor: two.id },
          { accountId, id: free, carrier, heldFor: null }
        ])
        const claimed = Effect.map(queue.claim(carrier, 10, LATER), idsOf)
        assert.deepStrictEqual(yield* claimed, [free])
        yield* queue.release({ accountId: yield* open, id: one.id })
        assert.deepStrictEqual(yield* claimed, [])
        yield* queue.release({ accountId, id: one.id })
        assert.deepStrictEqual(yield* claimed, [first])
        yield* queue.wakeDue(LATER)
        assert.deepStrictEqual(yield* claimed, [], "a held one is no retry")
        yield* queue.resolve([{ accountId, id: second }])
        yield* queue.release({ accountId, id: two.id })
        assert.deepStrictEqual(yield* claimed, [])
      })
    )

    it.effect("gives one host at a time the lead of a carrier, until it yields it or its time is over", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const [carrier, other] = [freshName("carrier"), freshName("carrier")]
        const minute = 60_000
        assert.isTrue(yield* queue.lead(carrier, "a", minute))
        assert.isFalse(yield* queue.lead(carrier, "b", minute))
        assert.isTrue(yield* queue.lead(other, "b", minute), "that of another carrier is another one")
        assert.isTrue(yield* queue.lead(carrier, "a", 20), "whoever has it says anew how long")
        const soon = Effect.repeat(queue.lead(carrier, "b", minute), { until: (isOurs) => isOurs })
        yield* soon.pipe(Effect.timeout("10 seconds"))
        yield* queue.yieldLead(carrier, "a")
        assert.isFalse(yield* queue.lead(carrier, "a", minute), "it is no longer a's to yield")
        yield* queue.yieldLead(carrier, "b")
        assert.isTrue(yield* queue.lead(carrier, "a", minute))
      })
    )

    it.effect("lets any host claim, whoever leads", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const carrier = freshName("carrier")
        const ids = yield* enqueue(carrier, yield* open, 2)
        assert.isTrue(yield* queue.lead(carrier, "elsewhere", 60_000))
        assert.sameMembers(idsOf(yield* queue.claim(carrier, 10, LATER)), [...ids])
      })
    )

    it.effect("gives nothing of a carrier that is paused", () =>
      Effect.gen(function* () {
        const queue = yield* DispatchQueue
        const [carrier, other] = [freshName("carrier"), freshName("carrier")]
        const account = yield* open
        const ids = yield* enqueue(carrier, account, 2)
        const others = yield* enqueue(other, account, 1)
        yield* queue.pause(carrier)
        yield* queue.pause(carrier)
        assert.isTrue((yield* queue.paused).has(carrier))
        assert.isFalse((yield* queue.paused).has(other))
        assert.deepStrictEqual(yield* queue.claim(carrier, 10, LATER), [])
        assert.deepStrictEqual(idsOf(yield* queue.claim(other, 10, LATER)), [...others])
        yield* queue.unpause(carrier)
        yield* queue.unpause(carrier)
        assert.isFalse((yield* queue.paused).has(carrier))
        assert.sameMembers(idsOf(yield* queue.claim(carrier, 10, LATER)), [...ids])
      })
    )
  })

const DONE: Verdict = { _tag: "Done" }

const open = Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))

const idsOf = (leases: ReadonlyArray<Lease>): Array<MessageId> => leases.map(({ messageId }) => messageId)

const enqueue = Effect.fnUntraced(function* (carrier: string, accountId: AccountId, count: number) {
  const queue = yield* DispatchQueue
  const store = yield* MessageStore
  const ids = yield* store.nextIds(count)
  yield* queue.enqueue(ids.map((id) => ({ accountId, id, carrier, heldFor: null })))
  return ids
})

/** Claims in small steps until nothing is left. */
const claimAll = Effect.fnUntraced(function* (carrier: string, limit: number) {
  const queue = yield* DispatchQueue
  const all: Array<Lease> = []
  for (;;) {
    const leases = yield* queue.claim(carrier, limit, LATER)
    if (leases.length === 0) return all
    all.push(...leases)
    yield* Effect.yieldNow
  }
})

/** As the dispatcher does: gives how many counted. */
const settle = Effect.fnUntraced(function* (leases: ReadonlyArray<Lease>, verdict: Verdict) {
  const queue = yield* DispatchQueue
  const unit = yield* UnitOfWork
  return yield* unit.run(
    Effect.gen(function* () {
      const held = yield* queue.hold(leases)
      yield* Effect.yieldNow
      yield* queue.settle(held.map((lease) => ({ lease, verdict })))
      return held.length
    })
  )
})

/** The only message of a carrier, leased. */
const leased = Effect.gen(function* () {
  const queue = yield* DispatchQueue
  const carrier = freshName("carrier")
  yield* enqueue(carrier, yield* open, 1)
  const [lease] = yield* queue.claim(carrier, 1, LATER)
  if (lease === undefined) return yield* Effect.die(new Error("nothing was claimed"))
  return { carrier, lease }
})

const swept =
  (take: (queue: DispatchQueue["Service"], now: number) => Effect.Effect<ReadonlyArray<Lease>>) =>
  (carrier: string, now: number) =>
    DispatchQueue.use((queue) => take(queue, now)).pipe(
      Effect.map((leases) => leases.filter((lease) => lease.carrier === carrier))
    )

const takenOver = swept((queue, now) => queue.takeOver(now, ALL))
const overdue = swept((queue, now) => queue.overdue(now, ALL))

/** What is in the queue, wherever it stands there; looking changes nothing. */
const contents = Effect.fnUntraced(function* (carrier: string) {
  const queue = yield* DispatchQueue
  const unit = yield* UnitOfWork
  return yield* unit
    .run(
      Effect.gen(function* () {
        const later = 2 * LATER
        yield* queue.wakeDue(later)
        const leases = [
          ...(yield* takenOver(carrier, later)),
          ...(yield* overdue(carrier, later)),
          ...(yield* claimAll(carrier, 500))
        ]
        return yield* Effect.fail(idsOf(leases))
      })
    )
    .pipe(Effect.flip)
})

/** Leaves nothing behind for the next test to sweep. */
const drain = Effect.fnUntraced(function* (carrier: string) {
  yield* claimAll(carrier, 500)
  yield* settle(yield* takenOver(carrier, LATER * 2), DONE)
})
