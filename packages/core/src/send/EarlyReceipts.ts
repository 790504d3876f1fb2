/**
 * Receipts that overtake the carrier's answer: while that is not written back they would find no message, be put off and
 * looked at again. They wait for it instead, before they are stored, and so before they are acknowledged.
 */
import { Effect, Latch } from "effect"
import { answeredRef, normalRef } from "../status/CarrierRef.ts"
import type { CarrierProfile, Receipt, SubmitOutcome } from "./Carrier.ts"
import type { Lease } from "./DispatchQueue.ts"

/** No longer than this: a store that cannot write answers back is to have the receipts all the same. */
const LONGEST_MILLIS = 1000

type Answer = { readonly lease: Lease; readonly outcome: SubmitOutcome }

export interface EarlyReceipts {
  /** The carrier has answered, and that is not written back yet. */
  answered(answer: Answer): void
  /** These are, or never will be. */
  settled(answers: ReadonlyArray<Answer>): void
  /** Hands over those of one carrier in their order: at once, or when the answer that they are about is written back. */
  store(
    receipts: ReadonlyArray<Receipt>,
    put: (receipts: ReadonlyArray<Receipt>) => Effect.Effect<void>
  ): Effect.Effect<void>
}

export const makeEarlyReceipts = ({ receiptIds }: CarrierProfile): EarlyReceipts => {
  /** The ids in each answer that is not written back, by its lease; and in how many of these an id is. */
  const answers = new Map<string, ReadonlyArray<string>>()
  const unsettled = new Map<string, number>()
  const changed = Latch.makeUnsafe(false)

  const isEarly = ({ ref }: Receipt): boolean =>
    ref._tag === "Carrier" && unsettled.has(answeredRef(ref.id, receiptIds))

  /** Where it can be told: what is wrong with a receipt is found by whoever stores it. */
  const firstEarly = (receipts: ReadonlyArray<Receipt>): number => {
    if (unsettled.size === 0) return -1
    try {
      return receipts.findIndex(isEarly)
    } catch {
      return -1
    }
  }

  const untilSettled = (receipts: ReadonlyArray<Receipt>): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (firstEarly(receipts) < 0) return Effect.void
      changed.closeUnsafe()
      return Effect.andThen(changed.await, untilSettled(receipts))
    })

  return {
    answered: ({ lease: { token }, outcome }) => {
      const refs = refsOf(outcome)
      if (refs.length === 0) return
      answers.set(token, refs)
      for (const ref of refs) unsettled.set(ref, (unsettled.get(ref) ?? 0) + 1)
    },
    settled: (written) => {
      for (const { lease } of written) {
        for (const ref of answers.get(lease.token) ?? []) {
          const left = (unsettled.get(ref) ?? 1) - 1
          if (left === 0) unsettled.delete(ref)
          else unsettled.set(ref, left)
        }
        answers.delete(lease.token)
      }
      changed.openUnsafe()
    },
    store: (receipts, put) =>
      Effect.suspend(() => {
        const first = firstEarly(receipts)
        if (first < 0) return put(receipts)
        // What comes after an early one stays after it.
        const later = receipts.slice(first)
        const now = first === 0 ? Effect.void : put(receipts.slice(0, first))
        return now.pipe(
          Effect.andThen(Effect.timeoutOption(untilSettled(later), LONGEST_MILLIS)),
          Effect.andThen(Effect.suspend(() => put(later)))
        )
      })
  }
}

/** In their normal spelling. Throws for an outcome that is none. */
export const refsOf = (outcome: SubmitOutcome): ReadonlyArray<string> =>
  outcome._tag === "Accepted" ? outcome.refs.map(normalRef) : []
