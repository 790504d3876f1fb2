/**
 * Use case: accept messages. Sends that arrive together are accepted together, in one unit of work: idempotency keys,
 * wallets and token buckets under lock, the pure decisions, then messages, ledger lines and queue entries at once. One
 * lock and one commit serve a hundred messages of a busy account; a lone send never waits for company. No carrier is
 * called here.
 */
import { Context, Deferred, Effect, Exit, Layer, Queue } from "effect"
import type { AccountId } from "../Account.ts"
import { type IdempotencyKey, IdempotencyInProgress, type IdempotencyMismatch } from "../Idempotency.ts"
import { isUndone } from "../StoreSurely.ts"
import { Unavailable, UnitOfWork } from "../UnitOfWork.ts"
import { AcceptGroup, type Job, type JobAnswer, type JobExit, type SendRequest } from "./AcceptGroup.ts"

export interface SendOptions {
  readonly idempotency?: IdempotencyKey | undefined
}

/**
 * What came of one call: a verdict for each request in order, and the account's bucket afterwards (null for a replay,
 * which takes nothing).
 */
export type SendAnswer = JobAnswer

export type SendError = IdempotencyMismatch | IdempotencyInProgress

export interface SendLimits {
  /** Groups that may be under way at once; an account is always in the same lane. */
  readonly lanes: number
  /** Messages that one group takes before it starts. */
  readonly groupSize: number
  /** Messages that may wait for a group; beyond it sends are `Unavailable`. */
  readonly waiting: number
  /** A caller is told that it is not known what came of its send after this long; the send itself goes on. */
  readonly patienceMillis: number
}

const LIMITS: SendLimits = { lanes: 4, groupSize: 128, waiting: 20_000, patienceMillis: 20_000 }

interface Ticket extends Job {
  /** Of its idempotency key, for as long as it is not answered. */
  readonly name: string | undefined
  readonly answer: Deferred.Deferred<SendAnswer, SendError>
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
        const group = yield* AcceptGroup
        const lanes: Array<Queue.Queue<Ticket>> = []
        const underWay = new Set<string>()
        let waiting = 0

        const reply = (ticket: Ticket, exit: Exit.Exit<SendAnswer, SendError>) => {
          if (ticket.name !== undefined) underWay.delete(ticket.name)
          return Deferred.done(ticket.answer, exit)
        }

        const answerAll = (tickets: ReadonlyArray<Ticket>): Effect.Effect<void> =>
          Effect.exit(group.accept(tickets)).pipe(
            Effect.flatMap((exit) => {
              if (Exit.isSuccess(exit)) {
                // Each job is answered, in order.
                return Effect.forEach(tickets, (ticket, i) => reply(ticket, exit.value[i] as JobExit), {
                  discard: true
                })
              }
              // What the store refuses, or an account that somebody holds, must not fail its neighbours. What may have been
              // committed is not tried again here.
              if (tickets.length > 1 && isUndone(exit.cause)) {
                return Effect.forEach(tickets, (ticket) => answerAll([ticket]), { discard: true })
              }
              return Effect.forEach(tickets, (ticket) => reply(ticket, Exit.failCause(exit.cause)), { discard: true })
            })
          )

        const drain = (lane: Queue.Queue<Ticket>) =>
          Effect.uninterruptibleMask((restore) =>
            restore(Queue.take(lane)).pipe(
              Effect.flatMap((first) => {
                const tickets = [first]
                let messages = first.requests.length
                while (messages < limits.groupSize) {
                  const next = Queue.takeUnsafe(lane)
                  if (next === undefined || Exit.isFailure(next)) break
                  tickets.push(next.value)
                  messages += next.value.requests.length
                }
                waiting -= messages
                return answerAll(tickets)
              })
            )
          ).pipe(Effect.forever)

        for (let i = 0; i < limits.lanes; i++) {
          const lane = yield* Queue.unbounded<Ticket>()
          lanes.push(lane)
          // Whoever still waits when this closes is told so.
          yield* Effect.addFinalizer(() =>
            Effect.flatMap(
              Effect.sync(() => takeAll(lane)),
              (left) => Effect.forEach(left, (ticket) => reply(ticket, Exit.die(closing)), { discard: true })
            )
          )
          yield* Effect.forkScoped(drain(lane))
        }

        /** In one step, so that a caller who is interrupted has queued its ticket and reserved its key, or neither. */
        const enqueue = (job: Job): Effect.Effect<SendAnswer, SendError> =>
          Effect.suspend(() => {
            const name = nameOf(job)
            if (isUnderWay(name)) return inProgress(job)
            if (waiting + job.requests.length > limits.waiting) {
              return Effect.die(overloaded)
            }
            const answer = Deferred.makeUnsafe<SendAnswer, SendError>()
            if (name !== undefined) underWay.add(name)
            waiting += job.requests.length
            // The lane exists: there are `lanes` of them.
            Queue.offerUnsafe(lanes[job.accountId % limits.lanes] as Queue.Queue<Ticket>, { ...job, name, answer })
            // Leaving does not stop it: the lane goes on, and an idempotency key finds what came of it.
            return Effect.timeoutOrElse(Effect.interruptible(Deferred.await(answer)), {
              duration: limits.patienceMillis,
              orElse: () => Effect.die(undecided)
            })
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
              Effect.flatMap(group.accept([job]), ([exit]) => exit ?? Effect.die(new Error("a job was not answered"))),
            () => Effect.sync(() => name !== undefined && underWay.delete(name))
          )
        }

        const isUnderWay = (name: string | undefined): boolean => name !== undefined && underWay.has(name)

        return SendMessage.of({
          send: Effect.fn("SendMessage.send")(function* (accountId, requests, options) {
            const job = { accountId, requests, idempotency: options?.idempotency }
            const open = yield* unit.isOpen
            return yield* open ? acceptHere(job) : enqueue(job)
          })
        })
      })
    )

  static readonly layer = SendMessage.layerWith(LIMITS)
}

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

const closing = new Unavailable({ message: "The system is shutting down.", retryAfterMillis: 1000, undone: true })

const takeAll = (lane: Queue.Queue<Ticket>): ReadonlyArray<Ticket> => {
  const next = Queue.takeUnsafe(lane)
  return next === undefined || Exit.isFailure(next) ? [] : [next.value, ...takeAll(lane)]
}

const nameOf = ({ accountId, idempotency }: Job): string | undefined =>
  idempotency === undefined ? undefined : `${accountId} ${idempotency.key}`

const inProgress = ({ idempotency }: Job) => Effect.fail(new IdempotencyInProgress({ key: idempotency?.key ?? "" }))
