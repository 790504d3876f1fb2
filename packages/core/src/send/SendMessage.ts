/**
 * Use case: accept messages. Sends that arrive together are accepted together, in one unit of work: idempotency keys,
 * wallets and token buckets under lock, the pure decisions, then messages, ledger lines and queue entries at once. One
 * lock and one commit serve a hundred messages of a busy account. No carrier is called here.
 */
import { Clock, Context, Deferred, Effect, Exit, Latch, Layer, Option, References, Semaphore } from "effect"
import type { AccountId } from "../Account.ts"
import { type IdempotencyKey, IdempotencyInProgress, type IdempotencyMismatch } from "../Idempotency.ts"
import type { Instant } from "../Message.ts"
import { asRepeated, isOutage, isUndone } from "../StoreSurely.ts"
import { Unavailable, UnitOfWork } from "../UnitOfWork.ts"
import { AcceptGroup, type Job, type JobAnswer, type SendRequest, type Waits } from "./AcceptGroup.ts"
import { makeGroupTiming } from "./GroupTiming.ts"
import { SEND_LIMITS, type SendLimits } from "./SendLimits.ts"
import { makeWaitingSends, type WaitingSend } from "./WaitingSends.ts"

export interface SendOptions {
  readonly idempotency?: IdempotencyKey | undefined
}

/**
 * What came of one call: a verdict for each request in order, and the account's bucket afterwards (null for a replay,
 * which takes nothing).
 */
export type SendAnswer = JobAnswer

export type SendError = IdempotencyMismatch | IdempotencyInProgress

/** Looking for callers whose patience is over costs a look at all of them. */
const LOOK_MILLIS = 50

/** Mostly nothing comes of those who stand apart, which is known as soon as their group has ended. */
const KNOWN_MILLIS = 1000

/** A group of which everybody was left would be left again at once. */
const LEFT_MILLIS = 10

interface Ticket extends WaitingSend {
  /** Of its idempotency key, for as long as it is not answered. */
  readonly name: string | undefined
  readonly answer: Deferred.Deferred<SendAnswer, SendError>
  isAnswered: boolean
}

interface Taken {
  readonly tickets: ReadonlyArray<Ticket>
  readonly waits: Waits
  /** Of accounts whose wallets others have held for too long. */
  readonly isApart: boolean
}

interface Group extends Taken {
  /** Whom it has left: they are not answered, and do not come again. */
  left: number
  /** Those that it is not done with: their next tickets wait. */
  readonly accounts: Set<AccountId>
  /** Open once only the store is waited for. */
  readonly decided: Latch.Latch
}

export class SendMessage extends Context.Service<
  SendMessage,
  {
    /** Each request is decided on its own, in order; those that are accepted are charged and queued when this returns. */
    send(
      account: AccountId,
      requests: ReadonlyArray<SendRequest>,
      options?: SendOptions
    ): Effect.Effect<SendAnswer, SendError>
  }
>()("@cliqtel/sms-core/send/SendMessage") {
  static readonly layerWith = (limits: SendLimits) =>
    Layer.effect(
      SendMessage,
      Effect.gen(function* () {
        const unit = yield* UnitOfWork
        const store = yield* AcceptGroup
        const scope = yield* Effect.scope
        const services = yield* Effect.context<never>()
        const bell = Latch.makeUnsafe(false)
        const underWay = new Set<string>()
        const waiting = makeWaitingSends<Ticket>(limits)
        const timing = makeGroupTiming(limits)
        let groups: ReadonlyArray<Group> = []
        let isClosed = false
        const anyUnanswered = Latch.makeUnsafe(false)

        /** Not counting one that stands apart. */
        const running = () => groups.filter(({ isApart }) => !isApart).length

        const isBusy = (account: AccountId) => groups.some(({ accounts }) => accounts.has(account))

        const tell = (ticket: Ticket, exit: Exit.Exit<SendAnswer, SendError>) => {
          ticket.isAnswered = true
          try {
            Deferred.doneUnsafe(ticket.answer, asKnown(ticket, exit))
          } catch (failure) {
            // Who waits goes on within this, and must not fail others by it.
            Effect.runForkWith(services)(Effect.logError("What waited for a send failed", failure))
          }
        }

        /** `undefined`: no answer yet. A few at a time, so that nobody else waits for all of them. */
        const replyAll = (
          tickets: ReadonlyArray<Ticket>,
          exitOf: (ticket: Ticket, i: number) => Exit.Exit<SendAnswer, SendError> | undefined
        ): Effect.Effect<void> => {
          let next = 0
          const some: Effect.Effect<void> = Effect.suspend(() => {
            for (const [i, ticket] of tickets.slice(next, next + limits.tellSize).entries()) {
              const exit = exitOf(ticket, next + i)
              if (exit === undefined) continue
              if (ticket.name !== undefined) underWay.delete(ticket.name)
              tell(ticket, exit)
            }
            next += limits.tellSize
            return next < tickets.length ? Effect.andThen(Effect.yieldNow, some) : Effect.void
          })
          return some
        }

        /**
         * One watch for all callers: a timer for each cost as much as the decision on its send. It looks for them where they
         * are, rarely: a Set of all that come and go keeps each of them far beyond its time (docs/performance.md).
         */
        const tellImpatient = Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          dropExpired(now)
          let first = Infinity
          for (const { isApart, tickets } of [...groups, { tickets: waiting.all(), isApart: false }]) {
            for (const ticket of tickets) {
              if (ticket.isAnswered) continue
              const until = ticket.until + (isApart ? KNOWN_MILLIS : 0)
              if (until <= now) tell(ticket, Exit.die(undecided))
              else first = Math.min(first, until)
            }
          }
          if (first < Infinity) return yield* Effect.sleep(Math.max(first - now, LOOK_MILLIS))
          anyUnanswered.closeUnsafe()
          yield* anyUnanswered.await
        })
        yield* Effect.forkScoped(Effect.forever(tellImpatient))

        const isClosing = () => scope.state._tag === "Closed"

        /** What came of each; undefined: others hold its wallet. */
        const ask = (tickets: ReadonlyArray<Ticket>, waits: Waits, whenDecided?: Effect.Effect<void>) =>
          Effect.gen(function* () {
            const exits = yield* store.accept(tickets, waits, whenDecided)
            const now = yield* Clock.currentTimeMillis
            return tickets.map((ticket, i) => exits[i] ?? (ticket.until <= now ? Exit.die(tooLate) : undefined))
          }).pipe(Effect.exit)

        /** Who is left stands apart before it has ended; its callers are told by what this gives, once it has. */
        const accept = (group: Group): Effect.Effect<Effect.Effect<void>> => {
          const { isApart, tickets, waits } = group
          const whenDecided = Effect.sync(() => group.decided.openUnsafe())
          return Effect.flatMap(ask(tickets, waits, whenDecided), (exit) => {
            if (Exit.isSuccess(exit)) {
              const left = tickets.filter((_, i) => exit.value[i] === undefined)
              const put = Effect.sync(() => {
                group.left = left.length
                waiting.putApart(left)
                return replyAll(tickets, (_, i) => exit.value[i])
              })
              return isApart && left.length === tickets.length ? Effect.delay(put, LEFT_MILLIS) : put
            }
            // What the store refuses must not fail its neighbours. What may have been committed is not tried again here.
            if (tickets.length > 1 && isUndone(exit.cause)) return Effect.as(acceptSingly(group), Effect.void)
            return Effect.succeed(replyAll(tickets, () => Exit.failCause(exit.cause)))
          })
        }

        /** Each of them holds a connection of the store. */
        const singles = Semaphore.makeUnsafe(limits.groups)

        const askOne = (ticket: Ticket) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) =>
            ticket.until <= now ? Effect.succeed(Exit.succeed([Exit.die(tooLate)])) : ask([ticket], "briefly")
          )

        /** Accounts beside each other, each one's in their order. Once the store cannot do it now, nobody else tries. */
        const acceptSingly = (group: Group): Effect.Effect<void> => {
          let isAway = false
          const acceptEach = (tickets: ReadonlyArray<Ticket>): Effect.Effect<void> =>
            Effect.suspend(() => {
              const [ticket, ...others] = tickets
              if (ticket === undefined) return Effect.void
              if (isClosing()) return replyAll(tickets, () => Exit.die(closing))
              if (isAway) return replyAll(tickets, () => Exit.die(away))
              return Effect.flatMap(singles.withPermit(askOne(ticket)), (exit) => {
                const answer = Exit.isSuccess(exit) ? exit.value[0] : Exit.failCause(exit.cause)
                if (answer === undefined) {
                  group.left += tickets.length
                  return Effect.sync(() => waiting.putApart(tickets))
                }
                // A key that is held elsewhere tells nothing of the store.
                const isKeys = ticket.idempotency !== undefined && Exit.isFailure(exit) && isUndone(exit.cause)
                if (Exit.isFailure(exit) && isOutage(exit.cause) && !isKeys) isAway = true
                return Effect.andThen(
                  replyAll([ticket], () => answer),
                  acceptEach(others)
                )
              })
            })
          return Effect.forEach(
            Map.groupBy(group.tickets, ({ accountId }) => accountId),
            ([account, own]) =>
              Effect.andThen(
                acceptEach(own),
                Effect.sync(() => {
                  group.accounts.delete(account)
                  bell.openUnsafe()
                })
              ),
            { concurrency: limits.groups, discard: true }
          )
        }

        /** Nothing has come of them, and nothing shall. */
        const dropExpired = (now: Instant) => {
          for (const ticket of waiting.dropExpired(now)) {
            if (ticket.name !== undefined) underWay.delete(ticket.name)
            tell(ticket, Exit.die(tooLate))
          }
        }

        let isOneByOne = true

        /**
         * One group of them at a time: in turns it takes whoever is free by now, and waits for one of them, since a wallet that
         * goes from hand to hand is never free for whoever only looks.
         */
        const takeApart = (): Taken | undefined => {
          if (waiting.heldAccounts === 0 || groups.some(({ isApart }) => isApart)) return undefined
          isOneByOne = waiting.heldAccounts === 1 || !isOneByOne
          const tickets = waiting.takeApart(isBusy, isOneByOne ? 1 : Infinity)
          return tickets.length === 0 ? undefined : { tickets, waits: isOneByOne ? "briefly" : "not", isApart: true }
        }

        const takeNext = (now: Instant): Taken | undefined => {
          if (!timing.mayStart(now, running(), crowd())) return undefined
          const tickets = waiting.take(isBusy)
          return tickets.length === 0 ? undefined : { tickets, waits: "briefly", isApart: false }
        }

        const start = (taken: Taken, now: Instant): Effect.Effect<Group> => {
          const { isApart, tickets } = taken
          const group: Group = {
            ...taken,
            left: 0,
            accounts: new Set(tickets.map(({ accountId }) => accountId)),
            decided: Latch.makeUnsafe(false)
          }
          groups = [...groups, group]
          if (!isApart) timing.started(now)
          const messages = tickets.reduce((sum, { requests }) => sum + requests.length, 0)
          let next: Group | undefined
          const ended = Effect.gen(function* () {
            const at = yield* Clock.currentTimeMillis
            group.decided.openUnsafe()
            groups = groups.filter((other) => other !== group)
            if (!isApart) {
              timing.ended(at, { begun: now, messages, expected: waiting.callers + tickets.length - group.left })
            }
            bell.openUnsafe()
            next = yield* startNext(at)
          })
          /** While the store has the next group, this process tells the callers of this one. */
          const turn = Effect.suspend(() => {
            const decided = next?.decided
            // One that points to the next would keep all of them (docs/performance.md).
            next = undefined
            return decided === undefined ? Effect.void : Effect.timeoutOption(decided.await, limits.tellMillis)
          })
          const work = Effect.onExit(accept(group), () => ended).pipe(Effect.tap(turn), Effect.flatten)
          return Effect.as(Effect.forkIn(Effect.uninterruptible(work), scope, { startImmediately: true }), group)
        }

        const crowd = () => ({
          callers: waiting.callers,
          hasManyFree: () => waiting.hasManyFree(isBusy)
        })

        let isStarting = false

        /** One that ends while it starts leaves the next one to the pump: a store that answers at once would pile them up. */
        const startNext = (now: Instant): Effect.Effect<Group | undefined> =>
          Effect.suspend(() => {
            // What would start now is told so when all that began has ended.
            if (isStarting || isClosing()) return Effect.undefined
            dropExpired(now)
            const taken = takeApart() ?? takeNext(now)
            if (taken === undefined) return Effect.undefined
            isStarting = true
            return Effect.ensuring(
              Effect.suspend(() => start(taken, now)),
              Effect.sync(() => (isStarting = false))
            )
          })

        const pump = Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const gather = timing.gatherMillis(now, running(), crowd())
          if (gather > 0) {
            const rung = yield* Effect.timeoutOption(bell.await, gather)
            if (Option.isNone(rung)) timing.gatheredInVain()
            bell.closeUnsafe()
            return yield* Effect.yieldNow
          }
          // What is left may be worth another one.
          if ((yield* startNext(now)) !== undefined) return
          const slowIn = timing.slowInMillis(now)
          const isSlowSoon = slowIn > 0 && running() > 0 && running() < limits.groups && waiting.callers > 0
          yield* isSlowSoon ? Effect.timeoutOption(bell.await, slowIn) : bell.await
          bell.closeUnsafe()
          // Whoever asks in this moment comes along.
          yield* Effect.yieldNow
        })
        yield* Effect.forkScoped(Effect.forever(pump))
        // Whoever still waits when this closes is told so.
        yield* Effect.addFinalizer(() =>
          Effect.suspend(() => {
            isClosed = true
            // Groups that began have ended by now. What is left of them was to begin when this closed already.
            const left = [...groups.flatMap(({ tickets }) => tickets), ...waiting.all()]
            return replyAll(left, ({ isAnswered }) => (isAnswered ? undefined : Exit.die(closing)))
          })
        )

        /** In one step, so that a caller who is interrupted has queued its ticket and reserved its key, or neither. */
        const enqueue = (job: Job): Effect.Effect<SendAnswer, SendError> =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            const name = nameOf(job)
            if (isClosed) return asKnown(job, Exit.die(closing))
            if (isUnderWay(name)) return inProgress(job)
            if (!waiting.hasRoom(job)) return asKnown(job, Exit.die(overloaded))
            const answer = Deferred.makeUnsafe<SendAnswer, SendError>()
            if (name !== undefined) underWay.add(name)
            const ticket = {
              ...job,
              name,
              answer,
              until: now + limits.patienceMillis,
              isAnswered: false
            }
            waiting.add(ticket)
            anyUnanswered.openUnsafe()
            bell.openUnsafe()
            // Leaving does not stop it: its group goes on, and an idempotency key finds what came of it.
            return Effect.interruptible(Deferred.await(answer))
          })

        /** What the caller has open cannot be shared with others: it is accepted there, on its own. */
        const acceptHere = (job: Job): Effect.Effect<SendAnswer, SendError> => {
          const name = nameOf(job)
          return Effect.acquireUseRelease(
            Effect.suspend(() => {
              if (isUnderWay(name)) return inProgress(job)
              if (name !== undefined) underWay.add(name)
              return Effect.void
            }),
            () =>
              Effect.flatMap(Effect.exit(store.accept([job], "long")), (exit) => {
                const answer = Exit.isSuccess(exit) ? exit.value[0] : Exit.failCause(exit.cause)
                return answer === undefined ? Effect.die(new Error("a job was not answered")) : asKnown(job, answer)
              }),
            () => Effect.sync(() => name !== undefined && underWay.delete(name))
          )
        }

        const isUnderWay = (name: string | undefined): boolean => name !== undefined && underWay.has(name)

        return SendMessage.of({
          send: (accountId, requests, options) => {
            const job = { accountId, requests, idempotency: options?.idempotency }
            return spanned(
              "SendMessage.send",
              Effect.flatMap(unit.isOpen, (open) => (open ? acceptHere(job) : enqueue(job)))
            )
          }
        })
      })
    )

  static readonly layer = SendMessage.layerWith(SEND_LIMITS)
}

/** Where somebody collects spans: `Effect.fn` takes a stack for each call, which costs as much as the whole wait. */
const spanned = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(References.TracerEnabled, (enabled) => (enabled ? Effect.withSpan(effect, name) : effect))

const overloaded = new Unavailable({
  message: "Too many messages are waiting to be accepted.",
  retryAfterMillis: 1000,
  undone: true
})

const undecided = new Unavailable({
  message: "It is not known yet whether this was accepted. Repeat it with the same idempotency key.",
  retryAfterMillis: 2000,
  undone: false
})

const asKnown = <A, E>({ idempotency }: Job, exit: Exit.Exit<A, E>): Exit.Exit<A, E> =>
  idempotency === undefined ? exit : asRepeated(exit)

const tooLate = new Unavailable({
  message:
    "This was not accepted in time: there was too much to do, or others held the account's wallet. Try it again.",
  retryAfterMillis: 2000,
  undone: true
})

const away = new Unavailable({ message: "The store cannot take this now.", retryAfterMillis: 2000, undone: true })

const closing = new Unavailable({ message: "The system is shutting down.", retryAfterMillis: 1000, undone: true })

const nameOf = ({ accountId, idempotency }: Job): string | undefined =>
  idempotency === undefined ? undefined : `${accountId} ${idempotency.key}`

const inProgress = ({ idempotency }: Job) => Effect.fail(new IdempotencyInProgress({ key: idempotency?.key ?? "" }))
