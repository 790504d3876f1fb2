import { ApiProblem, isPassing } from "./problem.ts"

/** Refusals after which the first request may still have been, or still be, carried out. */
const OPEN = new Set(["idempotency_in_progress", "internal", "request_timeout"])

/** Whether it is not known what became of a request, so that a repetition has to name the same thing. */
export const isOpen = (error: Error): boolean =>
  isPassing(error) || (error instanceof ApiProblem && OPEN.has(error.code))
