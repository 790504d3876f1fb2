import { isPassing } from "./problem.ts"

const AGAIN_MILLIS = 5000

/** When a query is asked again by itself: soon, if what kept it from an answer passes; false: not. */
export const askAgainMillis = (error: Error | null): number | false => (isPassing(error) ? AGAIN_MILLIS : false)
