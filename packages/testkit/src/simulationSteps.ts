/** What may happen to an account's traffic, as fast-check makes it up. */
import type { ReceiptStatus } from "@cliqtel/sms-core"
import fc from "fast-check"
import type { Behaviour, PlannedReceipt } from "./FakeCarrier.ts"
import type { Step } from "./Simulation.ts"

const final = fc.constantFrom<ReceiptStatus | null>("delivered", "delivered", "failed", null)

/**
 * What a carrier may report of a message of so many ids without contradicting itself: of each at most one end, any
 * number of times, as the same event or as another one.
 */
const anyReports = (ids: number): fc.Arbitrary<ReadonlyArray<PlannedReceipt>> =>
  fc
    .tuple(
      ...Array.from({ length: ids }, (_, part) =>
        final.chain((end) =>
          fc
            .array(
              fc.record({
                part: fc.constant(part),
                status: end === null ? fc.constant<ReceiptStatus>("sent") : fc.constantFrom<ReceiptStatus>("sent", end),
                event: fc.integer({ min: 0, max: 1 })
              }),
              { maxLength: 4 }
            )
            .map((reports): ReadonlyArray<PlannedReceipt> =>
              end === null ? reports : [...reports, { part, status: end }]
            )
        )
      )
    )
    .map((reports) => reports.flat())

const shuffled = <A>(all: ReadonlyArray<A>): fc.Arbitrary<ReadonlyArray<A>> =>
  fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })

const acceptance = (segments: number, losesAnswer: boolean): fc.Arbitrary<Behaviour> =>
  fc.record({ idPerPart: fc.boolean(), namesMessage: fc.nat(3).map((n) => n === 0) }).chain((how) =>
    anyReports(how.idPerPart && !how.namesMessage ? segments : 1)
      .chain(shuffled)
      .map((receipts): Behaviour => ({
        _tag: "Accepts",
        ...how,
        losesAnswer,
        receipts
      }))
  )

/** What becomes of the first submit of a message, the second, ...; those after are accepted. */
const anyFates = (segments: number): fc.Arbitrary<ReadonlyArray<Behaviour>> =>
  fc
    .tuple(
      fc
        .constantFrom(0, 0, 0, 1, 2)
        .map((times) => Array.from({ length: times }, (): Behaviour => ({ _tag: "Refuses" }))),
      fc.oneof(
        { weight: 5, arbitrary: acceptance(segments, false) },
        { weight: 3, arbitrary: acceptance(segments, true) },
        { weight: 2, arbitrary: fc.constant<Behaviour>({ _tag: "Rejects" }) },
        { weight: 2, arbitrary: fc.constant<Behaviour>({ _tag: "HearsNothing" }) }
      )
    )
    .map(([refusals, fate]) => [...refusals, fate])

const which = fc.nat(7)

const anySend: fc.Arbitrary<Step> = fc
  .integer({ min: 1, max: 3 })
  .chain((segments) => anyFates(segments).map((fates): Step => ({ _tag: "Send", segments, fates })))

const step = <const Tag extends Step["_tag"]>(tag: Tag) => fc.constant({ _tag: tag })

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: anySend },
  { weight: 3, arbitrary: fc.record({ _tag: fc.constant("Claim" as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ _tag: fc.constant("Submit" as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({ _tag: fc.constant("Settle" as const), which, count: fc.integer({ min: 1, max: 3 }) })
  },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("SettleAgain" as const), which }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("Crash" as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      _tag: fc.constant("Deliver" as const),
      which,
      count: fc.integer({ min: 1, max: 4 }),
      again: fc.boolean()
    })
  },
  { weight: 3, arbitrary: step("Process") },
  {
    weight: 2,
    arbitrary: fc.record({ _tag: fc.constant("Wait" as const), millis: fc.constantFrom(1, 700, 2000, 30_000, 60_001) })
  },
  { weight: 2, arbitrary: step("Wake") },
  { weight: 2, arbitrary: step("Sweep") }
)

/** Courses that single steps rarely take: receipts that overtake the answer, an answer that a sweep overtakes. */
const anyScene: fc.Arbitrary<ReadonlyArray<Step>> = fc
  .record({ which, again: fc.boolean() })
  .chain(({ again, which }) => {
    const called: ReadonlyArray<Step> = [{ _tag: "Wake" }, { _tag: "Claim", limit: 2 }, { _tag: "Submit", which }]
    const answered: Step = { _tag: "Settle", which, count: 2 }
    return fc.constantFrom<ReadonlyArray<Step>>(
      [...called, answered],
      [...called, { _tag: "Deliver", which, count: 4, again }, { _tag: "Process" }, answered],
      [...called, { _tag: "Wait", millis: 60_001 }, { _tag: "Sweep" }, answered],
      [...called, { _tag: "Crash", which }],
      [
        { _tag: "Claim", limit: 2 },
        { _tag: "Crash", which }
      ]
    )
  })

export const anySteps: fc.Arbitrary<ReadonlyArray<Step>> = fc
  .tuple(
    fc.array(anySend, { minLength: 1, maxLength: 4 }),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: anyStep.map((one): ReadonlyArray<Step> => [one]) },
        { weight: 1, arbitrary: anyScene }
      ),
      { minLength: 12, maxLength: 40, size: "max" }
    )
  )
  .map(([sends, scenes]) => [...sends, ...scenes.flat()])

/** What a carrier reports of one message, in two orders and with repeats, and after how many the answer comes. */
export const anyOrders = fc
  .record({
    segments: fc.integer({ min: 1, max: 3 }),
    namesMessage: fc.boolean()
  })
  .chain(({ namesMessage, segments }) =>
    anyReports(namesMessage ? 1 : segments).chain((reports) => {
      const repeated = fc.subarray([...reports]).chain((again) => shuffled([...reports, ...again]))
      const order = fc.record({ reports: repeated, answerAfter: fc.nat(2 * reports.length) })
      return fc.record({
        segments: fc.constant(segments),
        namesMessage: fc.constant(namesMessage),
        orders: fc.tuple(order, order)
      })
    })
  )
