/** One unit of work that accepts a group of sends: lock, decide, store. */
import { Clock, Context, Effect, Exit, Layer, Result } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import { type Claimed, Idempotency, type IdempotencyKey, IdempotencyMismatch } from "../Idempotency.ts"
import { RateLimits } from "../limit/RateLimits.ts"
import type { Bucket } from "../limit/TokenBucket.ts"
import type { Body, Instant, Message } from "../Message.ts"
import { lowBalanceEvents } from "../notify/AccountEvent.ts"
import { Notifier } from "../notify/Notifier.ts"
import { tellAccount } from "../notify/Outbox.ts"
import { type NumberKey, NumberRegistry, type OwnedNumber } from "../number/NumberRegistry.ts"
import { type Destination, parseDestination } from "../PhoneNumber.ts"
import { RateDeck } from "../price/RateDeck.ts"
import { gsm7 } from "../segment/Alphabet.ts"
import { MAX_PARTS } from "../segment/Capacity.ts"
import { countSegments, encodingOf } from "../segment/Segment.ts"
import { queuedEntry } from "../status/Lifecycle.ts"
import { MessageStore } from "../status/MessageStore.ts"
import { atOnce, UnitOfWork } from "../UnitOfWork.ts"
import { smsCharge } from "../wallet/Ledger.ts"
import { Wallet } from "../wallet/Wallet.ts"
import {
  type Accepted,
  type AccountState,
  decide,
  type Decision,
  type Facts,
  InvalidDestination,
  withId
} from "./Acceptance.ts"
import { Carriers } from "./Carrier.ts"
import { DispatchQueue } from "./DispatchQueue.ts"
import { keepAnswer, keptAnswer, type SendResults } from "./KeptAnswer.ts"
import { type Conversation, OptOuts } from "./OptOut.ts"
import { Wakeups } from "./Wakeups.ts"

export interface SendRequest {
  readonly fromNumberId: NumberId
  /** E.164; anything else is an `InvalidDestination`. */
  readonly to: string
  readonly body: Body
}

/** What one call asks for. */
export interface Job {
  readonly accountId: AccountId
  readonly requests: ReadonlyArray<SendRequest>
  readonly idempotency: IdempotencyKey | undefined
  /** Later than this it must not be done any more. */
  readonly until?: Instant | undefined
}

export interface JobAnswer {
  readonly results: SendResults
  readonly bucket: Bucket | null
  readonly replayed: boolean
  /** The `origin` of the request that was answered first. */
  readonly origin: string | undefined
}

/** For wallets that others hold; briefly: as long as other hosts hold them. */
export type Waits = "long" | "briefly" | "not"

export type JobExit = Exit.Exit<JobAnswer, IdempotencyMismatch>

export class AcceptGroup extends Context.Service<
  AcceptGroup,
  {
    /**
     * Answers each job, in order; undefined: nothing was done for it, since it is too late, or since somebody holds its wallet
     * for longer than it is to wait. `whenDecided` runs when nothing but the store is waited for, again if that has it
     * done again.
     */
    accept(
      jobs: ReadonlyArray<Job>,
      waits: Waits,
      whenDecided?: Effect.Effect<void>
    ): Effect.Effect<ReadonlyArray<JobExit | undefined>>
  }
>()("@cliqtel/sms-core/send/AcceptGroup") {
  static readonly layer = Layer.effect(
    AcceptGroup,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const idempotency = yield* Idempotency
      const wallet = yield* Wallet
      const rateLimits = yield* RateLimits
      const numbers = yield* NumberRegistry
      const optOuts = yield* OptOuts
      const messages = yield* MessageStore
      const queue = yield* DispatchQueue
      const deck = yield* RateDeck
      const carriers = yield* Carriers
      const notifier = yield* Notifier
      const tellOwner = yield* tellAccount
      const wakeups = yield* Wakeups

      /** Which jobs go ahead: those without a key, and the first of each that was not there yet. Undefined: not ours. */
      const claim = Effect.fnUntraced(function* (jobs: ReadonlyArray<Job>, isOurs: (job: Job) => boolean, at: Instant) {
        const keyed = jobs
          .filter(isOurs)
          .flatMap(({ accountId, idempotency: key }) => (key === undefined ? [] : [{ ...key, accountId, at }]))
        const claimed = keyed.length === 0 ? [] : yield* idempotency.claim(keyed)
        let next = 0
        return jobs.map((job): Claimed | undefined => {
          if (!isOurs(job)) return undefined
          return job.idempotency === undefined ? FRESH : (claimed[next++] ?? FRESH)
        })
      })

      const factsOf = (prepared: Prepared, number: OwnedNumber | undefined, optedOut: OptedOut): Facts => {
        const { destination, request } = prepared
        const profile = number === undefined ? undefined : carriers.get(number.carrier)?.profile
        const alphabet = profile?.alphabet ?? gsm7
        const reachable = !(destination instanceof InvalidDestination)
        return {
          fromNumberId: request.fromNumberId,
          number,
          destination,
          // A number whose carrier this system is not connected to has no route.
          unitPrice: reachable && profile !== undefined ? deck.unitPrice(destination) : null,
          optedOut: reachable && number !== undefined && optedOut(number, destination.number),
          body: request.body,
          segments: countSegments(request.body, { alphabet }),
          encoding: encodingOf(request.body, { alphabet }),
          maxParts: profile?.maxParts ?? MAX_PARTS
        }
      }

      /** The last group that stored something held its wallets for so long: those of other hosts will, too. */
      let heldMillis = 0

      const hold = (accounts: ReadonlyArray<AccountId>, waits: Waits) => {
        switch (waits) {
          case "long":
            return wallet.lock(accounts)
          case "briefly":
            return wallet.lockSoon(accounts, Math.min(LONGEST_MILLIS, Math.max(BRIEF_MILLIS, 3 * heldMillis)))
          case "not":
            return wallet.lockFree(accounts)
        }
      }

      const run = Effect.fnUntraced(function* (
        jobs: ReadonlyArray<Job>,
        waits: Waits,
        whenDecided: Effect.Effect<void>
      ) {
        const prepared = jobs.map((job) => job.requests.map((one) => prepare(job, one)))
        const asked = prepared.flat()
        const [held, read] = yield* atOnce([
          Effect.exit(hold(accountsOf(jobs), waits)),
          Effect.exit(
            atOnce([
              Effect.map(numbers.find(uniqueNumbers(asked)), byKey),
              Effect.map(optOuts.find(conversationsOf(asked)), lookUp),
              messages.nextIds(asked.length)
            ])
          )
        ])
        // This one first: without the locks nothing else succeeds.
        const wallets = yield* held
        const [owned, optedOut, ids] = yield* read
        const isOurs = ({ accountId }: Job) => waits !== "not" || wallets.has(accountId)
        const accounts = accountsOf(jobs.filter(isOurs))
        const buckets = yield* rateLimits.lock(accounts)
        // Under the wallets' locks: who waited for a key would hold up whoever waits for its wallets.
        const claims = yield* claim(jobs, isOurs, yield* Clock.currentTimeMillis)
        // The buckets' clock never runs backwards within one store.
        const now = yield* Clock.currentTimeMillis

        const isFresh = (i: number) => claims[i]?._tag === "Fresh"
        /** Others hold its wallet, or it is too late for it. */
        const left = jobs.map(({ until = Infinity }, i) => claims[i] === undefined || (isFresh(i) && until < now))

        const states = new Map<AccountId, AccountState>()
        for (const accountId of accounts) {
          const held = wallets.get(accountId)
          const bucket = buckets.get(accountId)
          if (held === undefined || bucket === undefined) {
            return yield* Effect.die(new Error(`account ${accountId} has no wallet or no rate limit`))
          }
          states.set(accountId, { accountId, wallet: held, bucket })
        }

        const decided = prepared.map((requests, i) =>
          (isFresh(i) && left[i] === false ? requests : []).map((one): Decision => {
            // Every prepared request's account was put there above.
            const state = states.get(one.accountId) as AccountState
            const number = owned.get(numberKey(one.accountId, one.request.fromNumberId))
            const [next, decision] = decide(state, factsOf(one, number, optedOut), now)
            states.set(one.accountId, next)
            return decision
          })
        )

        const spent = new Map([...states].map(([accountId, state]) => [accountId, state.bucket]))
        let next = 0
        // As many ids as requests were asked for.
        const identified = (message: Accepted) => withId(message, ids[next++] as Message["id"])
        const answers = jobs.map((_, i) =>
          (decided[i] ?? []).map((decision) =>
            decision.accepted ? Result.succeed(identified(decision.message)) : Result.fail(decision.rejection)
          )
        )
        const stored = answers.flat().flatMap((result) => (Result.isSuccess(result) ? [result.success] : []))

        if (stored.length > 0) {
          // A store that need not be waited for has the first ones while the next are made.
          for (let from = 0; from < stored.length; from += WRITE_SIZE) {
            const some = stored.slice(from, from + WRITE_SIZE)
            yield* atOnce([
              ...(from === 0 ? [rateLimits.save(spent), settle(jobs, claims, answers)] : []),
              wallet.post(some.map((message) => smsCharge(message.accountId, message.id, message.price, now))),
              messages.insert(some.map(eventOf(now))),
              queue.enqueue(some.map(waitingOf(owned)))
            ])
          }
          const low = [...states].flatMap(([accountId, state]) => {
            const before = wallets.get(accountId)
            return before === undefined ? [] : lowBalanceEvents(accountId, before, state.wallet, now)
          })
          if (low.length > 0) yield* tellOwner(low)
          yield* unit.afterCommit(
            notifier.publish(stored.map(eventOf(now))).pipe(Effect.andThen(wakeups.dispatch.ring))
          )
        } else yield* settle(jobs, claims, answers)

        yield* whenDecided
        const exits = yield* Effect.forEach(jobs, (job, i) =>
          left[i] === true ? Effect.undefined : answer(job, claims[i], answers[i] ?? [], states)
        )
        return { exits, since: stored.length > 0 ? now : undefined }
      })

      /** A key is kept with its answer once something was created, and free again when nothing was. */
      const settle = Effect.fnUntraced(function* (
        jobs: ReadonlyArray<Job>,
        claims: ReadonlyArray<Claimed | undefined>,
        answers: ReadonlyArray<SendResults>
      ) {
        const settled = jobs.flatMap(({ accountId, idempotency: key }, i) => {
          const results = answers[i] ?? []
          if (key === undefined || claims[i]?._tag !== "Fresh") return []
          return [
            {
              accountId,
              key: key.key,
              answer: results.some(Result.isSuccess) ? keepAnswer({ origin: key.origin, results }) : null
            }
          ]
        })
        if (settled.length > 0) yield* idempotency.settle(settled)
      })

      const accept: AcceptGroup["Service"]["accept"] = (jobs, waits, whenDecided = Effect.void) =>
        Effect.gen(function* () {
          const { exits, since } = yield* unit.run(run(jobs, waits, whenDecided))
          if (since !== undefined) heldMillis = (yield* Clock.currentTimeMillis) - since
          return exits
        }).pipe(
          Effect.catchTag("WalletHeld", () =>
            accountsOf(jobs).length > 1 ? accept(jobs, "not", whenDecided) : Effect.succeed(jobs.map(() => undefined))
          )
        )

      return AcceptGroup.of({ accept })
    })
  )
}

/** For each wallet: longer than groups of other hosts hold them, where commits take long too. */
const BRIEF_MILLIS = 50
const LONGEST_MILLIS = 500

/** Messages that are written at once. */
const WRITE_SIZE = 250

const eventOf = (now: Instant) => (message: Message) => ({ message, entry: queuedEntry(now) })

const waitingOf =
  (owned: ReadonlyMap<string, OwnedNumber>) =>
  ({ accountId, carrier, createdAt, id, numberId }: Message) => {
    const waits = owned.get(numberKey(accountId, numberId))?.profileAssigned === false
    return { accountId, id, createdAt, carrier, heldFor: waits ? numberId : null }
  }

const FRESH: Claimed = { _tag: "Fresh" }

const answer = (
  job: Job,
  claimed: Claimed | undefined,
  results: SendResults,
  states: ReadonlyMap<AccountId, AccountState>
): Effect.Effect<JobExit> => {
  switch (claimed?._tag) {
    case "Mismatch":
      return Effect.succeed(Exit.fail(new IdempotencyMismatch({ key: job.idempotency?.key ?? "" })))
    case "Replay":
      return Effect.map(keptAnswer(claimed.answer), ({ origin, results: kept }) =>
        Exit.succeed({ results: kept, bucket: null, replayed: true, origin })
      )
    default:
      return Effect.succeed(
        Exit.succeed({
          results,
          bucket: states.get(job.accountId)?.bucket ?? null,
          replayed: false,
          origin: job.idempotency?.origin
        })
      )
  }
}

/** A request with its destination read, once. */
interface Prepared {
  readonly accountId: AccountId
  readonly request: SendRequest
  readonly destination: Destination | InvalidDestination
}

const prepare = ({ accountId }: Job, request: SendRequest): Prepared => {
  const parsed = parseDestination(request.to)
  return {
    accountId,
    request,
    destination: Result.isSuccess(parsed) ? parsed.success : new InvalidDestination({ reason: parsed.failure.reason })
  }
}

const accountsOf = (jobs: ReadonlyArray<Job>): ReadonlyArray<AccountId> => [
  ...new Set(jobs.map(({ accountId }) => accountId))
]

const numberKey = (accountId: AccountId, id: NumberId): string => `${accountId} ${id}`

const uniqueNumbers = (requests: ReadonlyArray<Prepared>): ReadonlyArray<NumberKey> => {
  const unique = new Map<string, NumberKey>()
  for (const {
    accountId,
    request: { fromNumberId: id }
  } of requests) {
    unique.set(numberKey(accountId, id), { accountId, id })
  }
  return [...unique.values()]
}

const byKey = (owned: ReadonlyArray<OwnedNumber>): ReadonlyMap<string, OwnedNumber> =>
  new Map(owned.map((number) => [numberKey(number.accountId, number.id), number]))

const conversationsOf = (requests: ReadonlyArray<Prepared>): ReadonlyArray<Conversation> =>
  requests.flatMap(({ accountId, destination, request }) =>
    destination instanceof InvalidDestination
      ? []
      : [{ accountId, numberId: request.fromNumberId, person: destination.number }]
  )

type OptedOut = (number: OwnedNumber, person: string) => boolean

const lookUp = (found: ReadonlyArray<Conversation>): OptedOut => {
  const names = new Set(found.map(({ numberId, person }) => `${numberId} ${person}`))
  return (number, person) => names.size > 0 && names.has(`${number.id} ${person}`)
}
