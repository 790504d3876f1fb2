/** Why a message is still queued: what is told of one that has waited for more than a minute. */
import type { Instant, Message } from "../Message.ts"

export type QueuedReason = "carrier_processing" | "no_messaging_profile" | "carrier_paused"

/** Up to this long a wait is ordinary. */
export const PATIENCE_MILLIS = 60_000

/** Whether its wait needs a reason. */
export const isOverdue = (message: Message, now: Instant): boolean =>
  message.status === "queued" && now - message.createdAt > PATIENCE_MILLIS

export interface Holdups {
  /** Whether its number has a messaging profile. */
  readonly profileAssigned: boolean
  /** Whether its carrier is paused, or not one that this system is connected to. */
  readonly carrierPaused: boolean
}

export const queuedReason = ({ carrierPaused, profileAssigned }: Holdups): QueuedReason => {
  if (!profileAssigned) return "no_messaging_profile"
  return carrierPaused ? "carrier_paused" : "carrier_processing"
}
