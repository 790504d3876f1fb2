/**
 * A carrier that keeps the truth and tells it badly: what it has accepted is in its log, whatever its answers and
 * receipts make of it. A script says what becomes of each submit; each fault is counted when it happens, so that a test
 * can show that it was hit.
 */
import {
  type CarrierProfile,
  type CarrierShape,
  gsm7,
  type InboundPart,
  MAX_PARTS,
  type Receipt,
  type ReceiptStatus,
  type Submission,
  type SubmitOutcome
} from "@cliqtel/sms-core"
import { Effect, Latch } from "effect"
import { randomInt } from "node:crypto"
import { seededRandom } from "./seededRandom.ts"

/** What becomes of one submit. */
export type Behaviour =
  | Acceptance
  | { readonly _tag: "Rejects"; readonly reason?: string }
  | { readonly _tag: "Refuses" }
  /** The request is lost on its way: nobody will ever know of it. */
  | { readonly _tag: "HearsNothing" }

export interface Acceptance {
  readonly _tag: "Accepts"
  /** The answer is lost on its way back. */
  readonly losesAnswer?: boolean
  readonly answersAfterMillis?: number
  /** An id for each part of the message, instead of one for all. */
  readonly idPerPart?: boolean
  /** Receipts bear our name for the message instead of the carrier's id. */
  readonly namesMessage?: boolean
  /** In the order in which they are handed over. */
  readonly receipts?: ReadonlyArray<PlannedReceipt>
  /** After it has accepted; at once by default, which is before the answer. */
  readonly receiptsAfterMillis?: number
}

export interface PlannedReceipt {
  /** Which id it speaks of. */
  readonly part: number
  readonly status: ReceiptStatus
  /** The same number for the same part and status is the same event, told again. */
  readonly event?: number
}

export const FAULTS = [
  "rejected",
  "refused",
  "request lost",
  "answer lost",
  "answer late",
  "submit repeated",
  "receipt before the answer",
  "receipt repeated",
  "receipt out of order"
] as const
export type Fault = (typeof FAULTS)[number]

/** One message that it has taken, once. */
export interface Accepted {
  readonly clientRef: string
  readonly refs: ReadonlyArray<string>
}

export interface FakeCarrier extends CarrierShape {
  readonly accepted: ReadonlyArray<Accepted>
  readonly faults: ReadonlyMap<Fault, number>
  /** What becomes of submits from now on; until then each is accepted, and delivered a second later. */
  script(behaviour: (submission: Submission) => Behaviour): void
  /** Receipts that were not handed over yet; for tests that do so themselves, instead of `listen`. */
  takeReceipts(): ReadonlyArray<Receipt>
  /** An id of its answers as its receipts have it. */
  spelt(ref: string): string
  /** People have written: handed over like receipts, whatever carrier the parts name. */
  brings(parts: ReadonlyArray<InboundPart>): void
}

export interface FakeCarrierOptions extends Partial<CarrierProfile> {
  /** "fake" by default. */
  readonly name?: string
}

export const DELIVERS: Behaviour = {
  _tag: "Accepts",
  receipts: [{ part: 0, status: "delivered" }],
  receiptsAfterMillis: 1000
}

export const makeFakeCarrier = ({ name = "fake", ...given }: FakeCarrierOptions = {}): FakeCarrier => {
  const profile: CarrierProfile = {
    alphabet: gsm7,
    maxParts: MAX_PARTS,
    idempotentSubmits: false,
    receiptIds: "as_answered",
    simulated: true,
    window: 10,
    ...given
  }
  const accepted: Array<Accepted> = []
  const faults = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]))
  /** Events that it has told, and the last status that it has told of each id. */
  const events = new Set<string>()
  const told = new Map<string, ReceiptStatus>()
  const outbox: Array<Receipt> = []
  const mail: Array<InboundPart> = []
  const waiting = Latch.makeUnsafe(false)
  let behaviourOf: (submission: Submission) => Behaviour = () => DELIVERS

  const hit = (fault: Fault, really = true) => {
    if (really) faults.set(fault, (faults.get(fault) ?? 0) + 1)
  }

  const takeReceipts = () => {
    waiting.closeUnsafe()
    return outbox.splice(0)
  }

  // Ids that no other message has, in whatever base they are read.
  const base = profile.receiptIds === "hex_of_decimal" ? 10 : 16
  let nextId = 0xf000_0000_0000 + randomInt(2 ** 40)
  const accept = (clientRef: string, ids: number): Accepted => {
    const refs = Array.from({ length: ids }, () => (nextId++).toString(base).toUpperCase())
    accepted.push({ clientRef, refs })
    return { clientRef, refs }
  }

  const report = ({ clientRef, refs }: Accepted, { namesMessage = false, receipts = [] }: Acceptance) => {
    for (const { event = 0, part, status } of receipts) {
      const id = refs[part % refs.length] ?? ""
      const eventId = `${id} ${status} ${event}`
      hit("receipt repeated", events.has(eventId))
      hit("receipt out of order", status === "sent" && isFinal(told.get(id)))
      events.add(eventId)
      told.set(id, status)
      outbox.push({
        carrier: name,
        eventId,
        ref: namesMessage ? { _tag: "Client", ref: clientRef } : { _tag: "Carrier", id: spelt(id) },
        status,
        reason: status === "failed" ? "undeliverable" : null,
        detail: null
      })
    }
    if (receipts.length > 0) waiting.openUnsafe()
  }

  const spelt = (id: string): string => {
    switch (profile.receiptIds) {
      case "as_answered":
        return id
      case "decimal_of_hex":
        return BigInt(`0x${id}`).toString()
      case "hex_of_decimal":
        return BigInt(id).toString(16)
    }
  }

  const takes = (submission: Submission, behaviour: Acceptance): Effect.Effect<SubmitOutcome> => {
    const { answersAfterMillis = 0, idPerPart = false, losesAnswer = false, receipts = [] } = behaviour
    const { clientRef, message } = submission
    const before = accepted.find((one) => one.clientRef === clientRef)
    const again = before !== undefined && profile.idempotentSubmits
    const one = again ? before : accept(clientRef, idPerPart ? message.segments : 1)
    hit("submit repeated", before !== undefined)
    hit("answer lost", losesAnswer)
    hit("answer late", answersAfterMillis > 0)

    const answer: SubmitOutcome = losesAnswer ? LOST : { _tag: "Accepted", refs: one.refs }
    const answered =
      answersAfterMillis === 0 ? Effect.succeed(answer) : Effect.as(Effect.sleep(answersAfterMillis), answer)
    if (again) return answered
    const { receiptsAfterMillis = 0 } = behaviour
    const reported = Effect.sync(() => report(one, behaviour))
    hit("receipt before the answer", receipts.length > 0 && receiptsAfterMillis <= answersAfterMillis)
    return receiptsAfterMillis === 0
      ? Effect.andThen(reported, answered)
      : Effect.andThen(Effect.forkDetach(Effect.delay(reported, receiptsAfterMillis)), answered)
  }

  return {
    name,
    profile,
    accepted,
    faults,
    script: (behaviour) => {
      behaviourOf = behaviour
    },
    takeReceipts,
    spelt,
    brings: (parts) => {
      mail.push(...parts)
      waiting.openUnsafe()
    },
    submit: (submission) =>
      Effect.suspend(() => {
        const behaviour = behaviourOf(submission)
        switch (behaviour._tag) {
          case "Accepts":
            return takes(submission, behaviour)
          case "Rejects":
            hit("rejected")
            return Effect.succeed<SubmitOutcome>({
              _tag: "Rejected",
              reason: behaviour.reason ?? "invalid_destination"
            })
          case "Refuses":
            hit("refused")
            return Effect.succeed<SubmitOutcome>({ _tag: "Temporary", detail: "busy" })
          case "HearsNothing":
            hit("request lost")
            return Effect.succeed(LOST)
        }
      }),
    listen: (sink) =>
      waiting.await.pipe(
        Effect.andThen(Effect.suspend(() => sink.receipts(takeReceipts()))),
        Effect.andThen(Effect.suspend(() => sink.inbound(mail.splice(0)))),
        Effect.forever
      )
  }
}

const LOST: SubmitOutcome = { _tag: "Unknown", detail: "the connection was lost" }

const isFinal = (status: ReceiptStatus | undefined): boolean => status === "delivered" || status === "failed"

/** A carrier that does its worst, the same for the same seed: each submit's fate follows from its name and attempt. */
export const chaotic =
  (seed: number) =>
  ({ attempt, clientRef, message }: Submission): Behaviour => {
    const random = seededRandom(`${seed} ${clientRef} ${attempt}`)
    const chance = (probability: number) => random() < probability
    if (chance(0.05)) return { _tag: "Rejects" }
    if (chance(0.1)) return { _tag: "Refuses" }
    if (chance(0.05)) return { _tag: "HearsNothing" }
    const idPerPart = chance(0.5)
    const receipts: Array<PlannedReceipt> = []
    for (let part = 0; part < (idPerPart ? message.segments : 1); part++) {
      const final: PlannedReceipt = { part, status: chance(0.9) ? "delivered" : "failed" }
      const sent: PlannedReceipt = { part, status: "sent" }
      receipts.push(...(chance(0.2) ? [final, sent] : chance(0.5) ? [sent, final] : [final]))
      if (chance(0.3)) receipts.push(final)
    }
    return {
      _tag: "Accepts",
      idPerPart,
      receipts: chance(0.1) ? [] : receipts,
      losesAnswer: chance(0.1),
      namesMessage: chance(0.2),
      answersAfterMillis: chance(0.1) ? 20_000 : 0,
      ...(chance(0.3) ? {} : { receiptsAfterMillis: 10 + Math.floor(random() * 5000) })
    }
  }
