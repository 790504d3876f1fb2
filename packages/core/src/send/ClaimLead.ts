/**
 * Which hosts claim. Hosts that claim beside each other share the queue in small groups, each at the cost of a large one:
 * while there is much to do, and one host can do it, that one claims for all. The others look whether it still does, and
 * claim by themselves again soon after it has stopped, is behind, fails, or has died. Nothing depends on it but how the work
 * is shared: whoever claims is fenced by leases as ever.
 */
import { Clock, Effect, Random } from "effect"
import type { SubmitOutcome } from "./Carrier.ts"
import { DispatchQueue } from "./DispatchQueue.ts"

/** How it goes is judged, and the lead is asked for or prolonged, this often; whoever follows looks as often. */
const WINDOW_MILLIS = 500

/** The lead of a host that says nothing any more ends after this long. */
const LEAD_MILLIS = 2000

/** So many messages in a window make it worth one host's while to claim for all. */
const MANY = 50

/** Who leads hears no other host's bell. */
const LEADING_POLL_MILLIS = 50

/** One that was behind, or did not reach the carrier, does not ask again for this long: it might be so at once. */
const UNFIT_MILLIS = 3000

const LEAVE_MILLIS = 1000

/** What happened in a window. */
export interface Tally {
  readonly claims: number
  /** Of these, those that took all there was room for, so that there may be more. */
  readonly full: number
  readonly messages: number
  readonly answers: number
  /** Of these, those by which the carrier did not decide: it is out of this host's reach, perhaps not of others'. */
  readonly undecided: number
}

/** Whether it is worth the while of the host that this happened to to claim for all. */
export const isBusy = ({ messages }: Tally): boolean => messages >= MANY

/** Whether it claims all that there is, and the carrier decides on what it submits. */
export const isFit = ({ answers, claims, full, undecided }: Tally): boolean =>
  2 * full <= claims && 10 * undecided <= answers

export interface ClaimLead {
  /** Returns when it is this host's turn to claim. */
  readonly turn: Effect.Effect<void>
  /** How long to wait for this host's bell, at most, after a claim that left room. */
  pollMillis(calm: number): number
  /** A claim took so many, of so many that there was room for. */
  claimed(count: number, room: number): void
  answered(outcome: SubmitOutcome): void
}

const NOTHING: Tally = { claims: 0, full: 0, messages: 0, answers: 0, undecided: 0 }

/** For one carrier, on one host. Closing the scope gives the lead up. */
export const makeClaimLead = Effect.fnUntraced(function* (carrier: string) {
  const queue = yield* DispatchQueue
  const host = String(yield* Random.nextInt)
  let role: "free" | "leading" | "following" = "free"
  let tally = NOTHING
  let since = yield* Clock.currentTimeMillis
  let ledAt = Number.NEGATIVE_INFINITY
  let unfitAt = Number.NEGATIVE_INFINITY

  const ask = queue.lead(carrier, host, LEAD_MILLIS).pipe(
    Effect.map((isOurs) => (isOurs ? "leading" : "following")),
    // Then everybody claims.
    Effect.catchCause((cause) => Effect.as(Effect.logWarning("Asking for the lead failed", cause), "free" as const))
  )

  const leave = Effect.suspend(() => {
    if (role !== "leading") return Effect.void
    role = "free"
    return queue.yieldLead(carrier, host).pipe(
      Effect.timeoutOption(LEAVE_MILLIS),
      // It ends by itself.
      Effect.catchCause((cause) => Effect.logWarning("The lead was not given up", cause))
    )
  })

  const judge = Effect.uninterruptible(
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const isFollowing = role === "following"
      if (!isFollowing && now - since < WINDOW_MILLIS) return Effect.void
      if (!isFit(tally)) unfitAt = now
      const leads = isFollowing || (isBusy(tally) && now - unfitAt >= UNFIT_MILLIS)
      tally = NOTHING
      since = now
      if (role === "leading") ledAt = now
      return leads ? Effect.map(ask, (next) => void (role = next)) : leave
    })
  )

  const turn: Effect.Effect<void> = Effect.flatMap(judge, () =>
    role === "following" ? Effect.andThen(Effect.sleep(WINDOW_MILLIS), turn) : Effect.void
  )

  yield* Effect.addFinalizer(() => leave)

  const lead: ClaimLead = {
    turn,
    // For a while after it, too: others may not know yet that they are to claim again.
    pollMillis: (calm) => (role === "leading" || since - ledAt <= LEAD_MILLIS ? LEADING_POLL_MILLIS : calm),
    claimed: (count, room) => {
      const isFull = count >= room
      tally = {
        ...tally,
        claims: tally.claims + 1,
        full: tally.full + (isFull ? 1 : 0),
        messages: tally.messages + count
      }
    },
    answered: ({ _tag }) => {
      const isUndecided = _tag === "Temporary" || _tag === "Unknown"
      tally = { ...tally, answers: tally.answers + 1, undecided: tally.undecided + (isUndecided ? 1 : 0) }
    }
  }
  return lead
})
