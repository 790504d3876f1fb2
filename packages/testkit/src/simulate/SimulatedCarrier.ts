/**
 * A carrier outside of all hosts: it lives on when they die, and tells what was not acknowledged again. What it has
 * accepted, answered and reported is in its log. It keeps its own truth and tells it as badly as the seed says.
 */
import {
  type CarrierProfile,
  type CarrierShape,
  type CarrierSink,
  gsm7,
  MAX_PARTS,
  type Message,
  type Receipt,
  type ReceiptStatus,
  SUBMIT_MILLIS,
  type Submission,
  type SubmitOutcome
} from "@cliqtel/sms-core"
import { Clock, Effect, Exit, Fiber, Latch } from "effect"
import type { Life } from "./CrashPoint.ts"
import { type Dice, makeDice } from "./Dice.ts"

export const CARRIER_FAULTS = [
  "rejected",
  "answered temporarily",
  "request lost",
  "answer lost",
  "answer late",
  "submit repeated",
  "never answered",
  "receipt before the answer",
  "receipt repeated",
  "receipt out of order",
  "receipt told again since it was not acknowledged"
] as const
export type CarrierFault = (typeof CARRIER_FAULTS)[number]

/** One message that it has taken. */
export interface Taken {
  readonly clientRef: string
  readonly attempt: number
  readonly refs: ReadonlyArray<string>
  /** Its receipts bear our name for the message. */
  readonly byName: boolean
  readonly finals: ReadonlyArray<ReceiptStatus>
  /** The host that it has answered last, or not at all, and when that had called. */
  life: Life
  takenAt: number
  /** When its acceptance reached a host that was alive; null if it never did. */
  answeredAt: number | null
}

export interface SimulatedCarrier {
  readonly taken: ReadonlyArray<Taken>
  readonly faults: ReadonlyMap<CarrierFault, number>
  /** What it did and when, the same for the same seed. */
  readonly log: ReadonlyArray<string>
  readonly idempotentSubmits: boolean
  /** Whether hosts that are alive wait for it, or it for them to acknowledge a receipt. */
  readonly isBusy: () => boolean
  /** As one host is connected to it; `submitting` hears of what is about to be submitted. */
  connect(life: Life, submitting: (message: Message, attempt: number) => void): CarrierShape
}

export const CARRIER = "simulated"

const PROFILE: Omit<CarrierProfile, "idempotentSubmits"> = {
  alphabet: gsm7,
  maxParts: MAX_PARTS,
  receiptIds: "as_answered",
  simulated: true,
  window: 5
}

/** A receipt that was not acknowledged for so long is told to somebody else. */
const PATIENCE_MILLIS = 10_000

/** A message's troubles end after so many attempts. */
const REFUSALS = 3

export const makeSimulatedCarrier = (seed: number, clock: Clock.Clock): SimulatedCarrier => {
  const taken: Array<Taken> = []
  const log: Array<string> = []
  const faults = new Map<CarrierFault, number>()
  const outbox: Array<Receipt> = []
  /** It knows a repeated submit as the message that it has. */
  const idempotentSubmits = makeDice(`${seed} profile`).chance(0.4)
  const waiting = Latch.makeUnsafe(false)
  const dice = makeDice(`${seed} carrier`)
  /** Of those whose submits were not answered yet. */
  const calling: Array<Life> = []
  let toReport = 0
  let ids = 0xf000

  /** It goes on while a host that has called it stands still. */
  const inOwnTime = Effect.provideService(Clock.Clock, clock)

  const hit = (fault: CarrierFault) => faults.set(fault, (faults.get(fault) ?? 0) + 1)

  const note = (what: string) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      log.push(`${now} ${what}`)
    })

  const tell = (receipts: ReadonlyArray<Receipt>) => {
    outbox.push(...receipts)
    if (outbox.length > 0) waiting.openUnsafe()
  }

  const accept = ({ attempt, clientRef, message }: Submission, life: Life, own: Dice, takenAt: number): Taken => {
    const byName = own.chance(0.25)
    const parts = own.chance(0.5) && !byName ? message.segments : 1
    const refs = Array.from({ length: parts }, () => (ids++).toString(16).toUpperCase())
    const finals = refs.map((): ReceiptStatus => (own.chance(0.8) ? "delivered" : "failed"))
    const one: Taken = { clientRef, attempt, refs, byName, finals, life, takenAt, answeredAt: null }
    taken.push(one)
    return one
  }

  /** Every part is reported in the end, with the rest before it, after it, or twice. */
  const reportsOf = (one: Taken, own: Dice): ReadonlyArray<Receipt> =>
    own.shuffled(
      one.refs.flatMap((id, part) => {
        const final = one.finals[part] ?? "delivered"
        const statuses: Array<ReceiptStatus> = [final]
        if (own.chance(0.5)) {
          if (own.chance(0.5)) {
            statuses.push("sent")
            hit("receipt out of order")
          } else statuses.unshift("sent")
        }
        if (own.chance(0.3)) {
          statuses.push(final)
          hit("receipt repeated")
        }
        return statuses.map((status): Receipt => ({
          carrier: CARRIER,
          eventId: `${id} ${status}`,
          ref: one.byName ? { _tag: "Client", ref: one.clientRef } : { _tag: "Carrier", id },
          status,
          reason: status === "failed" ? "undeliverable" : null,
          detail: null
        }))
      })
    )

  const take = Effect.fnUntraced(function* (submission: Submission, life: Life, own: Dice) {
    const one = accept(submission, life, own, yield* Clock.currentTimeMillis)
    const lost = submission.attempt <= REFUSALS && own.chance(0.1)
    const never = !lost && own.chance(0.05)
    const late = !lost && !never && own.chance(submission.attempt > 1 ? 0.5 : 0.2)
    const answerAfter = late ? own.pick([2000, 5000, SUBMIT_MILLIS + 3000]) : own.pick([0, 0, 40, 300])
    const early = own.chance(0.25)
    const reportAfter = early ? 0 : own.pick([10, 500, 1000, 5000])
    if (lost) hit("answer lost")
    if (never) hit("never answered")
    if (late) hit("answer late")
    if (reportAfter <= answerAfter) hit("receipt before the answer")
    yield* note(`accepts ${one.clientRef} at attempt ${one.attempt} as ${one.refs.join()}`)

    const report = Effect.andThen(
      note(`reports ${one.clientRef}`),
      Effect.sync(() => {
        toReport--
        tell(reportsOf(one, own))
      })
    )
    toReport++
    // The carrier's own time: it goes on when the host that has called dies.
    yield* reportAfter === 0 ? report : Effect.forkDetach(Effect.delay(report, reportAfter))
    if (never) return yield* Effect.never
    if (answerAfter > 0) yield* Effect.sleep(answerAfter)
    yield* note(`answers ${one.clientRef}${lost ? " in vain" : ""}`)
    if (lost) return LOST
    if (!life.isOver()) one.answeredAt = yield* Clock.currentTimeMillis
    return { _tag: "Accepted", refs: one.refs } satisfies SubmitOutcome
  })

  /** The same answer again, unless that is lost too. */
  const repeat = Effect.fnUntraced(function* (one: Taken, attempt: number, life: Life, own: Dice) {
    const takenAt = yield* Clock.currentTimeMillis
    hit("submit repeated")
    yield* note(`has ${one.clientRef} already at attempt ${attempt}`)
    if (attempt <= REFUSALS && own.chance(0.2)) {
      hit("answer lost")
      return LOST
    }
    if (own.chance(0.8)) yield* Effect.sleep(own.pick([40, 2000, 6000, 12_000]))
    if (!life.isOver()) {
      one.life = life
      one.takenAt = takenAt
      one.answeredAt = yield* Clock.currentTimeMillis
    }
    return { _tag: "Accepted", refs: one.refs } satisfies SubmitOutcome
  })

  const submit = (submission: Submission, life: Life): Effect.Effect<SubmitOutcome> => {
    const { attempt, clientRef } = submission
    const own = makeDice(`${seed} ${clientRef} ${attempt}`)
    const known = idempotentSubmits ? taken.find((one) => one.clientRef === clientRef) : undefined
    if (known !== undefined) return repeat(known, attempt, life, own)
    // Whoever knows a message again refuses it each time.
    const refuses = idempotentSubmits ? makeDice(`${seed} ${clientRef} refused`) : own
    if (refuses.chance(0.08)) {
      hit("rejected")
      return Effect.as(note(`rejects ${clientRef}`), { _tag: "Rejected", reason: "invalid_destination" } as const)
    }
    if (attempt <= REFUSALS && own.chance(0.15)) {
      hit("answered temporarily")
      return Effect.as(note(`is busy for ${clientRef}`), { _tag: "Temporary", detail: "busy" } as const)
    }
    if (attempt <= REFUSALS && own.chance(0.05)) {
      hit("request lost")
      return Effect.as(note(`hears nothing of ${clientRef}`), LOST)
    }
    return take(submission, life, own)
  }

  const listen = (life: Life, sink: CarrierSink) =>
    Effect.gen(function* () {
      yield* waiting.await
      // Nobody answers the door.
      if (life.isStalled()) return yield* life.moving
      const mixed = dice.shuffled(outbox.splice(0))
      const now = mixed.slice(0, dice.between(1, mixed.length))
      const later = mixed.slice(now.length)
      if (later.length === 0) waiting.closeUnsafe()
      outbox.push(...later)
      if (now.length === 0) return
      const stored = yield* Effect.forkDetach(sink.receipts(now))
      const acknowledged = Effect.raceFirst(Fiber.await(stored), life.over).pipe(
        Effect.timeout(PATIENCE_MILLIS),
        Effect.option
      )
      const heard = yield* Effect.onExit(acknowledged, (exit) =>
        Effect.sync(() => {
          if (Exit.isSuccess(exit) && exit.value._tag === "Some" && !life.isOver()) return
          hit("receipt told again since it was not acknowledged")
          tell(now)
        })
      )
      if (life.isOver()) return yield* Effect.never
      if (heard._tag === "None") return
      yield* note(`is told that ${now.length} are stored`)
      if (dice.chance(0.15)) {
        hit("receipt repeated")
        tell(now.slice(0, 1))
      }
    })

  return {
    taken,
    faults,
    log,
    idempotentSubmits,
    isBusy: () => toReport > 0 || outbox.length > 0 || calling.some((life) => !life.isOver()),
    connect: (life, submitting) => ({
      name: CARRIER,
      profile: { ...PROFILE, idempotentSubmits },
      submit: (submission) =>
        life.around(
          "Carrier.submit",
          Effect.suspend(() => {
            submitting(submission.message, submission.attempt)
            calling.push(life)
            const hangUp = Effect.sync(() => calling.splice(calling.indexOf(life), 1))
            return Effect.ensuring(inOwnTime(submit(submission, life)), hangUp)
          })
        ),
      listen: (sink) =>
        Effect.forever(Effect.suspend(() => (life.isOver() ? Effect.never : inOwnTime(listen(life, sink)))))
    })
  }
}

const LOST: SubmitOutcome = { _tag: "Unknown", detail: "the connection was lost" }
