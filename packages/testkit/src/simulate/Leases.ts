/** Who has which message in hand, as the store's queue gave it out: whoever has lost one must not be heard any more. */
import type { DispatchQueue, Lease, UnitOfWork } from "@cliqtel/sms-core"
import { Effect } from "effect"
import type { Coverage, Life } from "./CrashPoint.ts"
import type { Dice } from "./Dice.ts"
import { count } from "./tally.ts"

export interface Leases {
  /** The queue as one host has it, watched. */
  watched(queue: DispatchQueue["Service"], life: Life): DispatchQueue["Service"]
  /** Whether somebody else has been given the message since. */
  isLost(messageId: number, attempt: number, life: Life): boolean
  /** Writes under leases that were lost. A host would survive a failing assertion: they are judged in the end. */
  readonly heard: ReadonlyArray<string>
}

interface Holder {
  readonly life: Life
  readonly lease: Lease
  /** From its claim to its answer. */
  isAtWork: boolean
}

export const makeLeases = (coverage: Coverage, unit: UnitOfWork["Service"], dice: Dice): Leases => {
  const holders = new Map<number, Holder>()
  const lost = new Set<string>()
  const heard: Array<string> = []

  /** Only once it is committed: a host may die before. */
  const given = (life: Life, isAtWork: boolean) => (leases: ReadonlyArray<Lease>) =>
    unit.afterCommit(
      Effect.sync(() => {
        for (const lease of leases) {
          const before = holders.get(lease.messageId)
          if (before !== undefined) lost.add(before.lease.token)
          holders.set(lease.messageId, { life, lease, isAtWork })
        }
      })
    )

  const takenOver = (leases: ReadonlyArray<Lease>) =>
    Effect.forEach(
      leases,
      ({ messageId }) => {
        const before = holders.get(messageId)?.life
        if (before?.isOver() === true) count(coverage.mishaps, "a dead host's lease is taken over")
        if (before?.isStalled() !== true) return Effect.void
        count(coverage.mishaps, "a stalled host's lease is taken over")
        // The worst moment to go on: while another one is at it.
        return Effect.forkDetach(Effect.delay(before.goOn, dice.pick([1000, 2000, 3000, 5000])))
      },
      { discard: true }
    )

  const expectStanding = (leases: ReadonlyArray<Lease>) => {
    for (const { attempt, messageId, token } of leases) {
      if (lost.has(token)) heard.push(`message ${messageId}, attempt ${attempt}`)
    }
  }

  const refused = (leases: ReadonlyArray<Lease>) => {
    if (leases.length > 0) count(coverage.mishaps, "a late answer is refused")
    const others = leases.flatMap(({ messageId, token }) => {
      const holder = holders.get(messageId)
      return holder?.isAtWork === true && holder.lease.token !== token ? [holder] : []
    })
    if (others.length > 0) count(coverage.mishaps, "a late answer is refused while another has the message")
  }

  return {
    heard,
    isLost: (messageId, attempt, life) => {
      const holder = holders.get(messageId)
      return holder?.life !== life || holder.lease.attempt !== attempt
    },
    watched: (queue, life) => ({
      ...queue,
      claim: (carrier, limit, until) => Effect.tap(queue.claim(carrier, limit, until), given(life, true)),
      overdue: (now, limit) => Effect.tap(queue.overdue(now, limit), given(life, false)),
      takeOver: (now, limit) => queue.takeOver(now, limit).pipe(Effect.tap(takenOver), Effect.tap(given(life, false))),
      hold: (leases) =>
        Effect.map(queue.hold(leases), (held) => {
          expectStanding(held)
          const tokens = new Set(held.map(({ token }) => token))
          refused(leases.filter(({ token }) => !tokens.has(token)))
          return held
        }),
      settle: (verdicts) =>
        Effect.suspend(() => {
          expectStanding(verdicts.map(({ lease }) => lease))
          for (const { lease } of verdicts) {
            const holder = holders.get(lease.messageId)
            if (holder?.lease.token === lease.token) holder.isAtWork = false
          }
          return queue.settle(verdicts)
        })
    })
  }
}
