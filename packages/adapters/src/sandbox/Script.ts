/** What the simulated carrier does with a message, by its destination: the magic numbers of the HTTP contract. */
import type { ReceiptStatus } from "@cliqtel/sms-core"

/** A receipt, so many delays after the submit began. One that names our message needs no answer to be matched. */
export interface ScriptedReceipt {
  readonly status: ReceiptStatus
  readonly reason?: string
  readonly afterDelays: number
  readonly names: "part" | "message"
}

export interface Script {
  readonly answer: "accept" | "unknown" | { readonly reject: string; readonly detail: string }
  /** Attempts that meet a temporary failure first. */
  readonly temporaryFailures?: number
  readonly receipts: ReadonlyArray<ScriptedReceipt>
  /** What the recipient writes back after the last receipt: "same" is the text that was sent. */
  readonly reply?: "same" | { readonly text: string }
}

const DELIVERED: Script = {
  answer: "accept",
  receipts: [{ status: "delivered", afterDelays: 4, names: "part" }]
}

const SCRIPTS: ReadonlyMap<string, Script> = new Map<string, Script>([
  [
    "+15005550001",
    {
      answer: { reject: "invalid_destination", detail: "The number does not exist." },
      receipts: []
    }
  ],
  [
    "+15005550002",
    {
      answer: { reject: "no_route", detail: "There is no route to this number." },
      receipts: []
    }
  ],
  [
    "+15005550009",
    {
      answer: "accept",
      receipts: [{ status: "failed", reason: "undeliverable", afterDelays: 4, names: "part" }]
    }
  ],
  ["+15005550010", { answer: "accept", receipts: [] }],
  // Two seconds at the usual delay.
  [
    "+15005550011",
    {
      answer: "unknown",
      receipts: [{ status: "delivered", afterDelays: 40, names: "message" }]
    }
  ],
  [
    "+15005550012",
    {
      answer: "accept",
      receipts: [
        { status: "delivered", afterDelays: 0, names: "message" },
        { status: "delivered", afterDelays: 0, names: "message" },
        { status: "sent", afterDelays: 4, names: "part" }
      ]
    }
  ],
  ["+15005550013", { ...DELIVERED, reply: "same" }],
  ["+15005550015", { ...DELIVERED, reply: { text: "STOP" } }],
  ["+15005550014", { ...DELIVERED, temporaryFailures: 2 }]
])

/** Every other number, +15005550006 among them, is sent and delivered. */
export const scriptFor = (to: string): Script => SCRIPTS.get(to) ?? DELIVERED
