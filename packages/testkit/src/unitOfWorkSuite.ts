/** What every `UnitOfWork` must do with whatever is done through the ports inside it. */
import {
  type AccountId,
  atOnce,
  EUR,
  Idempotency,
  type LedgerLine,
  MessageStore,
  Micros,
  money,
  OptOuts,
  queuedEntry,
  RateLimits,
  UnitOfWork,
  Wallet
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Data, Deferred, Effect, Fiber, type Layer, References } from "effect"
import { Fixture } from "./Fixture.ts"
import { sampleMessage } from "./sampleMessage.ts"
import { ATONCE, dies, LAYER_OPTIONS } from "./suite.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly why: string }> {}

const NOW = 1_790_000_000_000

type Ports = UnitOfWork | Wallet | MessageStore | OptOuts | Idempotency | RateLimits | Fixture

export const unitOfWorkSuite = <E>(name: string, ports: Layer.Layer<Ports, E>) =>
  layer(ports, LAYER_OPTIONS)(`UnitOfWork (${name})`, (it) => {
    it.effect("commits what succeeds, and shows it to itself before", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        const seen = yield* unit.run(Effect.andThen(credit(3n), balance))
        assert.strictEqual(seen, 3n)
        assert.strictEqual(yield* balance, 3n)
      })
    )

    it.effect("fails with the error of its work, whatever that is", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        const error = new Refused({ why: "no" })
        const failed = yield* unit.run(Effect.andThen(credit(3n), Effect.fail(error))).pipe(Effect.flip)
        assert.strictEqual(failed, error)
        assert.strictEqual(yield* balance, 0n)
      })
    )

    it.effect("leaves nothing of work that fails, in any port", () =>
      Effect.gen(function* () {
        const { account, balance, credit, unit } = yield* subject
        const fixture = yield* Fixture
        const store = yield* MessageStore
        const optOuts = yield* OptOuts
        const idempotency = yield* Idempotency
        const limits = yield* RateLimits
        const number = yield* fixture.number(account)
        const [id] = yield* store.nextIds(1)
        const message = sampleMessage(number, id as never)
        const conversation = { accountId: account, numberId: number.id, person: message.to }
        const claim = { accountId: account, key: "k", fingerprint: "f", at: NOW }
        const buckets = yield* limits.lock([account])

        yield* unit
          .run(
            Effect.gen(function* () {
              yield* idempotency.claim([claim])
              yield* credit(3n)
              yield* store.insert([{ message, entry: queuedEntry(NOW) }])
              yield* optOuts.optOut(conversation)
              yield* limits.save(new Map([[account, { perSecond: 10, level: 0, at: NOW }]]))
              yield* idempotency.settle([{ ...claim, answer: "kept" }])
              return yield* new Refused({ why: "no" })
            })
          )
          .pipe(Effect.flip)

        assert.strictEqual(yield* balance, 0n)
        assert.isUndefined(yield* store.history(message))
        assert.deepStrictEqual(yield* optOuts.find([conversation]), [])
        assert.deepStrictEqual(yield* limits.lock([account]), buckets)
        assert.deepStrictEqual(yield* unit.run(idempotency.claim([claim])), [{ _tag: "Fresh" }])
      })
    )

    it.effect("leaves nothing of work that dies", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        assert.isTrue(yield* dies(unit.run(Effect.andThen(credit(3n), Effect.die("a bug")))))
        assert.strictEqual(yield* balance, 0n)
      })
    )

    it.effect("leaves nothing of work that is interrupted, and lets others go on", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        const begun = yield* Deferred.make<void>()
        const stuck = yield* Effect.forkChild(
          unit.run(credit(3n).pipe(Effect.andThen(Deferred.succeed(begun, undefined)), Effect.andThen(Effect.never)))
        )
        yield* Deferred.await(begun)
        yield* Fiber.interrupt(stuck)
        assert.strictEqual(yield* balance, 0n)
        yield* unit.run(credit(4n))
        assert.strictEqual(yield* balance, 4n)
      })
    )

    it.effect("shows nobody else what it has not committed", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        const fails = unit.run(credit(3n).pipe(Effect.andThen(Effect.yieldNow), Effect.andThen(Effect.fail("no"))))
        const seen = yield* Effect.all(
          Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? balance : Effect.as(Effect.flip(fails), 0n))),
          ATONCE
        )
        assert.deepStrictEqual([...new Set(seen)], [0n])
      })
    )

    it.effect("joins the unit of work that it is inside of", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        yield* unit.run(Effect.andThen(unit.run(credit(1n)), unit.run(unit.run(credit(2n)))))
        assert.strictEqual(yield* balance, 3n)
        yield* unit.run(unit.run(credit(4n)).pipe(Effect.andThen(Effect.fail("no")))).pipe(Effect.flip)
        assert.strictEqual(yield* balance, 3n)
      })
    )

    it.effect("undoes a part that fails, and lets the whole go on without it", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        const part = unit.run(Effect.andThen(credit(2n), Effect.fail("no"))).pipe(Effect.flip)
        yield* unit.run(credit(1n).pipe(Effect.andThen(part), Effect.andThen(credit(4n))))
        assert.strictEqual(yield* balance, 5n)
      })
    )

    it.effect("runs what is left for after the commit once everything is committed, in order", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        const log: Array<string> = []
        const note = (what: string) => Effect.flatMap(balance, (at) => Effect.sync(() => log.push(`${what} at ${at}`)))
        const after = (what: string) => unit.afterCommit(Effect.asVoid(note(what)))
        yield* unit.run(
          Effect.gen(function* () {
            yield* after("first")
            yield* credit(1n)
            yield* unit.run(Effect.andThen(credit(2n), after("inner")))
            yield* note("inside")
            yield* credit(4n)
            yield* after("last")
          })
        )
        assert.deepStrictEqual(log, ["inside at 3", "first at 7", "inner at 7", "last at 7"])
        yield* after("at once")
        assert.strictEqual(log.at(-1), "at once at 7")
      })
    )

    it.effect("runs nothing after a commit that does not happen", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        const log: Array<string> = []
        const after = (what: string) => unit.afterCommit(Effect.sync(() => void log.push(what)))
        const no = Effect.fail("no")
        yield* unit
          .run(after("of the whole").pipe(Effect.andThen(unit.run(after("of a part"))), Effect.andThen(no)))
          .pipe(Effect.flip)
        yield* unit.run(
          Effect.gen(function* () {
            yield* unit.run(after("of a part that fails").pipe(Effect.andThen(no))).pipe(Effect.flip)
            yield* after("of the whole that goes on")
            yield* credit(1n)
          })
        )
        assert.deepStrictEqual(log, ["of the whole that goes on"])
        assert.strictEqual(yield* balance, 1n)
      })
    )

    it.effect("runs a task after the commit as no part of it: it may have units of work of its own", () =>
      Effect.gen(function* () {
        const { balance, credit, unit } = yield* subject
        yield* unit
          .run(
            Effect.gen(function* () {
              yield* credit(1n)
              yield* unit.afterCommit(Effect.die("a bug in a listener"))
              yield* unit.afterCommit(unit.run(credit(2n)))
              yield* unit.afterCommit(unit.run(Effect.andThen(credit(4n), Effect.die("a bug"))))
            })
          )
          .pipe(Effect.provideService(References.MinimumLogLevel, "None"))
        assert.strictEqual(yield* balance, 3n)
      })
    )

    it.effect("does what it is asked for at once, and gives each what it asked for", () =>
      Effect.gen(function* () {
        const { account, balance, credit, unit } = yield* subject
        const fixture = yield* Fixture
        const store = yield* MessageStore
        const limits = yield* RateLimits
        const number = yield* fixture.number(account)
        const bucket = { perSecond: 10, level: 7, at: NOW }
        const [ids] = yield* unit.run(
          Effect.andThen(
            limits.lock([account]),
            atOnce([store.nextIds(2), limits.save(new Map([[account, bucket]])), store.nextIds(3)])
          )
        )
        assert.lengthOf(ids, 2)
        const message = sampleMessage(number, ids[0] as never)
        yield* unit.run(atOnce([credit(1n), store.insert([{ message, entry: queuedEntry(NOW) }]), credit(2n)]))
        assert.deepStrictEqual(yield* limits.lock([account]), new Map([[account, bucket]]))
        assert.deepStrictEqual((yield* store.history(message))?.message, message)
        assert.strictEqual(yield* balance, 3n)
      })
    )

    it.effect("leaves nothing of what was asked for at once when one of it fails", () =>
      Effect.gen(function* () {
        const { account, balance, credit, unit } = yield* subject
        const fixture = yield* Fixture
        const store = yield* MessageStore
        const number = yield* fixture.number(account)
        const [id] = yield* store.nextIds(1)
        const message = sampleMessage(number, id as never)
        const insert = store.insert([{ message, entry: queuedEntry(NOW) }])
        assert.isTrue(yield* dies(unit.run(Effect.andThen(credit(3n), atOnce([insert, credit(-4n)])))))
        assert.isTrue(yield* dies(unit.run(atOnce([credit(-1n), insert]))))
        assert.strictEqual(yield* balance, 0n)
        assert.isUndefined(yield* store.history(message))
      })
    )

    it.effect("does what is left for after it each time that it was asked to", () =>
      Effect.gen(function* () {
        const { unit } = yield* subject
        let done = 0
        const later = unit.afterCommit(Effect.sync(() => void done++))
        yield* unit.run(later)
        yield* unit.run(unit.run(Effect.andThen(later, later)))
        assert.strictEqual(done, 3)
      })
    )

    it.effect("says whether one is open", () =>
      Effect.gen(function* () {
        const { unit } = yield* subject
        assert.isFalse(yield* unit.isOpen)
        assert.isTrue(yield* unit.run(unit.isOpen))
        assert.isTrue(yield* unit.run(unit.run(unit.isOpen)))
        yield* unit.run(
          unit.afterCommit(Effect.flatMap(unit.isOpen, (open) => Effect.sync(() => assert.isFalse(open))))
        )
        yield* Effect.flip(unit.run(Effect.fail("no")))
        assert.isFalse(yield* unit.isOpen)
      })
    )

    it.effect("keeps units that run at once apart", () =>
      Effect.gen(function* () {
        const { account, balance, credit, unit } = yield* subject
        const wallet = yield* Wallet
        const half = (i: number) =>
          unit
            .run(
              Effect.gen(function* () {
                yield* wallet.lock([account])
                yield* credit(1n)
                yield* Effect.yieldNow
                if (i % 2 === 0) return yield* Effect.fail("no")
              })
            )
            .pipe(Effect.exit)
        yield* Effect.all(
          Array.from({ length: 30 }, (_, i) => half(i)),
          ATONCE
        )
        assert.strictEqual(yield* balance, 15n)
      })
    )
  })

const subject = Effect.gen(function* () {
  const unit = yield* UnitOfWork
  const wallet = yield* Wallet
  const account: AccountId = yield* Fixture.use((fixture) => fixture.account({ balance: Micros.make(0n) }))
  let lines = 0
  const credit = (micros: bigint) =>
    Effect.suspend(() => {
      const line: LedgerLine = {
        accountId: account,
        kind: "top_up",
        amount: money(micros, EUR),
        reference: `${++lines}`,
        at: NOW
      }
      return wallet.post([line])
    })
  const balance = Effect.map(wallet.balance(account), (found): bigint => found?.micros ?? -1n)
  return { unit, account, credit, balance }
})
