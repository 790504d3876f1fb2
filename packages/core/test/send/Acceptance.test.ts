import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { AccountId, NumberId } from "../../src/Account.ts"
import { fullBucket, refill, take } from "../../src/limit/TokenBucket.ts"
import { Body } from "../../src/Message.ts"
import { Currency, EUR, Micros, money, zero } from "../../src/Money.ts"
import type { OwnedNumber } from "../../src/number/NumberRegistry.ts"
import { addonOff } from "../../src/number/SmsAddon.ts"
import { CountryCode, E164 } from "../../src/PhoneNumber.ts"
import {
  type AccountState,
  decide,
  type Decision,
  type Facts,
  InvalidDestination,
  type Rejection
} from "../../src/send/Acceptance.ts"

const NOW = 1_790_000_000_000
const NL = CountryCode.make("NL")

const state = (balance: bigint, given: Partial<AccountState> = {}): AccountState => ({
  accountId: AccountId.make(7),
  wallet: { balance: Micros.make(balance), currency: EUR, lowBalance: null },
  bucket: fullBucket(10, NOW),
  ...given
})

const number: OwnedNumber = {
  id: NumberId.make(42),
  accountId: AccountId.make(7),
  number: E164.make("+31201234567"),
  country: NL,
  type: "local",
  status: "active",
  carrier: "acme",
  monthlyPrice: zero(EUR),
  inactiveSince: null,
  sms: { ...addonOff(zero(EUR)), state: "on" },
  profileAssigned: true,
  lastInboundAt: null,
  helpText: null
}

const facts: Facts = {
  fromNumberId: number.id,
  number,
  destination: { number: E164.make("+31612345678"), country: NL },
  unitPrice: money(8_000n, EUR),
  optedOut: false,
  body: Body.make("Hello"),
  segments: 2,
  encoding: "GSM-7",
  maxParts: 10
}

const rejectionOf = (decision: Decision): Rejection => {
  assert(!decision.accepted, "it was accepted")
  return decision.rejection
}

/** Decides over each in turn, as a group does. */
const all = (from: AccountState, asked: ReadonlyArray<Facts>, now = NOW) => {
  let at = from
  const decisions = asked.map((one) => {
    const [next, decision] = decide(at, one, now)
    at = next
    return decision
  })
  return { decisions, state: at, accepted: decisions.filter(({ accepted }) => accepted).length }
}

describe("an accepted message", () => {
  it("is queued as it was asked for, at the price of its segments", () => {
    const [next, decision] = decide(state(20_000n), facts, NOW)
    assert.deepStrictEqual(decision, {
      accepted: true,
      message: {
        accountId: AccountId.make(7),
        direction: "outbound",
        numberId: number.id,
        from: number.number,
        to: E164.make("+31612345678"),
        body: "Hello",
        status: "queued",
        segments: 2,
        encoding: "GSM-7",
        carrier: "acme",
        price: money(16_000n, EUR),
        reason: null,
        createdAt: NOW,
        updatedAt: NOW,
        sentAt: null,
        deliveredAt: null
      }
    })
    assert.strictEqual(next.wallet.balance, 4_000n)
    assert.deepStrictEqual(next.bucket, { perSecond: 10, level: 9_000, at: NOW })
  })

  it("takes segments x unit price and one token, whatever they are", () => {
    const segments = fc.integer({ min: 1, max: 10 })
    fc.assert(
      fc.property(segments, fc.bigInt(0n, 1_000_000n), fc.bigInt(0n, 10_000_000n), (count, unit, extra) => {
        const price = unit * BigInt(count)
        const [next, decision] = decide(
          state(price + extra),
          { ...facts, segments: count, unitPrice: money(unit, EUR) },
          NOW
        )
        assert.isTrue(decision.accepted && decision.message.price.micros === price)
        assert.strictEqual(next.wallet.balance, extra)
        assert.strictEqual(next.bucket.level, 9_000)
      })
    )
  })
})

describe("funds for exactly K messages", () => {
  it("accept exactly K of any number, and the balance never falls below zero", () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(15_999), fc.nat(60), (funds, change, senders) => {
        const from = state(16_000n * BigInt(funds) + BigInt(change), { bucket: fullBucket(1000, NOW) })
        const {
          accepted,
          decisions,
          state: end
        } = all(
          from,
          Array.from({ length: senders }, () => facts)
        )
        assert.strictEqual(accepted, Math.min(funds, senders))
        assert.strictEqual(end.wallet.balance, from.wallet.balance - 16_000n * BigInt(accepted))
        for (const decision of decisions.slice(funds)) {
          assert.strictEqual(rejectionOf(decision)._tag, "InsufficientBalance")
        }
      })
    )
  })

  it("are not used up by one that costs more than is left: a cheaper one after it is accepted", () => {
    const long = { ...facts, segments: 3 }
    const { decisions, state: end } = all(state(40_000n), [long, long, facts])
    assert.deepStrictEqual(
      decisions.map(({ accepted }) => accepted),
      [true, false, true]
    )
    assert.strictEqual(end.wallet.balance, 0n)
  })

  it("are told with the price", () => {
    const [, decision] = decide(state(15_999n), facts, NOW)
    const rejection = rejectionOf(decision)
    assert.isTrue(rejection._tag === "InsufficientBalance")
    if (rejection._tag !== "InsufficientBalance") return
    assert.deepStrictEqual(rejection.price, money(16_000n, EUR))
    assert.deepStrictEqual(rejection.balance, money(15_999n, EUR))
  })
})

describe("the rate limit", () => {
  it("accepts as many as the bucket has, whatever else is refused in between", () => {
    const refused = { ...facts, optedOut: true }
    const order = fc.array(fc.constantFrom(facts, facts, refused), { maxLength: 40 })
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(2_000), order, (level, wait, asked) => {
        const from = state(10n ** 12n, { bucket: { perSecond: 10, level, at: NOW - wait } })
        const { decisions } = all(from, asked)
        let bucket = from.bucket
        for (const [i, one] of asked.entries()) {
          if (one.optedOut) continue
          const taken = take(bucket, NOW)
          bucket = taken.bucket
          assert.strictEqual(decisions[i]?.accepted, taken.taken)
        }
      })
    )
  })

  it("says when to come again", () => {
    const empty = state(20_000n, { bucket: { perSecond: 10, level: 400, at: NOW } })
    const rejection = rejectionOf(decide(empty, facts, NOW)[1])
    assert.strictEqual(rejection._tag, "RateLimited")
    if (rejection._tag !== "RateLimited") return
    assert.deepStrictEqual([rejection.perSecond, rejection.retryAfterMillis], [10, 60])
    assert.isTrue(decide(empty, facts, NOW + 60)[1].accepted)
  })
})

/** One cause for each rejection, in the order in which they are looked for. */
const causes: ReadonlyArray<readonly [Rejection["_tag"], (asked: Asked) => Asked]> = [
  ["NumberNotFound", ({ from, facts: f }) => ({ from, facts: { ...f, number: undefined } })],
  [
    "SmsNotEnabled",
    ({ from, facts: f }) => ({
      from,
      facts: { ...f, number: f.number && { ...f.number, sms: { ...f.number.sms, state: "off" } } }
    })
  ],
  [
    "InvalidDestination",
    ({ from, facts: f }) => ({
      from,
      facts: { ...f, destination: new InvalidDestination({ reason: "no" }) }
    })
  ],
  ["DestinationNotSupported", ({ from, facts: f }) => ({ from, facts: { ...f, unitPrice: null } })],
  ["OptedOut", ({ from, facts: f }) => ({ from, facts: { ...f, optedOut: true } })],
  ["MessageTooLong", ({ from, facts: f }) => ({ from, facts: { ...f, maxParts: 1 } })],
  ["RateLimited", ({ from, facts: f }) => ({ from: { ...from, bucket: { ...from.bucket, level: 999 } }, facts: f })],
  [
    "InsufficientBalance",
    ({ from, facts: f }) => ({
      from: { ...from, wallet: { ...from.wallet, balance: Micros.make(0n) } },
      facts: f
    })
  ]
]

interface Asked {
  readonly from: AccountState
  readonly facts: Facts
}

describe("a rejection", () => {
  it("names the first of its causes, and takes nothing", () => {
    fc.assert(
      fc.property(fc.subarray([...causes], { minLength: 1 }), (found) => {
        const asked = found.reduce<Asked>((one, [, cause]) => cause(one), { from: state(1_000_000n), facts })
        const [next, decision] = decide(asked.from, asked.facts, NOW)
        assert.strictEqual(rejectionOf(decision)._tag, found[0]?.[0])
        assert.deepStrictEqual(next.wallet, asked.from.wallet)
        assert.deepStrictEqual(next.bucket, refill(asked.from.bucket, NOW))
      })
    )
  })

  it.each([
    [{ status: "provisioning" }],
    [{ status: "pending_verification" }],
    [{ status: "suspended" }],
    [{ sms: { ...number.sms, state: "off" } }],
    [{ sms: { ...number.sms, state: "suspended" } }]
  ] as ReadonlyArray<[Partial<OwnedNumber>]>)("is given to a number with %o", (given) => {
    const [, decision] = decide(state(1_000_000n), { ...facts, number: { ...number, ...given } }, NOW)
    assert.strictEqual(rejectionOf(decision)._tag, "SmsNotEnabled")
  })

  it("is not given to a number whose add-on is past due", () => {
    const pastDue = { ...number, sms: { ...number.sms, state: "past_due" as const } }
    assert.isTrue(decide(state(1_000_000n), { ...facts, number: pastDue }, NOW)[1].accepted)
  })

  it("is given when the price is in another currency than the wallet", () => {
    const USD = Currency.make("USD")
    const [, decision] = decide(state(1_000_000n), { ...facts, unitPrice: money(8_000n, USD) }, NOW)
    assert.strictEqual(rejectionOf(decision)._tag, "DestinationNotSupported")
  })

  it("is given to one part more than the carrier takes, not to as many", () => {
    const asked = { ...facts, segments: 10, maxParts: 10 }
    assert.isTrue(decide(state(1_000_000n), asked, NOW)[1].accepted)
    const rejection = rejectionOf(decide(state(1_000_000n), { ...asked, maxParts: 9 }, NOW)[1])
    assert.strictEqual(rejection._tag, "MessageTooLong")
    if (rejection._tag === "MessageTooLong") assert.deepStrictEqual([rejection.segments, rejection.limit], [10, 9])
  })
})
