import type { ErrorComponentProps } from "@tanstack/react-router"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"

/** Instead of a page that failed. */
export const Broken = ({ error, reset }: ErrorComponentProps) => (
  <ProblemAlert error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
)
