import fc from "fast-check"
import { assert, describe, test } from "vitest"
import { AccountId, NumberId } from "../../src/Account.ts"
import { Body } from "../../src/Message.ts"
import { SEND_LIMITS } from "../../src/send/SendLimits.ts"
import { makeWaitingSends, type WaitingSend } from "../../src/send/WaitingSends.ts"

const request = { fromNumberId: NumberId.make(1), to: "+31612345678", body: Body.make("Hi") }

const limits = { ...SEND_LIMITS, groupSize: 6, shareSize: 4, besideSize: 3, waiting: 40 }

interface Send extends WaitingSend {
  readonly place: number
}

const messagesOf = (sends: ReadonlyArray<Send>) => sends.reduce((sum, { requests }) => sum + requests.length, 0)

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ add: fc.integer({ min: 1, max: 3 }), messages: fc.integer({ min: 1, max: 5 }) })
  },
  { weight: 2, arbitrary: fc.record({ take: fc.constantFrom("line" as const, 1, Infinity) }) },
  { weight: 2, arbitrary: fc.record({ end: fc.nat(), leaves: fc.array(fc.boolean(), { minLength: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ lateBy: fc.integer({ min: 0, max: 5 }) }) }
)

describe("sends that wait for a group", () => {
  test("none is lost or taken twice, each account's go in their order, and it is known how many messages wait", () => {
    let left = 0
    let apart = 0
    let expired = 0
    const sizes = new Set<number>()
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const sends = makeWaitingSends<Send>(limits)
        const added: Array<Send> = []
        const done: Array<Send> = []
        let groups: Array<ReadonlyArray<Send>> = []
        let now = 0
        /** Accounts that stand apart, in their order. */
        const held = new Set<AccountId>()
        const forget = () => {
          for (const account of held) {
            if (!sends.all().some(({ accountId }) => accountId === account)) held.delete(account)
          }
        }
        const isBusy = (account: AccountId) => groups.flat().some(({ accountId }) => accountId === account)
        for (const one of steps) {
          if ("add" in one) {
            const send: Send = {
              accountId: AccountId.make(one.add),
              requests: Array.from({ length: one.messages }, () => request),
              idempotency: undefined,
              until: now + 9,
              place: added.length
            }
            added.push(send)
            sends.add(send)
          } else if ("take" in one) {
            const group = one.take === "line" ? sends.take(isBusy) : sends.takeApart(isBusy, one.take)
            const accounts = new Set(group.map(({ accountId }) => accountId))
            assert.isTrue(group.every(({ accountId }) => !isBusy(accountId)))
            if (one.take === "line") for (const account of accounts) assert.isFalse(held.has(account))
            else {
              assert.isAtMost(accounts.size, one.take)
              const first = [...held].find((account) => !isBusy(account))
              assert.strictEqual(group[0]?.accountId, first, "the one that was put there first")
              if (accounts.size > 1) apart++
            }
            // The last one may be larger than the room that was left.
            assert.isBelow(messagesOf(group.slice(0, -1)), limits.groupSize)
            sizes.add(group.length)
            if (group.length > 0) groups.push(group)
            forget()
          } else if ("end" in one) {
            const group = groups[one.end % Math.max(1, groups.length)] ?? []
            groups = groups.filter((other) => other !== group)
            const isLeft = ({ accountId }: Send) => one.leaves[accountId % one.leaves.length] === true
            sends.putApart(group.filter(isLeft))
            for (const accountId of new Set(group.filter(isLeft).map(({ accountId }) => accountId))) {
              held.delete(accountId)
              held.add(accountId)
            }
            left += group.filter(isLeft).length
            done.push(...group.filter((send) => !isLeft(send)))
          } else {
            now += one.lateBy
            const gone = sends.dropExpired(now)
            assert.isTrue(gone.every(({ until }) => until <= now) && sends.all().every(({ until }) => until > now))
            expired += gone.length
            done.push(...gone)
            forget()
          }
          assert.strictEqual(sends.heldAccounts, held.size)
          assert.sameMembers([...sends.all(), ...groups.flat(), ...done], added)
          const room = limits.waiting - messagesOf(sends.all())
          for (const account of [1, 2, 3]) {
            const accountId = AccountId.make(account)
            const own = messagesOf(sends.all().filter((send) => send.accountId === accountId))
            for (const messages of [1, room - own, room - own + 1].filter((some) => some > 0)) {
              const requests = Array.from({ length: messages }, () => request)
              const job = { accountId, requests, idempotency: undefined }
              assert.strictEqual(
                sends.hasRoom(job),
                own + messages <= room,
                `${own} of its own and ${messages}, room for ${room}`
              )
            }
          }
          for (const own of Map.groupBy(sends.all(), ({ accountId }) => accountId).values()) {
            const places = own.map(({ place }) => place)
            assert.deepStrictEqual(
              places,
              places.toSorted((a, b) => a - b)
            )
          }
          const line = sends.all().filter(({ accountId }) => !held.has(accountId))
          assert.strictEqual(sends.callers, line.length)
          const free = messagesOf(line.filter(({ accountId }) => !isBusy(accountId)))
          assert.strictEqual(sends.hasManyFree(isBusy), free >= limits.besideSize)
        }
      }),
      { numRuns: 1000 }
    )
    assert.isAbove(left, 0)
    assert.isAbove(apart, 0)
    assert.isAbove(expired, 0)
    assert.isAbove(sizes.size, 2)
  })
})
