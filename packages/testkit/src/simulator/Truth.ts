/** What really happened at the simulated carrier, whatever it has told anybody. */

export interface IssuedReceipt {
  readonly eventId: string
  readonly status: "sent" | "delivered" | "failed"
  readonly namesMessage: boolean
  readonly copies: number
  /** Copies that a host has acknowledged. */
  acknowledged: number
}

export interface SubmitTruth {
  /** Which host asked: the path in its SANDBOX_URL. */
  readonly by: string
  readonly attempt: number
  readonly did: "accepted" | "rejected" | "temporary" | "vanished"
  /** Answered later than anybody expects. */
  readonly late: boolean
  /**
   * Undefined as long as it is under way. `lost`: the carrier broke the connection off. `unheard`: whoever had asked was
   * gone when the answer was due.
   */
  end: "answered" | "lost" | "unheard" | undefined
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
  /** How often a host has met each: a fault that was only planned is none. */
  readonly faults: Readonly<Record<Fault, number>>
}
