import { ApiProblem } from "./problem.ts"

/** Whether the host found this field of a request wanting. */
export const isRefused = (error: Error | null, field: string): boolean =>
  error instanceof ApiProblem && error.fields.some(({ path }) => path === field)
