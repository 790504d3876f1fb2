/**
 * A simulated carrier: it answers and reports like a real one, through the same port, and sends nothing anywhere. What
 * it has under way lives in this process and dies with it, so a message may then stay `sent`, as on a real network.
 */
import {
  type CarrierProfile,
  type CarrierShape,
  gsm7,
  type InboundPart,
  MAX_PARTS,
  type Receipt,
  type Submission,
  type SubmitOutcome
} from "@cliqtel/sms-core"
import { Effect, Queue } from "effect"
import { inboundParts } from "./InboundParts.ts"
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
  receiptIds: "as_answered",
  simulated: true,
  window: 256
}

const DELAY_MILLIS = 50

/** Receipts and messages that are handed over together. */
const GROUP = 256

/** A person takes longer than a network. */
const REPLY_DELAYS = 4

type Told =
  | { readonly _tag: "Receipt"; readonly receipt: Receipt }
  | { readonly _tag: "Mail"; readonly parts: ReadonlyArray<InboundPart> }

export const makeSandbox = ({
  delayMillis = DELAY_MILLIS,
  name = "sandbox"
}: SandboxOptions = {}): Effect.Effect<CarrierShape> =>
  Effect.gen(function* () {
    const told = yield* Queue.unbounded<Told>()

    // At once means before the answer only where the script says so.
    const after = (delays: number, tell: Effect.Effect<unknown>) =>
      Effect.asVoid(delays === 0 ? tell : Effect.forkDetach(Effect.andThen(Effect.sleep(delays * delayMillis), tell)))

    const report = (submission: Submission, script: Script) =>
      Effect.forEach(
        script.receipts,
        (scripted, i) => {
          const receipt = receiptOf(name, submission, scripted, i)
          return after(scripted.afterDelays, Queue.offer(told, { _tag: "Receipt", receipt }))
        },
        { discard: true }
      )

    const reply = ({ message: { body, from, to } }: Submission, { receipts, reply: back }: Script) => {
      if (back === undefined) return Effect.void
      const parts = inboundParts({ carrier: name, from: to, to: from, body: back === "same" ? body : back.text })
      const last = Math.max(0, ...receipts.map(({ afterDelays }) => afterDelays))
      return after(last + REPLY_DELAYS, Queue.offer(told, { _tag: "Mail", parts }))
    }

    const submit = Effect.fnUntraced(function* (submission: Submission): Effect.fn.Return<SubmitOutcome> {
      const script = scriptFor(submission.message.to)
      if (submission.attempt <= (script.temporaryFailures ?? 0)) {
        yield* Effect.sleep(delayMillis)
        return { _tag: "Temporary", detail: "The carrier is busy." }
      }
      yield* report(submission, script)
      yield* reply(submission, script)
      yield* Effect.sleep(delayMillis)
      return outcomeOf(script, submission)
    })

    return {
      name,
      profile: SANDBOX_PROFILE,
      submit,
      listen: (sink) =>
        Queue.takeBetween(told, 1, GROUP).pipe(
          Effect.flatMap((group) => {
            const receipts = group.flatMap((one) => (one._tag === "Receipt" ? [one.receipt] : []))
            const parts = group.flatMap((one) => (one._tag === "Mail" ? one.parts : []))
            // Whoever has a message in hand may write back: what became of it is told first.
            return Effect.andThen(
              receipts.length > 0 ? sink.receipts(receipts) : Effect.void,
              parts.length > 0 ? sink.inbound(parts) : Effect.void
            )
          }),
          Effect.forever
        )
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
