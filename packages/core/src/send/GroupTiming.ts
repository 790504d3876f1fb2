/**
 * When the next group of sends may start: one after the other, which grows meanwhile; a second one beside it for many, more
 * once that one is slow. Where many send again and again, the only group waits a moment for those whom the last one has
 * answered, so that it is one and not two.
 */
import type { Instant } from "../Message.ts"
import type { SendLimits } from "./SendLimits.ts"

/** Sends that wait. */
interface Crowd {
  readonly callers: number
  /** Whether so many of them could start now that it is worth a group of its own. */
  readonly hasManyFree: () => boolean
}

export interface GroupTiming {
  started(now: Instant): void
  /** Those who still wait, and those whom it has answered, are expected to come along with the next one. */
  ended(now: Instant, group: { readonly begun: Instant; readonly messages: number; readonly expected: number }): void
  /** How long to wait for company yet; zero or less: no longer. */
  gatherMillis(now: Instant, running: number, crowd: Crowd): number
  /** It did not come. */
  gatheredInVain(): void
  /** When the group that started last is slow. */
  slowInMillis(now: Instant): number
  mayStart(now: Instant, running: number, crowd: Crowd): boolean
}

export const makeGroupTiming = (limits: SendLimits): GroupTiming => {
  let startedAt = 0
  let lastTook = 0
  let endedAt = 0
  let gathersUntil = 0
  let expected = 0

  const timing: GroupTiming = {
    started: (now) => {
      startedAt = now
    },
    ended: (now, group) => {
      // A large one says nothing of how long a small one takes.
      lastTook = group.messages < limits.besideSize ? now - group.begun : 0
      endedAt = now
      gathersUntil = now + Math.min(limits.gatherMillis, Math.floor((now - group.begun) / 2))
      expected = group.expected
    },
    gatherMillis: (now, running, { callers, hasManyFree }) => {
      // A clock that stepped back tells nothing.
      if (running > 0 || callers === 0 || now < endedAt) return 0
      const isComplete = callers >= expected || hasManyFree()
      return isComplete ? 0 : Math.min(limits.gatherMillis, gathersUntil - now)
    },
    gatheredInVain: () => {
      gathersUntil = Number.NEGATIVE_INFINITY
    },
    slowInMillis: (now) => startedAt + Math.min(limits.slowestMillis, Math.max(limits.slowMillis, 3 * lastTook)) - now,
    mayStart: (now, running, crowd) => {
      if (running === 0) return timing.gatherMillis(now, running, crowd) <= 0
      return (timing.slowInMillis(now) <= 0 && running < limits.groups) || (running === 1 && crowd.hasManyFree())
    }
  }
  return timing
}
