/**
 * The customers of a simulation: what they ask for, what they were told, and what they do when they are told nothing:
 * most ask again under the same key, at whatever host is there, some give up.
 */
import type { AccountId, Message, Micros, NumberId } from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { bodyOf } from "../Simulation.ts"
import type { SimulatedHost } from "./SimulatedHost.ts"

export interface Wish {
  readonly account: AccountId
  readonly number: NumberId
  readonly key: string
  readonly segments: number
  /** How often it is asked for at most, while there is no answer. */
  readonly patience: number
}

export interface Answered {
  readonly wish: Wish
  /** What it was told in the end: a message, why there is none, or nothing. */
  readonly answer: Message | string | null
}

/** A host that is there now. */
export type FindHost = () => SimulatedHost | undefined

/** Doubling: they wait for a long time while nobody is there. */
const againMillis = (attempt: number): number => Math.min(5000, 700 * 2 ** Math.min(attempt, 10))

/** Undefined: the host died meanwhile, or does not know. */
const ask = Effect.fnUntraced(function* <A, E>(host: SimulatedHost, question: Effect.Effect<A, E>) {
  const asked = yield* Effect.forkDetach(question)
  const exit = yield* Effect.raceFirst(Fiber.await(asked), Effect.as(host.life.over, undefined))
  if (exit === undefined || host.life.isOver()) return undefined
  return exit
})

export const send = Effect.fnUntraced(function* (find: FindHost, wish: Wish) {
  for (let attempt = 0; attempt < wish.patience; attempt++) {
    const answer = yield* sendOnce(find, wish, "as asked")
    if (answer !== null) return { wish, answer } satisfies Answered
    yield* Effect.sleep(againMillis(attempt))
  }
  return { wish, answer: null } satisfies Answered
})

/** Null: there was no answer. */
export const sendOnce = Effect.fnUntraced(function* (find: FindHost, wish: Wish, fingerprint: string) {
  const host = find()
  if (host === undefined) return null
  const request = { fromNumberId: wish.number, to: "+31612345678", body: bodyOf(wish.segments) }
  const idempotency = { key: wish.key, fingerprint }
  const exit = yield* ask(host, Effect.result(host.sms.send(wish.account, request, { idempotency })))
  // A host that dies or is away tells nothing.
  if (exit === undefined) return null
  if (Exit.isFailure(exit)) return null
  const result = exit.value
  if (result._tag === "Success") return result.success.message
  return result.failure._tag === "IdempotencyInProgress" ? null : result.failure._tag
})

/** A credit is asked for until it is booked: its reference makes that harmless. */
export const credit = Effect.fnUntraced(function* (
  find: FindHost,
  account: AccountId,
  amount: Micros,
  reference: string
) {
  for (let attempt = 0; ; attempt++) {
    const host = find()
    if (host !== undefined) {
      const exit = yield* ask(host, host.topUps.credit(account, amount, reference))
      if (exit !== undefined && Exit.isSuccess(exit)) return assert.isTrue(exit.value.micros >= amount)
    }
    yield* Effect.sleep(againMillis(attempt))
  }
})
