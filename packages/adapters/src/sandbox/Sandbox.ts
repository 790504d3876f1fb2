/**
 * A simulated carrier: it answers and reports like a real one, through the same port, and sends nothing anywhere. What
 * it has under way lives in this process and dies with it, so a message may then stay `sent`, as on a real network.
 */
import {
  type CarrierProfile,
  type CarrierShape,
  gsm7,
  MAX_PARTS,
  type Receipt,
  type Submission,
  type SubmitOutcome
} from "@cliqtel/sms-core"
import { Effect, Queue } from "effect"
import { type Script, type ScriptedReceipt, scriptFor } from "./Script.ts"

export interface SandboxOptions {
  readonly name?: string
  /** Milliseconds until it answers; a receipt follows after three more of them. 0 is at once. */
  readonly delayMillis?: number
}

/** Wherever it runs. */
export const SANDBOX_PROFILE: CarrierProfile = {
  alphabet: gsm7,
  maxParts: MAX_PARTS,
  idempotentSubmits: false,
  respellsIds: false,
  simulated: true,
  window: 256
}

const DELAY_MILLIS = 50

/** Receipts that are handed over together. */
const GROUP = 256

export const makeSandbox = ({
  delayMillis = DELAY_MILLIS,
  name = "sandbox"
}: SandboxOptions = {}): Effect.Effect<CarrierShape> =>
  Effect.gen(function* () {
    const receipts = yield* Queue.unbounded<Receipt>()

    const report = (submission: Submission, script: Script) =>
      Effect.forEach(
        script.receipts,
        (scripted, i) => {
          const told = Queue.offer(receipts, receiptOf(name, submission, scripted, i))
          const after = scripted.afterDelays * delayMillis
          // At once means before the answer only where the script says so.
          return scripted.afterDelays === 0
            ? Effect.asVoid(told)
            : Effect.asVoid(Effect.forkDetach(Effect.sleep(after).pipe(Effect.andThen(told))))
        },
        { discard: true }
      )

    const submit = Effect.fnUntraced(function* (submission: Submission): Effect.fn.Return<SubmitOutcome> {
      const script = scriptFor(submission.message.to)
      if (submission.attempt <= (script.temporaryFailures ?? 0)) {
        yield* Effect.sleep(delayMillis)
        return { _tag: "Temporary", detail: "The carrier is busy." }
      }
      yield* report(submission, script)
      yield* Effect.sleep(delayMillis)
      return outcomeOf(script, submission)
    })

    return {
      name,
      profile: SANDBOX_PROFILE,
      submit,
      listen: (deliver) => Queue.takeBetween(receipts, 1, GROUP).pipe(Effect.flatMap(deliver), Effect.forever)
    }
  })

/** The carrier's own id of a message. */
const refOf = ({ clientRef }: Submission): string => `sandbox-${clientRef}`

const outcomeOf = (script: Script, submission: Submission): SubmitOutcome => {
  if (script.answer === "accept") return { _tag: "Accepted", refs: [refOf(submission)] }
  if (script.answer === "unknown") return { _tag: "Unknown", detail: "The carrier did not answer." }
  return { _tag: "Rejected", reason: script.answer.reject, detail: script.answer.detail }
}

const receiptOf = (name: string, submission: Submission, scripted: ScriptedReceipt, index: number): Receipt => ({
  carrier: name,
  eventId: `${submission.clientRef}:${index}`,
  ref:
    scripted.names === "message"
      ? { _tag: "Client", ref: submission.clientRef }
      : { _tag: "Carrier", id: refOf(submission) },
  status: scripted.status,
  reason: scripted.reason ?? null,
  detail: null
})
