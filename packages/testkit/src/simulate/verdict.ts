/** What must have become of everything in the end, judged by what the carrier knows and what the customers were told. */
import { type AccountId, clientRef, isFinal, type Message, MessageStore, Sms, statusOfParts } from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { assertOutcome } from "../assertOutcome.ts"
import { type Expected } from "../Simulation.ts"
import { count } from "./tally.ts"
import type { Answered } from "./Customer.ts"
import type { Taken } from "./SimulatedCarrier.ts"
import type { World } from "./SimulatedHost.ts"

/** A host that lives this long after an answer has written it back. */
const WRITTEN_BACK_MILLIS = 2000

export const assertRest = Effect.fnUntraced(function* (
  account: AccountId,
  world: World,
  answers: ReadonlyArray<Answered>,
  topUps: Array<string>
) {
  const sms = yield* Sms
  const store = yield* MessageStore
  const { messages } = yield* sms.messages(account, { limit: 10_000 })

  const expected: Array<Expected> = []
  for (const message of messages) {
    assert.isTrue(isFinal(message.status), `message ${message.id} is ${message.status}`)
    const acceptances = world.carrier.taken.filter((one) => one.clientRef === clientRef(message))
    const [held] = yield* store.lock([{ accountId: account, id: message.id }])
    const told = held !== undefined && held.parts.length > 0
    expected.push({ message, ...outcomeOf(acceptances, told, world), acceptances: acceptances.length })
  }
  yield* assertOutcome(account, expected)

  assertAnswers(account, messages, answers)
  const { entries } = yield* sms.entries(account, { limit: 10_000 })
  assert.sameMembers(
    entries.flatMap(({ kind, reference }) => (kind === "top_up" ? [reference] : [])),
    topUps
  )
})

const outcomeOf = (
  acceptances: ReadonlyArray<Taken>,
  told: boolean,
  { coverage, lives }: World
): Pick<Expected, "status" | "refunded"> => {
  const [one] = acceptances
  if (one === undefined) {
    assert.isFalse(told, "an acceptance that never was")
    return { status: "failed", refunded: true }
  }
  if (one.answeredAt !== null && one.answeredAt + WRITTEN_BACK_MILLIS < one.life.endedAt()) {
    // Its lease may have run out, before the call or after it. A host that stands still in a unit of work keeps all waiting.
    const [from, to] = [one.takenAt - WRITTEN_BACK_MILLIS, one.answeredAt + WRITTEN_BACK_MILLIS]
    const late = lives.some((life) => life.stoodStill(from, to))
    if (late && !told) count(coverage.mishaps, "a late acceptance is refused")
    assert.isTrue(told || late, "an answer was not written back")
  }
  if (!told && !one.byName) return { status: "failed", refunded: true }
  const parts = one.refs.map((ref, i) => ({ ref, status: one.finals[i] ?? "sent" }))
  return { status: statusOfParts(parts), refunded: false }
}

/** Each key is one message at most; what somebody was told is there. */
const assertAnswers = (account: AccountId, messages: ReadonlyArray<Message>, answers: ReadonlyArray<Answered>) => {
  const own = answers.filter(({ wish }) => wish.account === account)
  const stored = new Map<number, Message>(messages.map((message) => [message.id, message]))
  const told = new Set<number>()
  for (const { answer, wish } of own) {
    if (answer === null || typeof answer === "string") continue
    assert.isFalse(told.has(answer.id), "a message of two keys")
    told.add(answer.id)
    assert.strictEqual(stored.get(answer.id)?.segments, wish.segments)
    assert.strictEqual(answer.segments, wish.segments)
    assert.strictEqual(answer.numberId, wish.number)
  }
  const silent = own.filter(({ answer }) => answer === null)
  assert.isAtLeast(messages.length, told.size)
  assert.isAtMost(messages.length, told.size + silent.length, "messages that nobody has asked for")
}
