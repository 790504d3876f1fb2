/** The statuses of a message and their ranks: queued < sending < sent < delivered | failed; an inbound one is received. */
import { Schema } from "effect"

export const Status = Schema.Literals(["queued", "sending", "sent", "delivered", "failed", "received"])
export type Status = typeof Status.Type

const RANK: Record<Status, number> = { queued: 0, sending: 1, sent: 2, delivered: 3, failed: 3, received: 3 }

export const isFinal = (status: Status): boolean => RANK[status] === 3

/** Whether `next` is a step forward from `status`. */
export const advances = (status: Status, next: Status): boolean => RANK[next] > RANK[status]
