import type { useOrder } from "../numbers.ts"

export interface StepProps {
  /** Whether it was come to from another step. */
  readonly arrived: boolean
  readonly order: ReturnType<typeof useOrder>
  readonly onOrdered: () => void
}
