/** Waiting for the end of everything, and that nothing stays behind meanwhile. */
import type { Fleet } from "./fleet.ts"
import { pause } from "./until.ts"

/** From a lease to the sweep that finds that it ran out. */
export const TAKEOVER_MILLIS = 60_000 + 15_000

/** What a busy machine may need beyond what the hosts promise. */
const BUSY_MILLIS = 15_000

/** How long the hosts may be behind with what is due: a sweep's turn. */
const BEHIND_MILLIS = 15_000 + BUSY_MILLIS

/** For the slowest answer, retries and receipts behind the last takeover. */
const REST_MILLIS = 30_000

/**
 * Until nothing is left to do but wait for the receipts of declared unknowns. Gives how long it took; throws where
 * something is left for longer than a lease and a sweep: `since` the hosts had their database again, if it was away.
 */
export const settled = async (
  { database, simulator }: Pick<Fleet, "database" | "simulator">,
  since = 0
): Promise<number> => {
  const began = Date.now()
  for (;;) {
    // Nothing but its hold releases a held message, and none of the tests has any.
    const [left] = await database.query<{ dispatches: number; behind: number; receipts: number }>(`
      SELECT (SELECT count(*)::int FROM sms.dispatches WHERE state <> 'parked') AS dispatches,
        (SELECT count(*)::int FROM sms.dispatches WHERE state IN ('leased', 'waiting')
          AND greatest(due_at, to_timestamp(${since / 1000})) < now() - interval '${BEHIND_MILLIS} milliseconds') AS behind,
        (SELECT count(*)::int FROM sms.receipts receipt WHERE due_at IS NOT NULL AND (names_message OR EXISTS (
          SELECT FROM sms.carrier_refs known WHERE known.carrier = receipt.carrier AND known.ref = receipt.ref
        ))) AS receipts`)
    const untold = (await simulator.log()).messages.flatMap(({ receipts, submits }) => [
      ...receipts.filter(({ acknowledged, copies }) => acknowledged < copies),
      ...submits.filter(({ end }) => end === undefined)
    ]).length
    const took = Date.now() - began
    if (left?.dispatches === 0 && left.receipts === 0 && untold === 0) return took
    const still = JSON.stringify({ ...left, untold })
    if (left !== undefined && left.behind > 0) throw new Error(`stuck beyond lease and sweep: ${still}`)
    if (took > TAKEOVER_MILLIS + BUSY_MILLIS + REST_MILLIS) throw new Error(`under way after ${took} ms: ${still}`)
    await pause(250)
  }
}
