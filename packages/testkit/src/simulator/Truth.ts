/** What really happened at the simulated carrier, whatever it has told anybody. */

export interface IssuedReceipt {
  readonly eventId: string
  readonly status: "sent" | "delivered" | "failed"
  readonly namesMessage: boolean
  /** Told before the answer to the submit. */
  readonly early: boolean
  readonly copies: number
  /** Copies that a host has acknowledged. */
  acknowledged: number
}

export interface SubmitTruth {
  readonly attempt: number
  readonly did: "accepted" | "rejected" | "temporary" | "vanished"
  /** Undefined as long as it is under way. */
  end: "answered" | "lost" | undefined
  /** Answered later than anybody expects. */
  readonly late: boolean
}

export interface MessageTruth {
  readonly clientRef: string
  readonly submits: Array<SubmitTruth>
  /** More than one is a message that was sent twice. */
  acceptances: number
  readonly receipts: Array<IssuedReceipt>
}

export const FAULTS = [
  "answer late",
  "answer lost",
  "receipt disordered",
  "receipt early",
  "receipt twice",
  "rejected",
  "temporary",
  "vanished"
] as const

export type Fault = (typeof FAULTS)[number]

/** What GET /log answers. */
export interface Log {
  readonly messages: ReadonlyArray<MessageTruth>
  readonly faults: Readonly<Record<Fault, number>>
}
