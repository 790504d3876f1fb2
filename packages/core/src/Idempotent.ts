/**
 * Use case: whatever creates something, once per idempotency key. What the work does through the ports commits together
 * with the answer that a repetition is given; work that fails leaves the key free.
 */
import { Cause, Clock, Context, Effect, Layer, Schema } from "effect"
import { OPERATOR, type Owner } from "./Account.ts"
import { Idempotency, type IdempotencyKey, IdempotencyInProgress, IdempotencyMismatch } from "./Idempotency.ts"
import { asRepeated, isUndone } from "./StoreSurely.ts"
import { UnitOfWork } from "./UnitOfWork.ts"
import { Wallet } from "./wallet/Wallet.ts"

/** How an answer is kept as text. */
export interface Kept<A> {
  readonly encode: (answer: A) => string
  readonly decode: (text: string) => Effect.Effect<A>
}

/** JSON by a schema. What was kept under another version of it is a defect. */
export const keptAs = <A, I>(schema: Schema.Codec<A, I>): Kept<A> => {
  const codec = Schema.fromJsonString(Schema.toCodecJson(schema))
  const decode = Schema.decodeUnknownEffect(codec)
  return { encode: Schema.encodeSync(codec), decode: (text) => Effect.orDie(decode(text)) }
}

export interface Repeatable<A> {
  readonly owner: Owner
  /** Without a key it is simply done. */
  readonly idempotency: IdempotencyKey | undefined
  readonly kept: Kept<A>
}

export interface Once<A> {
  readonly answer: A
  /** Whether it is the answer of an earlier request. */
  readonly replayed: boolean
}

export type RepeatError = IdempotencyMismatch | IdempotencyInProgress

export class Idempotent extends Context.Service<
  Idempotent,
  {
    /** Runs `work` in one unit of work. */
    run<A, E, R>(request: Repeatable<A>, work: Effect.Effect<A, E, R>): Effect.Effect<Once<A>, E | RepeatError, R>
    /**
     * The same for work that has to call others first, outside of the unit of work: `prepare` runs only when no answer
     * is kept, `abandon` when what it prepared came to nothing.
     */
    runPrepared<A, B, E, F, R>(
      request: Repeatable<A>,
      steps: {
        readonly prepare: Effect.Effect<B, E, R>
        readonly work: (prepared: B) => Effect.Effect<A, F, R>
        readonly abandon: (prepared: B) => Effect.Effect<void, never, R>
      }
    ): Effect.Effect<Once<A>, E | F | RepeatError, R>
  }
>()("@cliqtel/sms-core/Idempotent") {
  static readonly layer = Layer.effect(
    Idempotent,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const idempotency = yield* Idempotency
      const wallet = yield* Wallet
      const underWay = new Set<string>()

      const claim = Effect.fnUntraced(function* <A>({ idempotency: key, kept, owner }: Repeatable<A>) {
        if (key === undefined) return undefined
        // As sends do: who waited for a key with wallets in hand would hold up whoever waits for these.
        if (owner !== OPERATOR) yield* wallet.lock([owner])
        const at = yield* Clock.currentTimeMillis
        const [claimed] = yield* idempotency.claim([{ ...key, accountId: owner, at }])
        if (claimed?._tag === "Mismatch") return yield* new IdempotencyMismatch({ key: key.key })
        return claimed?._tag === "Replay" ? { answer: yield* kept.decode(claimed.answer), replayed: true } : undefined
      })

      const runHere = <A, E, R>(request: Repeatable<A>, work: Effect.Effect<A, E, R>) =>
        unit.run(
          Effect.gen(function* () {
            const before = yield* claim(request)
            if (before !== undefined) return before
            const answer = yield* work
            if (request.idempotency !== undefined) {
              const { key } = request.idempotency
              yield* idempotency.settle([{ accountId: request.owner, key, answer: request.kept.encode(answer) }])
            }
            return { answer, replayed: false }
          })
        )

      /** Only looks: the claim is undone again. */
      const look = <A>(request: Repeatable<A>) =>
        unit
          .run(
            Effect.gen(function* () {
              return (yield* claim(request)) ?? (yield* new KeyIsFree())
            })
          )
          .pipe(Effect.catchTag("KeyIsFree", () => Effect.undefined))

      /** One at a time in this process; in others they wait for each other in the store. */
      const alone = <A, B, E, R>({ idempotency: key, owner }: Repeatable<A>, body: Effect.Effect<B, E, R>) => {
        if (key === undefined) return body
        const name = `${owner} ${key.key}`
        return Effect.acquireUseRelease(
          Effect.suspend(() => {
            if (underWay.has(name)) return Effect.fail(new IdempotencyInProgress({ key: key.key }))
            underWay.add(name)
            return Effect.void
          }),
          () => Effect.flatMap(Effect.exit(body), asRepeated),
          () => Effect.sync(() => underWay.delete(name))
        )
      }

      return Idempotent.of({
        run: (request, work) => alone(request, runHere(request, work)),
        runPrepared: (request, { abandon, prepare, work }) =>
          alone(
            request,
            Effect.gen(function* () {
              const before = yield* look(request)
              if (before !== undefined) return before
              const prepared = yield* prepare
              let isDone = false
              const done = yield* runHere(
                request,
                Effect.tap(work(prepared), () => Effect.sync(() => (isDone = true)))
              ).pipe(
                // What may have been stored is not given up: an interruption during the commit is seen after it.
                Effect.onError((cause) =>
                  isUndone(cause) && !(isDone && Cause.hasInterrupts(cause)) ? abandon(prepared) : Effect.void
                )
              )
              // Another host was quicker with the same key.
              if (done.replayed) yield* abandon(prepared)
              return done
            })
          )
      })
    })
  )
}

class KeyIsFree extends Schema.TaggedError<KeyIsFree>()("KeyIsFree", {}) {}
