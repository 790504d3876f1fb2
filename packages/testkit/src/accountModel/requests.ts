/** What commands ask for and carriers answer. */
import { type Body, type SubmitOutcome } from "@cliqtel/sms-core"
import fc from "fast-check"
import { bodyOf } from "../Simulation.ts"
import type { End, Outcome } from "./MessageModel.ts"
import type { Model } from "./Model.ts"
import type { World } from "./World.ts"

/** Mostly the one that begins with SMS on. */
export const sender = fc.constantFrom(0, 0, 0, 1)
export const segments = fc.integer({ min: 1, max: 3 })
export const amount = fc.constantFrom(1n, 7_999n, 8_000n, 8_000n, 16_000n, 749_999n, 750_000n)

const BODIES: ReadonlyArray<Body> = [1, 2, 3].map(bodyOf)

export const numberOf = (world: World, number: number) => {
  const found = world.numbers[number]
  if (found === undefined) throw new Error("there are two numbers")
  return found
}

export const request = (world: World, number: number, count: number) => ({
  fromNumberId: numberOf(world, number).id,
  to: "+31612345678",
  body: BODIES[count - 1] ?? bodyOf(count)
})

export const anyAnswer = {
  which: fc.nat(7),
  outcome: fc.constantFrom<Outcome>("accept", "accept", "reject", "temporary", "unknown"),
  // Of an unknown outcome: whether the carrier has it.
  taken: fc.boolean(),
  ends: fc.array(fc.constantFrom<End>("delivered", "failed"), { minLength: 1, maxLength: 2 })
}

export interface AnyAnswer {
  readonly which: number
  readonly outcome: Outcome
  readonly taken: boolean
  readonly ends: ReadonlyArray<End>
}

/** The carrier answers for a message that a host has in hand. */
export const answerFor = (model: Model, world: World, { ends, outcome, taken, which }: AnyAnswer) => {
  const [held] = world.inHand.splice(which % world.inHand.length, 1)
  const message = model.messages.find(({ id }) => id === held?.message.id)
  if (held === undefined || message === undefined) return undefined
  model.inHand--
  // A carrier that knows a repeated submit does not reject what it has.
  const said = message.taken !== null && outcome === "reject" ? "accept" : outcome
  if (said === "accept" || (said === "unknown" && taken)) {
    message.taken ??= { refs: ends.map((_, part) => `${world.carrier}-${message.id}-${part}`), ends }
  }
  const answered = { lease: held.lease, outcome: outcomeOf(said, message.taken?.refs ?? []) }
  return { answered, held, message, said }
}

const outcomeOf = (outcome: Outcome, refs: ReadonlyArray<string>): SubmitOutcome => {
  switch (outcome) {
    case "accept":
      return { _tag: "Accepted", refs }
    case "reject":
      return { _tag: "Rejected", reason: "invalid_destination" }
    case "temporary":
      return { _tag: "Temporary" }
    case "unknown":
      return { _tag: "Unknown" }
  }
}
