/** What an account must have in the end. */
import { type AccountId, advances, type Message, messageReference, Sms } from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Bench } from "./Hosts.ts"
import { type Expected, PRICE } from "./Simulation.ts"

/** Each message has become what it should, its timeline and events tell it, and the ledger has nothing else. */
export const assertOutcome = Effect.fnUntraced(function* (account: AccountId, expected: ReadonlyArray<Expected>) {
  const sms = yield* Sms
  const events = (yield* Bench).events.get(account) ?? []
  for (const {
    acceptances,
    message: { id, segments },
    refunded,
    status
  } of expected) {
    const { message, timeline } = yield* Effect.orDie(sms.message({ accountId: account, id }))
    assert.strictEqual(message.status, status)
    assert.isAtMost(acceptances, 1, "accepted by the carrier")
    assert.strictEqual(message.price.micros, PRICE * BigInt(segments))
    assert.strictEqual(message.reason !== null, status === "failed")
    assert.strictEqual(message.deliveredAt !== null, status === "delivered")
    assert.strictEqual(message.sentAt !== null, !refunded)

    assert.deepStrictEqual(
      timeline.map(({ seq }) => seq),
      timeline.map((_, i) => i + 1)
    )
    if (!refunded)
      assert.isTrue(
        timeline.every(({ detail }) => detail !== "outcome_unknown"),
        "it was waited for still"
      )
    const changes = timeline.filter(({ changed }) => changed)
    for (const [i, { status: next }] of changes.entries()) {
      const before = changes[i - 1]
      if (before !== undefined) assert.isTrue(advances(before.status, next), `${before.status} to ${next}`)
    }
    assert.strictEqual(changes.at(-1)?.status, status)
    assert.deepStrictEqual(
      events.filter((event) => event.message.id === id).map(({ entry }) => entry),
      changes
    )
  }
  yield* assertOnly(
    account,
    expected.map(({ message }) => message),
    expected.filter(({ refunded }) => refunded)
  )
  return expected
})

/** The account has these messages and no others, one charge for each and one refund for some; its balance is the sum. */
export const assertOnly = Effect.fnUntraced(function* (
  account: AccountId,
  messages: ReadonlyArray<Message>,
  refunded: ReadonlyArray<Pick<Expected, "message">> = []
) {
  const sms = yield* Sms
  const entries = (yield* sms.entries(account, { limit: 10_000 })).entries.toReversed()
  let balance = 0n
  for (const { amount, balanceAfter } of entries) {
    balance += amount.micros
    assert.strictEqual(balanceAfter.micros, balance)
    assert.isTrue(balance >= 0n)
  }
  assert.strictEqual((yield* Effect.orDie(sms.balance(account))).micros, balance)

  const booked = entries
    .filter(({ kind }) => kind !== "top_up")
    .map(({ amount, kind, reference }) => `${kind} ${reference} ${amount.micros}`)
  const line = ({ id, price }: Message, kind: string, sign: bigint) =>
    `${kind} ${messageReference(id)} ${sign * price.micros}`
  assert.sameMembers(booked, [
    ...messages.map((message) => line(message, "sms_charge", -1n)),
    ...refunded.map(({ message }) => line(message, "sms_refund", 1n))
  ])
  const listed = yield* sms.messages(account, { limit: 10_000 })
  assert.sameMembers(
    listed.messages.map(({ id }) => id),
    messages.map(({ id }) => id)
  )
})
