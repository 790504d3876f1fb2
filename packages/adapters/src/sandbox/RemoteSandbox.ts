/**
 * The sandbox carrier in a process of its own, over HTTP and JSON: what it has under way outlives this one. A submit that
 * did not reach it is tried again; one whose answer was lost may have been taken, and its outcome is unknown. Receipts are
 * asked for by a long poll and acknowledged once they are stored: each comes at least once.
 */
import type { CarrierShape, Receipt, Submission, SubmitOutcome } from "@cliqtel/sms-core"
import { Effect, Schema } from "effect"
import { Agent } from "node:http"
import { requestJson } from "./JsonRequest.ts"
import { SANDBOX_PROFILE } from "./Sandbox.ts"

export interface RemoteSandboxOptions {
  /** Where it listens, as http://host:port; a path is kept. */
  readonly url: string
  readonly name?: string
  /** A submit that has no answer by then has an unknown outcome. */
  readonly answerMillis?: number
}

/** Below what the host waits for a carrier, so that it is told why. */
const ANSWER_MILLIS = 10_000
const ANSWER_BYTES = 64 * 1024

/** How long it may wait for receipts to tell of, and how much longer its answer may take. */
const POLL_MILLIS = 20_000
const POLL_PATIENCE_MILLIS = 10_000

/** What the receipts of one answer may take. */
const GROUP_BYTES = 4 * 1024 * 1024

/** After a poll that failed. */
const PAUSE_MILLIS = 1000

export const makeRemoteSandbox = Effect.fnUntraced(function* ({
  answerMillis = ANSWER_MILLIS,
  name = "sandbox",
  url
}: RemoteSandboxOptions) {
  const base = new URL(url.endsWith("/") ? url : `${url}/`)
  const agent = yield* Effect.acquireRelease(
    Effect.sync(() => new Agent({ keepAlive: true, maxFreeSockets: SANDBOX_PROFILE.window })),
    (made) => Effect.sync(() => made.destroy())
  )

  const submit = ({ attempt, clientRef, message: { to } }: Submission): Effect.Effect<SubmitOutcome> =>
    requestJson(agent, {
      url: new URL("submit", base),
      body: { clientRef, to, attempt },
      millis: answerMillis,
      bytes: ANSWER_BYTES
    }).pipe(Effect.flatMap(decodeOutcome), Effect.match({ onSuccess: outcomeOf, onFailure: outcomeWithout }))

  const poll = requestJson(agent, {
    url: new URL(`receipts?wait=${POLL_MILLIS}`, base),
    millis: POLL_MILLIS + POLL_PATIENCE_MILLIS,
    bytes: GROUP_BYTES
  }).pipe(
    Effect.flatMap(decodeHandover),
    Effect.map(({ receipts }) => receipts)
  )

  const acknowledge = (deliveries: ReadonlyArray<string>) =>
    requestJson(agent, { url: new URL("ack", base), body: { deliveries }, millis: answerMillis, bytes: ANSWER_BYTES })

  const listen: CarrierShape["listen"] = Effect.fnUntraced(function* (sink) {
    const takeOver = Effect.gen(function* () {
      const handed = yield* poll
      if (handed.length === 0) return
      yield* sink.receipts(handed.map((one) => receiptOf(name, one)))
      // If this is lost they come once more, and are known by their event's id.
      yield* acknowledge(handed.map(({ delivery }) => delivery))
    })
    let reached = true
    for (;;) {
      const taken = yield* Effect.result(takeOver)
      if (taken._tag === "Failure") {
        // Said once, not every second.
        if (reached) yield* Effect.logWarning("The sandbox tells no receipts now, asking again", taken.failure)
        yield* Effect.sleep(PAUSE_MILLIS)
      }
      reached = taken._tag === "Success"
    }
  })

  return { name, profile: SANDBOX_PROFILE, submit, listen } satisfies CarrierShape
})

const Outcome = Schema.Union([
  Schema.Struct({ outcome: Schema.Literal("accepted"), refs: Schema.Array(Schema.String) }),
  Schema.Struct({ outcome: Schema.Literal("rejected"), reason: Schema.String, detail: Schema.String }),
  Schema.Struct({ outcome: Schema.Literal("temporary"), detail: Schema.String })
])

const decodeOutcome = Schema.decodeUnknownEffect(Schema.fromJsonString(Outcome))

const outcomeOf = (told: typeof Outcome.Type): SubmitOutcome => {
  switch (told.outcome) {
    case "accepted":
      return { _tag: "Accepted", refs: told.refs }
    case "rejected":
      return { _tag: "Rejected", reason: told.reason, detail: told.detail }
    case "temporary":
      return { _tag: "Temporary", detail: told.detail }
  }
}

type Failure = Effect.Error<ReturnType<typeof requestJson> | ReturnType<typeof decodeOutcome>>

const outcomeWithout = (failure: Failure): SubmitOutcome => {
  switch (failure._tag) {
    case "Unreached":
      return { _tag: "Temporary", detail: `The sandbox was not reached: ${failure.detail}.` }
    case "Unanswered":
      return { _tag: "Unknown", detail: `The sandbox did not answer: ${failure.detail}.` }
    case "SchemaError":
      return { _tag: "Unknown", detail: "The sandbox gave an answer that is none." }
  }
}

const Handed = Schema.Struct({
  /** What an acknowledgement names. */
  delivery: Schema.String,
  eventId: Schema.String,
  /** Whether `ref` is our own name of the message, else it is the sandbox's id of it. */
  namesMessage: Schema.Boolean,
  ref: Schema.String,
  status: Schema.Literals(["sent", "delivered", "failed"]),
  reason: Schema.NullOr(Schema.String)
})

const decodeHandover = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.Struct({ receipts: Schema.Array(Handed) }))
)

const receiptOf = (carrier: string, { eventId, namesMessage, reason, ref, status }: typeof Handed.Type): Receipt => ({
  carrier,
  eventId,
  ref: namesMessage ? { _tag: "Client", ref } : { _tag: "Carrier", id: ref },
  status,
  reason,
  detail: null
})
