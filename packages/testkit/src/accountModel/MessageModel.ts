/** What the product promises of one message, written down anew: no line of it is the core's. */

const HOUR = 60 * 60 * 1000
const QUEUE = 4 * HOUR
export const RECEIPTS = 72 * HOUR

export type End = "delivered" | "failed"
type Status = "queued" | "sending" | "sent" | End
const RANK: Record<Status, number> = { queued: 0, sending: 1, sent: 2, delivered: 3, failed: 3 }

export type Outcome = "accept" | "reject" | "temporary" | "unknown"

type Place =
  | { readonly at: "ready" | "gone" }
  | { readonly at: "leased"; readonly attempt: number; readonly until: number }
  /** Some time between these. */
  | { readonly at: "retry"; readonly from: number; readonly to: number }
  | { readonly at: "parked"; readonly until: number }

export class MessageModel {
  status: Status = "queued"
  place: Place = { at: "ready" }
  attempt = 0
  /** What we know that the carrier calls it. */
  readonly parts = new Map<string, Status>()
  /** What the carrier calls it, once it has it, and what becomes of each part. */
  taken: { readonly refs: ReadonlyArray<string>; readonly ends: ReadonlyArray<End> } | null = null
  readonly id: number
  readonly price: bigint
  readonly createdAt: number
  readonly idempotent: boolean

  constructor(id: number, price: bigint, createdAt: number, idempotent: boolean) {
    this.id = id
    this.price = price
    this.createdAt = createdAt
    this.idempotent = idempotent
  }

  isKnownSent = (): boolean => RANK[this.status] >= RANK.sent

  claim(now: number) {
    this.attempt++
    this.place = { at: "leased", attempt: this.attempt, until: now + 60_000 }
    this.#raise("sending")
  }

  /** Gives what is refunded. */
  answer(outcome: Outcome, now: number): bigint {
    if (outcome === "accept") {
      for (const ref of this.taken?.refs ?? []) if (!this.parts.has(ref)) this.parts.set(ref, "sent")
      this.#raise(this.#ofParts())
    }
    if (this.isKnownSent() || outcome === "accept") return this.#leave(0n)
    if (outcome === "reject") return this.#fail()
    const delay = Math.min(60_000, 500 * 2 ** (this.attempt - 1))
    const [from, to] = [now + delay / 2, now + delay]
    const inTime = to <= this.createdAt + QUEUE
    if (!inTime && from <= this.createdAt + QUEUE) throw new Error("a wait that the model cannot foretell")
    if (inTime && (outcome === "temporary" || this.idempotent)) this.place = { at: "retry", from, to }
    else if (outcome === "temporary" && !(this.idempotent && this.attempt > 1)) return this.#fail()
    else this.place = { at: "parked", until: now + RECEIPTS }
    return 0n
  }

  /** Nobody has come back with the answer, or no receipt has come: gives what is refunded. */
  sweep(now: number): bigint {
    if (this.place.at === "leased" && this.place.until < now) return this.answer("unknown", now)
    return this.place.at === "parked" && this.place.until < now ? this.#fail() : 0n
  }

  /** `ref`: of the part that it speaks of; null: of all. */
  report(ref: string | null, status: "sent" | End) {
    if (ref !== null && RANK[status] > RANK[this.parts.get(ref) ?? "sent"]) this.parts.set(ref, status)
    this.#raise(ref === null ? status : this.#ofParts())
    if (this.isKnownSent() && this.place.at !== "leased") this.#leave(0n)
  }

  #ofParts(): Status {
    const all = [...this.parts.values()]
    if (all.includes("failed")) return "failed"
    return all.every((one) => one === "delivered") ? "delivered" : "sent"
  }

  #raise(status: Status) {
    if (RANK[status] > RANK[this.status]) this.status = status
  }

  #fail(): bigint {
    this.status = "failed"
    return this.#leave(this.price)
  }

  #leave(refund: bigint): bigint {
    this.place = { at: "gone" }
    return refund
  }
}
