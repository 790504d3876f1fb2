/** When deliveries are worth another look. */
import type { Delivery } from "./deliveries.ts"

const SOON_MILLIS = 1000

/** The longest wait that a timer takes. */
const LONGEST_MILLIS = 2 ** 31 - 1

/** Until the first pending one may have changed, null if none is pending. */
export const lookAgainMillis = (
  deliveries: ReadonlyArray<Pick<Delivery, "status" | "next_attempt_at">>,
  now: number
): number | null => {
  const waits = deliveries
    .filter(({ status }) => status === "pending")
    .map(({ next_attempt_at }) => (next_attempt_at === null ? 0 : new Date(next_attempt_at).getTime() - now))
  return waits.length === 0 ? null : Math.min(Math.max(Math.min(...waits), 0) + SOON_MILLIS, LONGEST_MILLIS)
}
