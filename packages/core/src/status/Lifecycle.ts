/**
 * The life of an outbound message: queued -> sending -> sent -> delivered | failed. Its rank only rises and the last
 * two absorb, so late, repeated and disordered reports change nothing; all of them are kept in the timeline.
 *
 * Money follows from the same function: a message that fails before a carrier accepted it is refunded in full, once.
 * A receipt proves that the carrier had accepted, so a failure that a receipt reports is never refunded, whether it
 * arrives before or after the carrier's answer; and once a message is known to be sent, neither a refusal of another
 * attempt nor the end of a wait fails it.
 */
import type { Instant, Message } from "../Message.ts"
import { advances, type Status } from "./Status.ts"

/** One piece that the carrier reports on by its own id: a whole message, or one part of it. */
export interface Part {
  readonly ref: string
  readonly status: "sent" | "delivered" | "failed"
}

export type ReceiptStatus = Part["status"]

/** What can be learned about a message after it was queued. */
export type Report =
  | { readonly _tag: "Started"; readonly attempt: number }
  | { readonly _tag: "Accepted"; readonly refs: ReadonlyArray<string> }
  | { readonly _tag: "Rejected"; readonly reason: string; readonly detail: string | null }
  | { readonly _tag: "Deferred"; readonly detail: string | null }
  | { readonly _tag: "OutcomeUnknown"; readonly detail: string | null }
  /** No carrier took it in time, or its outcome stayed unknown until the end of the wait. */
  | { readonly _tag: "Expired"; readonly reason: string }
  | {
      readonly _tag: "Receipt"
      /** The carrier's id of the part; null when the receipt names our message and so speaks of all of it. */
      readonly ref: string | null
      readonly status: ReceiptStatus
      readonly reason: string | null
      readonly detail: string | null
    }

/** A message with what its carrier has said of each part. */
export interface Tracked {
  readonly message: Message
  readonly parts: ReadonlyArray<Part>
  /** Number of its timeline entries; the next one bears `entries + 1`. */
  readonly entries: number
}

/** One line of a message's timeline; those with `changed` are the transitions that events report. */
export interface TimelineEntry {
  /** 1, 2, 3, ... without gaps, per message. */
  readonly seq: number
  readonly status: Status
  readonly at: Instant
  readonly source: "api" | "dispatcher" | "carrier"
  readonly detail: string | null
  readonly changed: boolean
}

export interface Step {
  readonly tracked: Tracked
  readonly entry: TimelineEntry
  /** The price goes back to the wallet. */
  readonly refund: boolean
}

export const queuedEntry = (at: Instant): TimelineEntry => ({
  seq: 1,
  status: "queued",
  at,
  source: "api",
  detail: null,
  changed: true
})

/** What one report makes of a message. Every report leaves a timeline entry; at most one of them a refund. */
export const advance = (tracked: Tracked, report: Report, at: Instant): Step => {
  const { message } = tracked
  const parts = partsAfter(tracked.parts, report)
  const reported = statusOf(report, parts)
  const givesUp = report._tag === "Rejected" || report._tag === "Expired"
  const changed = advances(message.status, reported) && !(givesUp && isKnownSent(message))
  const status = changed ? reported : message.status
  const entry: TimelineEntry = {
    seq: tracked.entries + 1,
    status: changed ? reported : claimedStatus(report, reported),
    at,
    source: report._tag === "Started" || report._tag === "Expired" ? "dispatcher" : "carrier",
    detail: detailOf(report),
    changed
  }
  return {
    tracked: {
      message: changed ? withStatus(message, status, report, at) : message,
      parts,
      entries: entry.seq
    },
    entry,
    refund: changed && givesUp
  }
}

/** Whether its carrier's answer or a receipt has shown that the carrier took it. */
export const isKnownSent = (message: Message): boolean => advances("sending", message.status)

/** delivered once all parts are, failed once any is. */
export const statusOfParts = (parts: ReadonlyArray<Part>): Status => {
  if (parts.some((part) => part.status === "failed")) return "failed"
  return parts.length > 0 && parts.every((part) => part.status === "delivered") ? "delivered" : "sent"
}

const statusOf = (report: Report, parts: ReadonlyArray<Part>): Status => {
  switch (report._tag) {
    case "Started":
    case "Deferred":
    case "OutcomeUnknown":
      return "sending"
    case "Accepted":
      return statusOfParts(parts)
    case "Rejected":
    case "Expired":
      return "failed"
    case "Receipt":
      return report.ref === null ? report.status : statusOfParts(parts)
  }
}

const partsAfter = (parts: ReadonlyArray<Part>, report: Report): ReadonlyArray<Part> => {
  if (report._tag === "Accepted") {
    const fresh = report.refs.filter((ref) => !parts.some((part) => part.ref === ref))
    return [...parts, ...fresh.map((ref): Part => ({ ref, status: "sent" }))]
  }
  if (report._tag === "Receipt" && report.ref !== null) {
    return parts.map((part) =>
      part.ref === report.ref && advances(part.status, report.status) ? { ref: part.ref, status: report.status } : part
    )
  }
  return parts
}

/** A receipt that changed nothing is listed under the status it claims. */
const claimedStatus = (report: Report, reported: Status): Status =>
  report._tag === "Receipt" ? report.status : reported

const detailOf = (report: Report): string | null => {
  switch (report._tag) {
    case "Started":
      return report.attempt === 1 ? null : `attempt ${report.attempt}`
    case "Accepted":
      return null
    case "Expired":
      return report.reason
    case "Rejected":
      return report.detail ?? report.reason
    case "Receipt":
      return report.detail ?? report.reason
    case "Deferred":
    case "OutcomeUnknown":
      return report.detail
  }
}

const withStatus = (message: Message, status: Status, report: Report, at: Instant): Message => ({
  ...message,
  status,
  updatedAt: at,
  // A receipt may overtake the carrier's answer: then this is when the message was known to be sent.
  sentAt: message.sentAt ?? (report._tag === "Accepted" || report._tag === "Receipt" ? at : null),
  deliveredAt: status === "delivered" ? at : null,
  reason: status === "failed" && "reason" in report ? (report.reason ?? "undeliverable") : null
})
