/**
 * Port: a carrier that transmits messages. Its profile says what it can take; `submit` has four outcomes, of which
 * `Unknown` (the call timed out, the connection broke) is one of its own: such a message is never sent again blindly.
 */
import { Context, type Effect, Layer } from "effect"
import type { Message } from "../Message.ts"
import type { InboundPart } from "../receive/InboundPart.ts"
import type { ReceiptIds } from "../status/CarrierRef.ts"
import type { ReceiptStatus } from "../status/Lifecycle.ts"
import type { Alphabet } from "../segment/Alphabet.ts"

export interface CarrierProfile {
  /** What it takes as GSM-7. */
  readonly alphabet: Alphabet
  /** Parts that one message may have. */
  readonly maxParts: number
  /** A repeated submit with the same `clientRef` is the same message to it: then an unknown outcome is tried again. */
  readonly idempotentSubmits: boolean
  /** In which base its receipts spell the ids of its submit answers; their case and leading zeros never matter. */
  readonly receiptIds: ReceiptIds
  /** It sends nothing to anybody: the only kind that test accounts may use. */
  readonly simulated: boolean
  /** Submits that may be under way at once. */
  readonly window: number
}

export type SubmitOutcome =
  /** Taken for delivery; the carrier's ids, one a part or one for all. */
  | { readonly _tag: "Accepted"; readonly refs: ReadonlyArray<string> }
  /** Refused for good. `reason` is machine-readable, such as `invalid_destination`. */
  | { readonly _tag: "Rejected"; readonly reason: string; readonly detail?: string }
  /** Surely not taken, may be tried again. */
  | { readonly _tag: "Temporary"; readonly detail?: string }
  | { readonly _tag: "Unknown"; readonly detail?: string }

export interface Submission {
  readonly message: Message
  /** Our name for the message, unique and the same on each attempt. */
  readonly clientRef: string
  /** 1, 2, 3, ... */
  readonly attempt: number
}

/** What a carrier reports by itself. */
export interface Receipt {
  readonly carrier: string
  /** Unique per carrier and event: the same event told twice has the same one. */
  readonly eventId: string
  /** The carrier's id of the message or part; or our `clientRef`, and then it speaks of the whole message. */
  readonly ref: { readonly _tag: "Carrier"; readonly id: string } | { readonly _tag: "Client"; readonly ref: string }
  readonly status: ReceiptStatus
  readonly reason: string | null
  readonly detail: string | null
}

/** What takes over what a carrier brings by itself. Each returns once it is stored; only then may it be acknowledged. */
export interface CarrierSink {
  receipts(receipts: ReadonlyArray<Receipt>): Effect.Effect<void>
  inbound(parts: ReadonlyArray<InboundPart>): Effect.Effect<void>
}

export interface CarrierShape {
  readonly name: string
  readonly profile: CarrierProfile
  submit(submission: Submission): Effect.Effect<SubmitOutcome>
  /** For as long as the host runs: hands over receipts and what people write. */
  listen(sink: CarrierSink): Effect.Effect<never>
}

/** The carriers that this system is connected to, by name. */
export class Carriers extends Context.Service<Carriers, ReadonlyMap<string, CarrierShape>>()(
  "@cliqtel/sms-core/send/Carriers"
) {
  static readonly layer = (carriers: ReadonlyArray<CarrierShape>): Layer.Layer<Carriers> =>
    Layer.succeed(Carriers, new Map(carriers.map((carrier) => [carrier.name, carrier])))
}
