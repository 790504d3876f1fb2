import type { NumberType } from "../numbers.ts"
import { NUMBER_TYPES } from "../numberTypes.ts"

export type Step = 1 | 2 | 3

/** How far an order is, in the page's address: a reload and the browser's way back keep it. */
export interface OrderSearch {
  /** 1 if left out. */
  readonly step?: Step
  readonly country?: string
  readonly type?: NumberType
  readonly cart?: string
}

const STEPS = [1, 2, 3] as const

export const readOrderSearch = ({ cart, country, step, type }: Record<string, unknown>): OrderSearch => {
  const known = STEPS.find((one) => one === step)
  const kind = NUMBER_TYPES.find((one) => one === type)
  return {
    ...(known === undefined ? {} : { step: known }),
    ...(typeof country === "string" && /^[A-Z]{2}$/.test(country) ? { country } : {}),
    ...(kind === undefined ? {} : { type: kind }),
    ...(typeof cart === "string" && cart !== "" ? { cart } : {})
  }
}
