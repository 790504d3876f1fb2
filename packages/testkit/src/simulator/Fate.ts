/** What the simulated carrier does with a message: by its seed and the message's name alone, so that a run can be had again. */
import { seededRandom } from "../seededRandom.ts"

export type Answer =
  /** Taken, and answered after a moment. */
  | "accept"
  /** Taken, and the connection is destroyed instead of an answer. */
  | "accept and lose"
  /** Not taken, and the connection is destroyed just the same: nobody can tell it from the one above. */
  | "vanish"
  | "reject"

export interface FatedReceipt {
  readonly status: "sent" | "delivered" | "failed"
  readonly afterMillis: number
  /** How often the same event is told. */
  readonly copies: number
}

export interface Fate {
  /** Submits that meet a temporary failure first. */
  readonly temporaryFailures: number
  readonly answer: Answer
  readonly answerMillis: number
  /** Receipts are told before the answer. */
  readonly early: boolean
  /** Receipts bear our name of the message instead of the carrier's. */
  readonly namesMessage: boolean
  /** Empty for what was not taken, and for some of what was. */
  readonly receipts: ReadonlyArray<FatedReceipt>
}

/** Beyond this an answer is late. */
export const LATE_MILLIS = 2000

export const fateOf = (seed: number, clientRef: string): Fate => {
  const chance = seededRandom(`${seed} ${clientRef}`)
  const temporaryFailures = chance() < 0.12 ? 1 + Math.floor(chance() * 2) : 0
  const answer = oneOf(chance(), [
    [0.08, "reject"],
    [0.05, "accept and lose"],
    [0.01, "vanish"],
    [1, "accept"]
  ] as const)
  // Some answers come later than the host waits for them.
  const answerMillis = oneOf(chance(), [
    [0.005, 12_000],
    [0.03, LATE_MILLIS + chance() * 2000],
    [0.5, chance() * 500],
    [1, chance() * 40]
  ] as const)
  const early = chance() < 0.15
  const namesMessage = chance() < 0.5
  const taken = answer === "accept" || answer === "accept and lose"
  return { temporaryFailures, answer, answerMillis, early, namesMessage, receipts: taken ? receiptsBy(chance) : [] }
}

/** Each after a while of its own, so that `sent` often comes after what ended the message. */
const receiptsBy = (chance: () => number): ReadonlyArray<FatedReceipt> => {
  const end = oneOf(chance(), [
    [0.08, undefined],
    [0.12, "failed"],
    [1, "delivered"]
  ] as const)
  const all: Array<FatedReceipt["status"]> = []
  if (chance() < 0.3) all.push("sent")
  if (end !== undefined) all.push(end)
  return all.map((status) => ({ status, afterMillis: chance() * 1500, copies: chance() < 0.2 ? 2 : 1 }))
}

/** The first whose share, beyond those before it, holds the number; the last has a share of 1. */
const oneOf = <A>(number: number, choices: ReadonlyArray<readonly [share: number, choice: A]>): A => {
  let sum = 0
  for (const [share, choice] of choices) {
    sum += share
    if (number < sum) return choice
  }
  throw new Error("the shares do not add up")
}
