import fc from "fast-check"
import { assert, describe, it } from "vitest"
import {
  advance,
  type Part,
  type Report,
  statusOfParts,
  type Step,
  type TimelineEntry,
  type Tracked
} from "../../src/status/Lifecycle.ts"
import { messageAt } from "../../src/status/MessageAt.ts"
import { advances, isFinal } from "../../src/status/Status.ts"
import { queuedMessage } from "../sample.ts"

const queued: Tracked = { message: queuedMessage, parts: [], entries: 1 }

/** Each report a millisecond after the one before. */
const follow = (reports: ReadonlyArray<Report>, from: Tracked = queued): ReadonlyArray<Step> => {
  const steps: Array<Step> = []
  for (const [i, report] of reports.entries()) {
    steps.push(advance(steps.at(-1)?.tracked ?? from, report, 2_000 + i))
  }
  return steps
}

const end = (reports: ReadonlyArray<Report>): Tracked => follow(reports).at(-1)?.tracked ?? queued

const refunds = (reports: ReadonlyArray<Report>): number => follow(reports).filter(({ refund }) => refund).length

const STARTED: Report = { _tag: "Started", attempt: 1 }
const ACCEPTED: Report = { _tag: "Accepted", refs: ["a", "b", "c"] }
const REJECTED: Report = { _tag: "Rejected", reason: "invalid_destination", detail: null }
const DEFERRED: Report = { _tag: "Deferred", detail: "busy" }
const UNKNOWN: Report = { _tag: "OutcomeUnknown", detail: "no answer" }
const EXPIRED: Report = { _tag: "Expired", reason: "outcome_unknown" }

const receipt = (ref: string | null, status: Part["status"], reason: string | null = null): Report => ({
  _tag: "Receipt",
  ref,
  status,
  reason,
  detail: null
})

const anyReceipt = fc
  .record({
    ref: fc.constantFrom("a", "b", "c", "unknown", null),
    status: fc.constantFrom<Part["status"]>("sent", "delivered", "failed")
  })
  .map(({ ref, status }) => receipt(ref, status))

const anyReport = fc.oneof(
  fc.constantFrom(STARTED, { ...STARTED, attempt: 2 } as const, ACCEPTED, REJECTED, DEFERRED, UNKNOWN, EXPIRED),
  fc.subarray(["a", "b", "c", "d"], { minLength: 1 }).map((refs): Report => ({ _tag: "Accepted", refs })),
  anyReceipt
)

const shuffled = <A>(all: ReadonlyArray<A>) =>
  fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })

/** Each of them, some more than once, in any order. */
const repeated = <A>(all: ReadonlyArray<A>) => fc.subarray([...all]).chain((again) => shuffled([...all, ...again]))

describe("whatever is reported, in whatever order", () => {
  it("is told as it was, from the message in its last state and each transition", () => {
    fc.assert(
      fc.property(fc.array(anyReport), (reports) => {
        const last = end(reports).message
        for (const { entry, tracked } of follow(reports)) {
          if (entry.changed) assert.deepStrictEqual(messageAt(last, entry), tracked.message)
        }
      })
    )
  })

  it("never takes a message back, and leaves it alone once it has ended", () => {
    fc.assert(
      fc.property(fc.array(anyReport), (reports) => {
        let before = queued
        for (const { entry, tracked } of follow(reports)) {
          const moved = advances(before.message.status, tracked.message.status)
          assert.isTrue(moved || before.message.status === tracked.message.status)
          assert.strictEqual(entry.changed, moved)
          if (!moved) assert.strictEqual(tracked.message, before.message)
          if (isFinal(before.message.status)) assert.isFalse(moved)
          before = tracked
        }
      }),
      { numRuns: 2000 }
    )
  })

  it("gives the price back at most once, and only to a message that fails before it is known to be sent", () => {
    fc.assert(
      fc.property(fc.array(anyReport), (reports) => {
        let before = queued
        let refunded = 0
        for (const { refund, tracked } of follow(reports)) {
          if (refund) {
            refunded++
            assert.isFalse(advances("sending", before.message.status))
            assert.strictEqual(tracked.message.status, "failed")
          }
          before = tracked
        }
        assert.isAtMost(refunded, 1)
        if (before.message.status !== "failed") assert.strictEqual(refunded, 0)
      }),
      { numRuns: 2000 }
    )
  })

  it("numbers the timeline without gaps and keeps every report in it", () => {
    fc.assert(
      fc.property(fc.array(anyReport), (reports) => {
        const steps = follow(reports)
        assert.deepStrictEqual(
          steps.map(({ entry }) => entry.seq),
          reports.map((_, i) => i + 2)
        )
        assert.deepStrictEqual(
          steps.map(({ tracked }) => tracked.entries),
          reports.map((_, i) => i + 2)
        )
      })
    )
  })

  it("gives each status the times and the reason that belong to it", () => {
    fc.assert(
      fc.property(fc.array(anyReport), (reports) => {
        const steps = follow(reports)
        const { message } = end(reports)
        assert.strictEqual(message.reason !== null, message.status === "failed")
        assert.strictEqual(message.deliveredAt !== null, message.status === "delivered")
        if (message.status === "sent" || message.status === "delivered") assert.isNotNull(message.sentAt)
        const last = steps.findLast(({ entry }) => entry.changed)
        assert.strictEqual(message.updatedAt, last?.entry.at ?? queuedMessage.updatedAt)
      })
    )
  })
})

/** What a carrier that took a message in so many parts may say of it without contradicting itself. */
const anyConsistent = fc.integer({ min: 1, max: 3 }).chain((count) => {
  const refs = ["a", "b", "c"].slice(0, count)
  return fc
    .tuple(
      fc.boolean(),
      fc.tuple(...refs.map(() => fc.constantFrom<Part["status"] | null>("delivered", "failed", null))),
      fc.tuple(...refs.map(() => fc.boolean()))
    )
    .chain(([whole, ends, sent]) => {
      const told = (whole ? refs.slice(0, 1) : refs).flatMap((ref, i) => {
        const name = whole ? null : ref
        const last = ends[i] ?? null
        return [...(sent[i] === true ? [receipt(name, "sent")] : []), ...(last === null ? [] : [receipt(name, last)])]
      })
      const expected = whole
        ? (ends[0] ?? "sent")
        : statusOfParts(refs.map((ref, i) => ({ ref, status: ends[i] ?? "sent" })))
      return fc.tuple(repeated(told), repeated(told)).map((orders) => ({ refs, whole, expected, orders }))
    })
})

describe("receipts of a message that its carrier took", () => {
  it("end in the same status and money in every order and number, after the answer", () => {
    fc.assert(
      fc.property(anyConsistent, ({ expected, orders, refs }) => {
        for (const receipts of orders) {
          const reports = [STARTED, { _tag: "Accepted", refs } as const, ...receipts]
          assert.strictEqual(end(reports).message.status, expected)
          assert.strictEqual(refunds(reports), 0)
        }
      }),
      { numRuns: 1000 }
    )
  })

  it("end in the same status and money when those that name the message come before the answer", () => {
    fc.assert(
      fc.property(anyConsistent, fc.nat(8), fc.constantFrom(UNKNOWN, null), (given, at, unknown) => {
        fc.pre(given.whole)
        for (const receipts of given.orders) {
          const answers: ReadonlyArray<Report> = unknown ? [unknown] : [{ _tag: "Accepted", refs: given.refs }]
          const reports = [STARTED, ...receipts.slice(0, at), ...answers, ...receipts.slice(at)]
          const status = receipts.length === 0 && unknown ? "sending" : given.expected
          assert.strictEqual(end(reports).message.status, status)
          assert.strictEqual(refunds(reports), 0)
        }
      }),
      { numRuns: 1000 }
    )
  })

  it("are not refunded when they report a failure, before the answer or after it", () => {
    for (const reports of [
      [ACCEPTED, receipt("a", "failed")],
      [receipt(null, "failed"), ACCEPTED]
    ]) {
      assert.strictEqual(end([STARTED, ...reports]).message.status, "failed")
      assert.strictEqual(refunds([STARTED, ...reports]), 0)
    }
  })

  it("make it delivered once each part is, and failed once one is", () => {
    const parts = ["a", "b", "c"]
    const delivered = [STARTED, ACCEPTED, ...parts.map((ref) => receipt(ref, "delivered"))]
    assert.deepStrictEqual(
      follow(delivered).map(({ tracked }) => tracked.message.status),
      ["sending", "sent", "sent", "sent", "delivered"]
    )
    const failed = [STARTED, ACCEPTED, receipt("b", "failed", "absent"), receipt("a", "delivered")]
    assert.strictEqual(end(failed).message.status, "failed")
    assert.strictEqual(end(failed).message.reason, "absent")
    assert.deepStrictEqual(
      end(failed).parts.map(({ status }) => status),
      ["delivered", "failed", "sent"]
    )
  })

  it("keep what they said of a part when an answer names it again, beside new ones", () => {
    const again = [STARTED, { _tag: "Accepted", refs: ["a"] }, receipt("a", "delivered"), ACCEPTED] as const
    assert.deepStrictEqual(end(again).parts, [
      { ref: "a", status: "delivered" },
      { ref: "b", status: "sent" },
      { ref: "c", status: "sent" }
    ])
  })
})

describe("a message that no carrier took", () => {
  const before = fc.array(fc.constantFrom(STARTED, DEFERRED, UNKNOWN))

  it("nets zero: refused for good or given up, it has its price back whatever follows", () => {
    fc.assert(
      fc.property(before, fc.constantFrom(REJECTED, EXPIRED), fc.array(anyReport), (first, last, later) => {
        assert.strictEqual(end([...first, last, ...later]).message.status, "failed")
        assert.strictEqual(refunds([...first, last]), 1)
        assert.strictEqual(refunds([...first, last, ...later]), 1)
      })
    )
  })

  it("is being sent for as long as its carrier is busy or silent", () => {
    fc.assert(
      fc.property(before, (reports) => {
        assert.strictEqual(end([STARTED, ...reports]).message.status, "sending")
        assert.strictEqual(refunds([STARTED, ...reports]), 0)
      })
    )
  })
})

describe("a message that is known to be sent", () => {
  it("is not failed by a dispatcher that gives up, nor by a carrier that refuses another attempt", () => {
    const sent = [
      [STARTED, ACCEPTED],
      [STARTED, receipt(null, "sent")],
      [STARTED, UNKNOWN, receipt(null, "sent"), { ...STARTED, attempt: 2 } as const]
    ]
    for (const reports of sent) {
      for (const late of [REJECTED, EXPIRED]) {
        assert.strictEqual(end([...reports, late]).message.status, "sent")
        assert.strictEqual(refunds([...reports, late]), 0)
        assert.strictEqual(end([...reports, late, receipt(null, "delivered")]).message.status, "delivered")
      }
    }
  })
})

describe("an entry of the timeline", () => {
  const entryOf = (report: Report, from: ReadonlyArray<Report> = []): Omit<TimelineEntry, "at" | "seq"> => {
    const { at: _, seq: __, ...entry } = advance(end(from), report, 5_000).entry
    return entry
  }

  it("says who found out what", () => {
    const entry = { source: "carrier", detail: null, changed: true } as const
    assert.deepStrictEqual(entryOf(STARTED), { ...entry, source: "dispatcher", status: "sending" })
    assert.deepStrictEqual(entryOf(ACCEPTED), { ...entry, status: "sent" })
    assert.deepStrictEqual(entryOf(REJECTED), { ...entry, status: "failed", detail: "invalid_destination" })
    assert.deepStrictEqual(entryOf(EXPIRED), {
      ...entry,
      source: "dispatcher",
      status: "failed",
      detail: "outcome_unknown"
    })
  })

  it("lists a receipt that changed nothing under the status that it claims", () => {
    const delivered = [STARTED, ACCEPTED, receipt(null, "delivered")]
    for (const status of ["sent", "delivered", "failed"] as const) {
      const { changed, status: listed } = entryOf(receipt("a", status, null), delivered)
      assert.deepStrictEqual({ changed, listed }, { changed: false, listed: status })
    }
  })

  it("numbers an attempt that is not the first", () => {
    const again = entryOf({ _tag: "Started", attempt: 3 }, [STARTED, DEFERRED])
    assert.deepStrictEqual(again, { source: "dispatcher", detail: "attempt 3", changed: false, status: "sending" })
  })
})

it("keeps when a message was first known to be sent", () => {
  const overtaken = follow([STARTED, receipt(null, "sent"), ACCEPTED, receipt(null, "delivered")])
  const { deliveredAt, sentAt } = overtaken.at(-1)?.tracked.message ?? queuedMessage
  assert.deepStrictEqual({ sentAt, deliveredAt }, { sentAt: 2_001, deliveredAt: 2_003 })
  const atOnce = follow([STARTED, receipt(null, "delivered")]).at(-1)?.tracked.message
  assert.strictEqual(atOnce?.sentAt, 2_001)
  assert.isNull(end([STARTED, REJECTED]).message.sentAt)
})
